"""What a person does with branches from the menu of lines: make, name, bring up to date, export,
delete."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.lines import Lines
from gui.session import Session
from gui.store_work import StoreWork
from gui.viewmodels.branches import BranchRow
from gui.views.rerun_view import RerunView
from gui.views.status_view import StatusView
from gui.words import said
from gui.workspace import Workspace
from store.place import Place

if TYPE_CHECKING:
    from gui.dialogs.branch_commands_dialog import BranchCommandsDialog
    from gui.dialogs.branch_name_dialog import BranchNameDialog

SURE: Final = said("Its edits and own events are deleted. The log stays as it is.")


class Window(Protocol):
    """What this asks of the window."""

    lines: Lines
    work: StoreWork
    status: StatusView

    def open_session(self) -> Session: ...

    def open_workspace(self) -> Workspace: ...

    def show_error(self, error: Exception) -> None: ...


class BranchWork(QObject):
    """One for a window. A branch that is in view is left before it is renamed or deleted. GUI
    thread."""

    def __init__(self, window: Window, over: QWidget) -> None:
        super().__init__(over)
        self._window, self._over = window, over
        window.lines.arrived.connect(self._watch)

    def new(self) -> None:
        """Ask for a branch that forks from the line in view at the cursor."""
        position = self._window.open_session().selection.as_of
        self._window.open_workspace().doors.branching.begin(position)

    def name(self, row: BranchRow | None = None) -> "BranchNameDialog | None":
        """Ask for another name and note of a branch; of that in view, if none is given."""
        if (it := row or self._in_view()) is None:
            return None
        from gui.dialogs.branch_name_dialog import BranchNameDialog  # loaded as it is wanted

        session = self._window.open_session()
        dialog = BranchNameDialog(it.name, it.note, wrong=session.branches.wrong, parent=self._over)
        dialog.kept.connect(partial(self._keep, it))
        dialog.open()
        return dialog

    def drop(self, row: BranchRow | None = None) -> QWidget | None:
        """Delete a branch, once a person is sure."""
        if (it := row or self._in_view()) is None:
            return None
        box = QMessageBox(self._over)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setAccessibleName(said("Delete a branch"))
        box.setWindowTitle(said("Delete a branch"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(said("Delete the branch {name}?", name=it.name))
        box.setInformativeText(SURE)
        delete = box.addButton(said("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        delete.clicked.connect(partial(self._leave, it, partial(self._drop, it.place)))
        box.open()
        return box

    def update(self, row: BranchRow | None = None) -> None:
        """Take over what the log has recorded since."""
        if (it := row or self._in_view()) is not None:
            self._window.open_session().branch_care.update(it.place)

    def export(self) -> None:
        """What the line in view holds, into a file."""
        self._window.work.export(self._window.open_session())

    def bring_in(self) -> "BranchCommandsDialog | None":
        """Issue the own commands of the branch in view on the log, once a person says so."""
        if not self._window.lines.branch:
            return None
        from gui.branch_commands import ask_bring_in  # loaded as it is wanted

        dialog = ask_bring_in(self._window.open_session(), self._over)
        dialog.goal_wanted.connect(self._go_on_main)
        return dialog

    def save_tests(self) -> "BranchCommandsDialog | None":
        """Save the own commands of the branch in view as tests, once a person says so."""
        if not self._window.lines.branch:
            return None
        from gui.branch_commands import ask_tests  # loaded as it is wanted

        return ask_tests(self._window.open_session(), self._over)

    @Slot(int)
    def _go_on_main(self, position: int) -> None:
        """Show an event of the log."""
        lines = self._window.lines
        then = partial(self._seek, position)
        if lines.place is not None and lines.branch:
            lines.show(lines.place.log, then=then)
        else:
            then()

    def _seek(self, position: int) -> None:
        self._window.open_session().selection.seek(position)

    @Slot()
    def rerun(self) -> None:
        """Ask for a branch in which commands are decided again by the current rules."""
        self._window.open_workspace().doors.branching.begin_rerun()

    def _in_view(self) -> BranchRow | None:
        return self._window.open_session().branches.of(self._window.lines.branch)

    def _keep(self, it: BranchRow, name: str, note: str) -> None:
        if name != it.name:
            rename = partial(self._rename, it, name, note, self._is_in_view(it))
            self._leave(it, rename)
        elif note != it.note:
            self._window.open_session().branch_care.set_note(it.place, note)

    def _is_in_view(self, it: BranchRow) -> bool:
        return self._window.open_session().place == it.place

    def _leave(self, it: BranchRow, then: "partial[None]", *_: object) -> None:
        """Nobody here has it open then."""
        if self._is_in_view(it):
            self._window.lines.show(it.place.log, then=then)
        else:
            self._window.open_session().other_lines.leave(it.name, then)

    def _rename(self, it: BranchRow, name: str, note: str, is_shown_again: bool) -> None:
        care = self._window.open_session().branch_care
        if is_shown_again:
            care.renamed.connect(self._show, Qt.ConnectionType.SingleShotConnection)
        care.rename(it.place, name, note)

    def _drop(self, place: Place) -> None:
        self._window.open_session().branch_care.drop(place)

    @Slot(object)
    def _show(self, path: Path) -> None:
        self._window.lines.show(path)

    @Slot(object)
    def _watch(self, session: Session) -> None:
        care = session.branch_care
        care.told.connect(self._window.status.show_message)
        care.warned.connect(self._window.work.show_offer)
        deciding = session.deciding
        deciding.told.connect(self._window.status.show_message)
        deciding.warned.connect(self._window.work.show_offer)
        deciding.withdrawn.connect(self._window.work.withdraw_offer)
        session.branch_edits.edited.connect(deciding.edited)
        workspace = self._window.open_workspace()
        branches = session.branches
        branches.line_wanted.connect(self._show_named)
        branches.new_wanted.connect(self.new)
        branches.name_wanted.connect(self.name)
        branches.update_wanted.connect(self.update)
        branches.drop_wanted.connect(self.drop)
        workspace.panel_made.connect(self._watch_panel)
        if workspace.is_made(RerunView):
            self._watch_panel(workspace.of(RerunView))

    @Slot(QWidget)
    def _watch_panel(self, panel: QWidget) -> None:
        if isinstance(panel, RerunView):
            panel.branch_wanted.connect(self.rerun)

    @Slot(str)
    def _show_named(self, name: str) -> None:
        branches = self._window.open_session().branches
        row = branches.of(name)
        self._window.lines.show(branches.log.named if row is None else row.place.path)
