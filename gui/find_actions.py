"""What a person can do to find a moment again: conditions on a state, and bookmarks."""

from collections.abc import Callable
from typing import Final

from gui.action_reasons import no_bookmark, no_event
from gui.actions import ActionSpec, in_session, in_workspace, refused_in_session
from gui.views.find_view import FindView
from gui.words import said
from gui.workspace import Workspace


def _with_an_event(does: Callable[[Workspace], object]) -> Callable[[Workspace], object]:
    """Nothing in a store without events: its menu says why."""
    return lambda it: None if no_event(it.session) else does(it)


FIND_ACTIONS: Final = (
    ActionSpec(
        id="find",
        text=said("Find when a condition became true…"),
        menu="Go",
        keys=("M",),
        icon="search",
        begins_group=True,
        does=in_workspace(lambda it: it.show_panel(FindView)),
    ),
    ActionSpec(
        id="find next",
        text=said("Next time the condition became true"),
        menu="Go",
        keys=("F3",),
        does=in_workspace(lambda it: it.of(FindView).look("next")),
    ),
    ActionSpec(
        id="find previous",
        text=said("Previous time the condition became true"),
        menu="Go",
        keys=("Shift+F3",),
        does=in_workspace(lambda it: it.of(FindView).look("previous")),
    ),
    ActionSpec(
        id="bookmark",
        text=said("Add or remove a bookmark here"),
        menu="Go",
        keys=("B",),
        icon="bookmark",
        begins_group=True,
        why_not=refused_in_session(no_event),
        does=in_session(lambda it: it.bookmarks.toggle_here()),
    ),
    ActionSpec(
        id="note",
        text=said("Name and note of the bookmark here…"),
        menu="Go",
        keys=("Shift+B",),
        why_not=refused_in_session(no_event),
        does=in_workspace(
            _with_an_event(
                lambda it: it.doors.ask_bookmark(max(it.session.selection.as_of, 1), None)
            )
        ),
    ),
    ActionSpec(
        id="bookmark range",
        text=said("Bookmark the range from A to the cursor…"),
        menu="Go",
        keys=("Ctrl+Shift+B",),
        why_not=refused_in_session(no_event),
        does=in_workspace(_with_an_event(lambda it: it.doors.ask_range_bookmark())),
    ),
    ActionSpec(
        id="without",
        text=said("Without the event at the cursor…"),
        menu="Go",
        keys=("Shift+W",),
        why_not=refused_in_session(no_event),
        does=in_workspace(
            _with_an_event(lambda it: it.doors.ask_without(it.session.selection.as_of))
        ),
    ),
    ActionSpec(
        id="correct",
        text=said("Correct the event at the cursor…"),
        menu="Go",
        keys=("R",),
        does=in_workspace(
            lambda it: it.doors.ask_correct(max(it.session.selection.as_of, 1), "wrong")
        ),
    ),
    ActionSpec(
        id="undo bookmark",
        text=said("Undo the last change of a bookmark"),
        menu="Go",
        keys=("Ctrl+Alt+Z",),
        does=in_session(lambda it: it.bookmarks.undo()),
    ),
    ActionSpec(
        id="menu here",
        text=said("Context menu…"),
        menu="Go",
        keys=("Shift+F10",),
        does=in_workspace(lambda it: it.menus.open_at_focus()),
    ),
    ActionSpec(
        id="next bookmark",
        text=said("Next bookmark"),
        menu="Go",
        keys=("F2",),
        why_not=refused_in_session(no_bookmark),
        does=in_session(lambda it: it.bookmarks.to_next()),
    ),
    ActionSpec(
        id="previous bookmark",
        text=said("Previous bookmark"),
        menu="Go",
        keys=("Shift+F2",),
        why_not=refused_in_session(no_bookmark),
        does=in_session(lambda it: it.bookmarks.to_previous()),
    ),
)
