"""The Branch menu: what can be done with the line in view. The menu of lines in the top bar has the
same entries."""

from typing import Final

from gui.actions import ActionSpec, refused_in_session
from gui.second_window import open_as_of, open_line
from gui.session import Session
from gui.words import said

ON_MAIN: Final = said("the log itself is in view")


def on_main(session: Session) -> str:
    """For what concerns the branch in view."""
    return "" if session.line.is_branch else ON_MAIN


LINES: Final = ActionSpec(
    id="lines",
    text=said("Show main or a branch…"),
    menu="Branch",
    keys=("Shift+G",),
    does=lambda it: it.top.line.open_menu(),
)
BRANCH_ACTIONS: Final = (
    LINES,
    ActionSpec(
        id="main",
        text=said("Back to main"),
        menu="Branch",
        keys=("G",),
        why_not=refused_in_session(on_main),
        does=lambda it: it.lines.back_to_main(),
    ),
    ActionSpec(
        id="second window",
        text=said("Open in a second window"),
        menu="Branch",
        begins_group=True,
        does=lambda it: open_line(it),
    ),
    ActionSpec(
        id="second window as of",
        text=said("Second window as of the cursor"),
        menu="Branch",
        keys=("Ctrl+Shift+N",),
        does=lambda it: open_as_of(it),
    ),
)
