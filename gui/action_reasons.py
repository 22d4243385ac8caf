"""Why an action has nothing to do just now, in the words that menus and the palette show."""

from typing import Final

from gui.session import Session
from gui.words import said

NO_PLACE: Final = said("there is no other place to go to")
NO_FILTER: Final = said("no filter is set")
NO_CAUSE: Final = said("no recorded event caused this one")
NO_BOOKMARK: Final = said("there are no bookmarks")
NO_EVENT: Final = said("the store has no events yet")
NO_MODEL: Final = said("no model of your own is open")


def no_anchor(session: Session) -> str:
    """For what needs A."""
    return "" if session.selection.anchor is not None else said("A is not set")


def no_stream(session: Session) -> str:
    """For what goes along a stream."""
    return "" if session.inspector.stream else said("no stream is selected")


def no_event(session: Session) -> str:
    """For what is done with the event at the cursor."""
    return "" if session.selection.head else NO_EVENT


def no_model(session: Session) -> str:
    """For what concerns a model of one's own."""
    return "" if session.model_file.path is not None else NO_MODEL


def no_bookmark(session: Session) -> str:
    """For what goes along bookmarks."""
    return "" if session.bookmarks.all else NO_BOOKMARK
