"""The window: menus, the start page or one open store, the line at the bottom."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.about import show_about
from gui.action_table import ACTIONS
from gui.actions import Actions
from gui.branch_work import BranchWork
from gui.dialogs.copy_dialog import CopyDialog
from gui.endings import Endings
from gui.file_drops import FileDrops
from gui.import_work import ImportWork
from gui.line_menu import LineMenu
from gui.lines import Lines
from gui.link_opening import LinkOpening
from gui.look.theme import themes
from gui.menus import Menus
from gui.palette import Palette
from gui.problems import problem_of
from gui.replaced_log import ReplacedLog
from gui.session import Session
from gui.settings import Settings
from gui.start_work import StartWork, is_store
from gui.store_work import StoreWork
from gui.viewmodels.copying import CopyingViewModel, Kind
from gui.views.events_view import EventsView
from gui.views.start_page import StartPage
from gui.views.status_view import StatusView
from gui.views.top_bar import TopBar
from gui.widgets.banner import Banner
from gui.widgets.branch_band import name_branch
from gui.widgets.own_keys import presses_button, takes_control_key
from gui.widgets.reading_order import go_on
from gui.window_keys import WindowKeys
from gui.words import said
from gui.work.frames import Frames
from gui.work.jobs import Jobs
from gui.workspace import Workspace
from replay.deep_link import is_link
from store.place import path_of, place_of

if TYPE_CHECKING:
    from gui.dialogs.import_dialog import ImportDialog
    from gui.dialogs.table_changes_dialog import TableChangesDialog

STORES: Final = said("Foldline stores (*.foldline);;All files (*)")
DIGITS: Final = frozenset("0123456789")


class MainWindow(QMainWindow):
    """Holds at most one open store."""

    def __init__(self, settings: Settings, *, begins_with_store: bool = False) -> None:
        """It begins with the start page, unless a store is going to be opened at once."""
        super().__init__()
        self.frames = Frames(self)
        self.setWindowTitle(said("Foldline"))
        self._drops = FileDrops(self, lambda path: self.open_path(path))
        self.settings = settings
        self.jobs, self.endings = Jobs(), Endings(self, self)
        self.session: Session | None = None
        self.workspace: Workspace | None = None
        self._opening: Session | None = None
        self.top = TopBar()
        self.banner = Banner(said("Problem"))
        self.start_work = StartWork(self.jobs, settings, self)
        self.status = StatusView(self.jobs)
        self.pages = QStackedWidget()
        self.work = StoreWork(
            self.jobs,
            self.settings,
            self.status,
            self.banner,
            current=self._current_session,
            window=self,
        )
        self.imports = ImportWork(self.jobs, current=self._current_session, window=self)
        self.lines = Lines(self, self)
        self.branches = BranchWork(self, self)
        self.actions_ = Actions(self, self, ACTIONS)
        self.links = LinkOpening(self, self)
        self._replaced_log = ReplacedLog(self, self)
        self.keys = WindowKeys(self, self.actions_, settings)
        self.finder = Palette(self, self, self.keys.bindings)
        self.menus = Menus(self, self.actions_)
        LineMenu(self, self.actions_, self)
        self._lay_out()
        self._connect()
        self._show_nothing_open()
        if not begins_with_store:
            self.show_start()
        if settings.problem:
            self.banner.show_problem(settings.problem, tone="warn")

    # Opening and closing.

    def end(self) -> None:
        """Close the store and the program, whatever dialog is open."""
        self.close()
        QApplication.quit()

    def open_path(self, path: Path) -> None:
        """Open a store, or offer to import an event file."""
        if is_store(path):
            self.open_store(path)
        else:
            self.import_file(path)

    def open_store(self, path: Path, *, is_heir: bool = False) -> None:
        """Read a store's head off the GUI thread, then show it; a refusal leaves what is open.
        `is_heir`: a former file of that name was open here until now."""
        self.banner.dismiss()
        self._drop_opening()
        session = Session(path.absolute(), self.jobs, is_heir=is_heir)
        session.opened.connect(self._show_session)
        session.refused.connect(self._refuse)
        self._opening = session
        session.open()

    @Slot()
    def close_store(self) -> None:
        """Remember the place, end every thread and process of the store, show the start page."""
        if self.workspace is not None:
            self.endings.leave_store()
            self.endings.wait()
            self.show_start()

    def show_start(self) -> None:
        """The start page."""
        self.start_work.show()
        self.pages.setCurrentWidget(self.start)
        self._show_nothing_open()
        self.start.open_button.setFocus()

    @property
    def start(self) -> StartPage:
        """The start page, made when it is first asked for."""
        return self.start_work.page

    def _show_nothing_open(self) -> None:
        self.top.show_store("", None)
        self.actions_.allow(has_store=False)
        self.setWindowTitle(said("Foldline"))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_bytes(Path("window"), "geometry", self.saveGeometry())
        self._drop_opening()
        self.close_store()
        self.endings.wait()
        self.jobs.close()
        self.start_work.close()
        self.settings.sync()
        super().closeEvent(event)

    @Slot(object)
    def _show_session(self, head: int) -> None:
        """The store could be read: it takes the place of the one that was open."""
        session = self._opening
        if session is None:
            return
        self._opening = None
        self.endings.leave_store()
        self.session = session
        self.settings.remember(session.path)
        self.workspace = Workspace(session, self.settings)
        self.keys.watch(self.workspace)
        self.workspace.name_wanted.connect(self.finder.begin_with)
        self.pages.addWidget(self.workspace)
        self.pages.setCurrentWidget(self.workspace)
        self.workspace.share_out()
        self.lines.arrive(self.workspace)
        self.status.show_status_of(session.status)
        session.failed.connect(self.show_error)
        self.work.watch(session)
        session.selection.head_changed.connect(self._show_head)
        session.selection.follow_changed.connect(self.frames.hold)
        session.advance.passed.connect(self.frames.paint_now)
        self.frames.hold(session.selection.is_following)
        self.actions_.allow(has_store=True)
        self.menus.list_panels(self.workspace)
        self.workspace.of(EventsView).grid.setFocus()
        self.setWindowTitle(self.lines.title)
        self._show_head(head)
        self.start_work.arrive(self.workspace)
        place = session.place
        self.top.show_access(place.only_read, str(place.views.parent))
        self.top.show_live(is_live=True)
        self._replaced_log.watch(session)
        self.links.go_on()

    def open_session(self) -> Session:
        """The open store. Raises RuntimeError when there is none."""
        return self.open_workspace().session

    def open_workspace(self) -> Workspace:
        """Its panels. Raises RuntimeError when there is none."""
        if self.workspace is None:
            raise RuntimeError("an action that needs a store ran without one")
        return self.workspace

    def _current_session(self) -> Session | None:
        return self.session

    @Slot(Exception)
    def _refuse(self, error: Exception) -> None:
        self._drop_opening()
        self.links.give_up()
        if self.session is None:
            self.show_start()
        self.show_error(error)

    def _drop_opening(self) -> None:
        if self._opening is not None:
            self._opening.close()
            self._opening.deleteLater()
            self._opening = None

    @Slot(object)
    def _show_head(self, head: int) -> None:
        if self.session is not None:
            self.top.show_store(self.lines.log_name, head)

    # What menus and keys do beside moving the cursor.

    @Slot()
    def choose_store(self) -> None:
        """Ask for a store to open."""
        chosen, _ = QFileDialog.getOpenFileName(self, said("Open"), self.settings.folder(), STORES)
        if chosen:
            self.settings.set_folder(Path(chosen).parent)
            self.open_path(Path(chosen))

    @Slot()
    def choose_import(self) -> None:
        """Ask for an event file, and import it."""
        self.import_file(None)

    def import_file(self, source: Path | None) -> "ImportDialog":
        """Offer to import a file, into a new store unless a person wants it otherwise."""
        return self.imports.import_file(source)

    def infer_changes(self) -> "TableChangesDialog":
        """Offer to infer events from states of a table."""
        return self.imports.infer_changes()

    def make_copy(self, kind: Kind) -> CopyDialog:
        """Ask for another file of the open store, or for a new store; it can be opened then."""
        place = self.session.place if self.session and kind != "new" else None
        dialog = CopyDialog(CopyingViewModel(self.jobs, kind, place), self)
        name_branch(dialog, "" if place is None else place.branch_name)
        if place is None:
            dialog.out.setText(f"{self.settings.folder()}/" if self.settings.folder() else "")
        dialog.open_wanted.connect(self._open_recent)
        dialog.open()
        return dialog

    @Slot()
    def toggle_theme(self) -> None:
        """From light to dark, or back."""
        self.choose_theme("light" if themes().current.scheme == "dark" else "dark")

    def choose_theme(self, scheme: str) -> None:
        """Light, dark, or as the system."""
        self.settings.set_scheme(scheme)
        themes().apply(scheme)

    def show_palette(self) -> None:
        """Go to anything, by some of its letters."""
        self.finder.show()

    def show_keys(self) -> None:
        """Every action and its keys."""
        self.keys.show_dialog()

    def show_tour(self) -> None:
        """Five steps over the open store; over a sample when none is open."""
        if self.workspace is not None:
            self.start_work.begin_tour(self.workspace)
        else:
            self.start_work.open_for_tour()

    def show_about(self) -> None:
        """What this is, and whose work is in it."""
        show_about(self)

    @Slot(Exception)
    def show_error(self, error: Exception) -> None:
        """Show what went wrong and what to do."""
        problem = problem_of(error, self.session.path if self.session else None)
        self.banner.show_problem(problem.what, to_do=problem.hint, details=problem.details)

    @Slot(str)
    def _open_imported(self, store: str) -> None:
        if self.session is None or self.session.place != place_of(store):
            self.open_store(path_of(store))

    @Slot()
    def _make_new(self) -> None:
        self.make_copy("new")

    @Slot(str)
    def _open_recent(self, store: str) -> None:
        self.open_store(Path(store))

    @Slot(str)
    def _search(self, text: str) -> None:
        if self.session is not None:
            self.session.filter.set_text(text)

    @Slot(str)
    def _go(self, text: str) -> None:
        if is_link(text):
            self.links.open(text)
        elif self.session is not None:
            self.banner.dismiss()
            self.session.goto.go(text)

    # Hands on the window as a whole.

    def event(self, event: QEvent) -> bool:
        """A key that no part has kept for itself comes here before it is one of the window's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            return takes_control_key(event, QApplication.focusWidget()) or super().event(event)
        if event.type() == QEvent.Type.WinIdChange:
            self._drops.watch()
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes in the order of reading, whenever parts were made or came to the front."""
        return go_on(self, is_next=is_next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if presses_button(event, QApplication.focusWidget()):
            return
        if self.session is not None and event.text() in DIGITS and event.text():
            self.session.playback.type_digit(event.text())
        else:
            super().keyPressEvent(event)

    # Building.

    def _lay_out(self) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for widget in (self.top, self.banner):
            rows.addWidget(widget)
        rows.addWidget(self.pages, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(page)
        self.resize(1280, 800)
        self.restoreGeometry(self.settings.bytes(Path("window"), "geometry"))

    def _connect(self) -> None:
        self.start_work.page_made.connect(self._take_start_page)
        self.start_work.store_wanted.connect(self.open_store)
        self.start_work.failed.connect(self.work.show_problem)
        self.imports.imported.connect(self._open_imported)
        self.start_work.told.connect(self.status.show_message)
        self.start_work.offered.connect(self.work.show_offer)
        self.start_work.taken_up.connect(self.work.withdraw_offer)
        self.top.search_wanted.connect(self._search)
        self.top.goto_wanted.connect(self._go)
        self.top.theme_wanted.connect(self.toggle_theme)

    @Slot(object)
    def _take_start_page(self, page: StartPage) -> None:
        self.pages.addWidget(page)
        page.open_wanted.connect(self.choose_store)
        page.import_wanted.connect(self.choose_import)
        page.new_wanted.connect(self._make_new)
