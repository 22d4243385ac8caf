"""The command that compensates an event: nothing is taken back, something is added."""

from replay.commands.compensations import compensated_by, composed
from replay.commands.outcome_words import within
from replay.commands.saved_states import Saved, none_saved
from replay.states.model_set import ModelSet
from replay.typed_model import Command
from replay.words import said
from store.errors import StoreError
from store.interface import EventReader


class NoUndo(StoreError):
    """Nothing compensates an event, or something did already."""

    hint = said("Issue a command that corrects it yourself.")


class TakenBack(NoUndo):
    hint = said("To restore it, undo the event that undid it.")


def undo_of(
    log: EventReader, models: ModelSet, position: int, *, saved: Saved = none_saved
) -> Command:
    """What compensates the event at a position; nothing is taken back twice. Raises NoUndo."""
    event = log.event(position)
    if event is None:
        raise NoUndo(said("there is no event at position {position}", position=position))
    if taken_back := compensated_by(log, models, event):
        where = said("{type} at {position}", type=taken_back.type, position=taken_back.position)
        raise TakenBack(
            said(
                "{type} at {position} was undone by {where}",
                type=event.type,
                position=position,
                where=where,
            )
        )
    try:
        return composed(log, models, event, saved=saved)
    except LookupError as error:
        why = within(str(error.args[0] if error.args else error))
        raise NoUndo(
            said(
                "{type} at {position} cannot be undone: {why}",
                type=event.type,
                position=position,
                why=why,
            )
        ) from error
