"""The command that compensates an event: nothing is taken back, something is added."""

from functools import partial

from replay.model_set import ModelSet
from replay.saved_states import Saved, none_saved
from replay.state_at import StateReader
from replay.typed_model import Command
from store.errors import StoreError
from store.interface import EventReader


class NoUndo(StoreError):
    """The model names no command that compensates an event."""

    hint = "Issue the command that puts it right yourself."


def undo_of(
    log: EventReader, models: ModelSet, position: int, *, saved: Saved = none_saved
) -> Command:
    """What compensates the event at a position. Raises NoUndo."""
    event = log.event(position)
    if event is None:
        raise NoUndo(f"there is no event at position {position}")
    model = models.of_stream(event.stream)
    typed = models.reading(model).typed(event) if model else None
    compensate = model.undo.get(type(typed)) if model and typed else None
    if model is None or compensate is None:
        raise NoUndo(f"no command compensates {event.type}, the event at position {position}")
    fold = models.fold(model)
    reader = StateReader(fold, snapshot_before=partial(saved, fold))
    state = reader.at(log, event.stream, log.head()).state
    return compensate(state, typed)
