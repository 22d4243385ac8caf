"""The doors that menus go through: panels that are shown, dialogs that ask, the clipboard."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.dialogs.bookmark_dialog import BookmarkDialog
from gui.dialogs.without_dialog import WithoutDialog
from gui.offers.branch_doors import BranchDoors
from gui.offers.thing_menus import ThingMenus
from gui.session import Session
from gui.viewmodels.finding import AboutRow
from gui.viewmodels.new_breakpoint import Scope
from gui.viewmodels.pane_side import Side
from gui.viewmodels.without import WithoutViewModel
from gui.views.panes_view import PanesView
from gui.widgets.branch_band import name_branch
from gui.words import said
from replay.correcting.kinds import Kind

if TYPE_CHECKING:  # loaded with the first correction
    from gui.dialogs.correct_dialog import CorrectDialog

WORKSPACES: Final = said("Workspaces (*.json);;All files (*)")


class Panels(Protocol):
    """What the doors ask of the workspace."""

    session: Session

    def show_panel(self, kind: type[QWidget]) -> None: ...

    def begin_breakpoint(self, where: str, scope: Scope) -> None: ...

    def find_moment(self, condition: str, row: AboutRow | None = None) -> None: ...

    @property
    def menus(self) -> ThingMenus: ...

    def show_change(self, view: str, key: tuple[str | int, ...], position: int) -> None: ...

    def teach(self, category: str) -> None: ...

    def find_type(self) -> None: ...

    def export_to(self, path: Path) -> None: ...

    def import_from(self, path: Path) -> None: ...

    def window(self) -> QWidget: ...

    def want_line(self, path: Path) -> None: ...


class WorkspaceDoors(QObject):
    """Of one workspace. Dialogs are not waited for."""

    def __init__(self, panels: Panels, parent: QWidget) -> None:
        super().__init__(parent)
        self._panels = panels
        self.branching = BranchDoors(panels, self)
        self.show_panel, self.begin_breakpoint = panels.show_panel, panels.begin_breakpoint
        self.find_moment, self.teach = panels.find_moment, panels.teach
        self.find_type = panels.find_type

    @property
    def session(self) -> Session:
        """The open store."""
        return self._panels.session

    def show_view(self, name: str, at: int | None) -> None:
        """A view in the left pane, now or at a position."""
        panes = self.session.panes
        moment = Side(view=name, moment="now" if at is None else "exact", at=at)
        panes.set_side("left", moment)
        self._panels.show_panel(PanesView)

    def ask_bookmark(self, position: int, until: int | None) -> BookmarkDialog:
        """Ask for a name and a note."""
        dialog = BookmarkDialog(
            self.session.bookmarks, (position, until), parent=self._panels.window()
        )
        dialog.open()
        return dialog

    def ask_range_bookmark(self) -> BookmarkDialog:
        """Of what lies between A and the cursor; without an A of the event at the cursor."""
        selection = self.session.selection
        here, there = selection.as_of, selection.anchor
        if there is None or there == here:
            return self.ask_bookmark(max(here, 1), None)
        return self.ask_bookmark(max(min(here, there), 1), max(here, there))

    def ask_without(self, position: int) -> WithoutDialog:
        """Tell which states and rows would differ without an event."""
        work = WithoutViewModel(self.session.tasks, self.session.selection, position)
        work.failed.connect(self.session.failed)
        work.row_wanted.connect(self._panels.show_change)
        dialog = WithoutDialog(work, self._panels.window())
        name_branch(dialog, self.session.line.name)
        self._panels.menus.watch(dialog.spots())
        dialog.show()
        work.ask()
        return dialog

    def ask_correct(self, position: int, kind: Kind) -> "CorrectDialog":
        """Ask what is wrong about an event, and correct it by new events."""
        from gui.dialogs.correct_dialog import CorrectDialog
        from gui.viewmodels.correcting import CorrectingViewModel

        session = self.session
        work = CorrectingViewModel(
            session.tasks, session.selection, session.worker, position, kind=kind
        )
        work.failed.connect(session.failed)
        work.committed.connect(session.inspector.corrections.look_again)
        dialog = CorrectDialog(work, self._panels.window())
        name_branch(dialog, session.line.name)
        dialog.show()
        work.open()
        return dialog

    def ask_export(self) -> QFileDialog:
        """Ask for the file of a workspace, and write it."""
        return self.ask_file(said("Export workspace"), self._panels.export_to)

    def ask_import(self) -> QFileDialog:
        """Ask for the file of a workspace, and take it over."""
        dialog = QFileDialog(self._panels.window(), said("Import workspace"), "", WORKSPACES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(partial(_save_to, self._panels.import_from))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_file(self, title: str, save: Callable[[Path], object]) -> QFileDialog:
        """Ask for a file to be written."""
        dialog = QFileDialog(self._panels.window(), title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(partial(_save_to, save))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def copy(self, text: str) -> None:
        """To the clipboard."""
        QGuiApplication.clipboard().setText(text)


def _save_to(save: Callable[[Path], object], chosen: str) -> None:
    save(Path(chosen))
