"""The Branch menu: what can be done with the line in view. The menu of lines in the top bar has the
same entries."""

from typing import Final

from gui.actions import ActionSpec, in_session, in_workspace, refused_in_session
from gui.second_window import open_as_of, open_line
from gui.session import Session
from gui.views.branches_view import BranchesView
from gui.views.consequences_view import ConsequencesView
from gui.words import said
from gui.workspace import Workspace

ON_MAIN: Final = said("the log itself is in view")


def on_main(session: Session) -> str:
    """For what concerns the branch in view."""
    return "" if session.line.is_branch else ON_MAIN


def _list_consequences(workspace: Workspace) -> None:
    """Show the list, and begin to fill it."""
    workspace.show_panel(ConsequencesView)
    workspace.of(ConsequencesView).run.click()


LINES: Final = ActionSpec(
    id="lines",
    text=said("Show main or a branch…"),
    menu="Branch",
    keys=("Shift+G",),
    does=lambda it: it.top.line.open_menu(),
)
NO_EDIT: Final = said("the branch has no edit to undo")
NO_UNDONE: Final = said("no edit was undone")


def no_edit(session: Session) -> str:
    """For what takes an edit back."""
    return on_main(session) or ("" if session.line.can_undo else NO_EDIT)


def no_undone(session: Session) -> str:
    """For what makes one again."""
    return on_main(session) or ("" if session.line.can_redo else NO_UNDONE)


NO_DECIDING: Final = said("later events are kept as recorded")


def keeps_events(session: Session) -> str:
    """For what decides later commands again."""
    return on_main(session) or ("" if session.line.decides_again else NO_DECIDING)


def _turn_deciding(session: Session) -> None:
    """Decide later commands again from now on, or no more."""
    if session.line.is_branch:
        session.deciding.choose(again=not session.line.decides_again)


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
    ActionSpec(
        id="branch here",
        text=said("Branch here…"),
        menu="Branch",
        keys=("Y",),
        begins_group=True,
        does=lambda it: it.branches.new(),
    ),
    ActionSpec(
        id="rerun branch",
        text=said("Re-run commands into a branch…"),
        menu="Branch",
        does=lambda it: it.branches.rerun(),
    ),
    ActionSpec(
        id="branches",
        text=said("Branches and edits"),
        menu="Branch",
        keys=("Shift+Y",),
        does=in_workspace(lambda it: it.show_panel(BranchesView)),
    ),
    ActionSpec(
        id="undo edit",
        text=said("Undo the last edit of the branch"),
        menu="Branch",
        begins_group=True,
        why_not=refused_in_session(no_edit),
        does=in_session(lambda it: it.branch_edits.undo() if it.line.can_undo else None),
    ),
    ActionSpec(
        id="redo edit",
        text=said("Redo the edit of the branch"),
        menu="Branch",
        keys=("Ctrl+Shift+Z", "Ctrl+Y"),
        why_not=refused_in_session(no_undone),
        does=in_session(lambda it: it.branch_edits.redo() if it.line.can_redo else None),
    ),
    ActionSpec(
        id="decide later",
        text=said("Decide later commands again"),
        menu="Branch",
        is_checked=lambda it: it.open_session().line.decides_again,
        why_not=refused_in_session(on_main),
        does=in_session(_turn_deciding),
    ),
    ActionSpec(
        id="decide now",
        text=said("Decide them again now"),
        menu="Branch",
        why_not=refused_in_session(keeps_events),
        does=in_session(lambda it: it.deciding.start()),
    ),
    ActionSpec(
        id="name branch",
        text=said("Name and note of the branch…"),
        menu="Branch",
        begins_group=True,
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.name(),
    ),
    ActionSpec(
        id="update branch",
        text=said("Bring the branch up to date"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.update(),
    ),
    ActionSpec(
        id="export branch",
        text=said("Export the branch…"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.export(),
    ),
    ActionSpec(
        id="branch tests",
        text=said("Save as tests…"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.save_tests(),
    ),
    ActionSpec(
        id="bring in",
        text=said("Bring in…"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.bring_in(),
    ),
    ActionSpec(
        id="drop branch",
        text=said("Delete the branch…"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=lambda it: it.branches.drop(),
    ),
    ActionSpec(
        id="consequences",
        text=said("List consequences"),
        menu="Branch",
        why_not=refused_in_session(on_main),
        does=in_workspace(_list_consequences),
    ),
)
