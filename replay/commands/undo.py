"""The command that compensates an event: nothing is taken back, something is added."""

from functools import partial

from replay.commands.compensations import compensated_by
from replay.commands.saved_states import Saved, none_saved
from replay.states.model_set import ModelSet
from replay.states.state_at import StateReader
from replay.typed_model import Command
from store.errors import StoreError
from store.interface import EventReader


class NoUndo(StoreError):
    """Nothing compensates an event, or something did already."""

    hint = "Issue the command that puts it right yourself."


class TakenBack(NoUndo):
    hint = "To bring it back, undo what took it back."


def undo_of(
    log: EventReader, models: ModelSet, position: int, *, saved: Saved = none_saved
) -> Command:
    """What compensates the event at a position; nothing is taken back twice. Raises NoUndo."""
    event = log.event(position)
    if event is None:
        raise NoUndo(f"there is no event at position {position}")
    model = models.of_stream(event.stream)
    typed = models.reading(model).typed(event) if model else None
    compensate = model.undo.get(type(typed)) if model and typed else None
    if model is None or compensate is None:
        raise NoUndo(f"no command compensates {event.type}, the event at position {position}")
    if taken_back := compensated_by(log, models, event):
        where = f"{taken_back.type} at {taken_back.position}"
        raise TakenBack(f"{event.type} at {position} was taken back by {where}")
    fold = models.fold(model)
    reader = StateReader(fold, snapshot_before=partial(saved, fold))
    state = reader.at(log, event.stream, log.head()).state
    try:
        return compensate(state, typed)
    except LookupError as error:
        raise NoUndo(f"{event.type} at {position} cannot be undone: {error}") from error
