"""The dialogs about the own commands of the branch in view: bring in, and save as tests. Loaded as
one of them is wanted."""

from typing import Final

from PySide6.QtWidgets import QWidget

from gui.dialogs.branch_commands_dialog import BranchCommandsDialog, DialogWords
from gui.session import Session
from gui.viewmodels import branch_bringing, branch_tests
from gui.viewmodels.branch_bringing import ANYWAY, GOES_ON, bringing
from gui.viewmodels.branch_tests import testing
from gui.words import said

BRING_IN: Final = DialogWords(
    title=said("Bring the branch in"),
    about=said(
        "The commands of this branch are issued on the log, one by one, under its rules and on its "
        "state. Edits of the branch are not brought in."
    ),
    columns=branch_bringing.TITLES,
    button=said("&Bring in"),
    cancelled=said("Stopped. What was brought in until then stays, and is not brought in twice."),
    options=(
        (ANYWAY, said("&Decide on the newer state where the log went on in a stream")),
        (GOES_ON, said("&Continue after a refusal or a conflict")),
    ),
    goes=said("&Go to its last event"),
)
SAVE_TESTS: Final = DialogWords(
    title=said("Save the branch as tests"),
    about=said(
        "Each command that was issued in this branch becomes a test: the events of its streams, "
        "the command, and its events or its refusal. A test of the same name is replaced."
    ),
    columns=branch_tests.TITLES,
    button=said("&Save the tests"),
    cancelled=said("Stopped. No test was saved."),
)


def ask_bring_in(session: Session, over: QWidget) -> BranchCommandsDialog:
    """Show what bringing the branch in view in would come to."""
    work = bringing(session.jobs, session.place, _model(session))
    return _shown(BranchCommandsDialog(work, BRING_IN, over))


def ask_tests(session: Session, over: QWidget) -> BranchCommandsDialog:
    """Show the tests that the branch in view makes."""
    work = testing(session.jobs, session.place, _model(session))
    return _shown(BranchCommandsDialog(work, SAVE_TESTS, over))


def _shown(dialog: BranchCommandsDialog) -> BranchCommandsDialog:
    dialog.show()
    dialog.look()
    return dialog


def _model(session: Session) -> str:
    return str(session.model_file.path or "")
