"""The command that compensates an event: nothing is taken back, something is added."""

from replay.commands.compensations import compensated_by, composed
from replay.commands.outcome_words import within
from replay.commands.saved_states import Saved, none_saved
from replay.states.model_set import ModelSet
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
    if taken_back := compensated_by(log, models, event):
        where = f"{taken_back.type} at {taken_back.position}"
        raise TakenBack(f"{event.type} at {position} was taken back by {where}")
    try:
        return composed(log, models, event, saved=saved)
    except LookupError as error:
        why = within(str(error.args[0] if error.args else error))
        raise NoUndo(f"nothing takes {event.type} at {position} back: {why}") from error
