"""Everything that the window can show: each page of each panel, and each dialog. New ones are found
by themselves."""

import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Final

from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

import gui.dialogs
from gui.action_table import ACTIONS
from gui.branch_commands import BRING_IN
from gui.dialogs.branch_commands_dialog import BranchCommandsDialog
from gui.dialogs.branch_name_dialog import BranchNameDialog
from gui.dialogs.event_text_dialog import EventTextDialog
from gui.dialogs.move_event_dialog import MoveEventDialog
from gui.dialogs.rebuild_report_dialog import RebuildReportDialog
from gui.dialogs.reducers_dialog import ReducersDialog
from gui.main_window import MainWindow
from gui.viewmodels import branch_bringing
from gui.viewmodels.branch_commands import BranchCommandsViewModel
from gui.viewmodels.event_draft import Draft
from gui.widgets.underline_tabs import UnderlineTabs
from gui.work.reports import Rebuilt, ViewRebuilt
from gui.work.wishes import Verify
from gui.workspace import Workspace
from tests.gui.viewmodels.test_reducers_words import report

LEAVES: Final = frozenset(  # they end the walk, or open no dialog
    {"close", "quit", "palette", "second window", "second window as of"}
)
REBUILT: Final = Rebuilt(
    views=(
        ViewRebuilt(
            view="streams",
            events=3,
            seconds=0.1,
            row_count=2,
            digest="ab12",
            comparison=None,
            was_different=False,
            is_switched=True,
        ),
    )
)


def turn_pages(workspace: Workspace) -> Iterator[tuple[str, QWidget]]:
    """Bring every page of every panel to the front, one after another: its name and widget."""
    for panel in workspace.docked:
        widget = workspace.panel_of(panel.id)
        workspace.docking.show(panel.id)
        tabs = getattr(widget, "tabs", None)
        if not isinstance(tabs, UnderlineTabs):
            yield panel.id, widget
            continue
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            yield f"{panel.id}-{tabs.chosen()}", widget


def dialog_doors(window: MainWindow) -> list[Callable[[], object]]:
    """What a person can do that may open a dialog."""
    return [
        *(lambda id_=it.id: window.actions_.do(id_) for it in ACTIONS if it.id not in LEAVES),
        lambda: window.work.ask_for_trust("model.py", "0" * 64, "pass\n"),
        lambda: ReducersDialog(report(), window).show(),
        lambda: RebuildReportDialog(REBUILT, window).show(),
        lambda: window.workspace.name_store("left") if window.workspace else None,
        *(partial(it, window) for it in (_new_event, _moved_event, _named_branch, _brought_in)),
    ]


def _new_event(window: MainWindow) -> None:
    draft = Draft(stream="order-1", type="OrderPlaced", data="{}", metadata="{}")
    title, about = "Insert an event before 2", "The edit is stored in a branch."
    EventTextDialog(title, about, draft, is_new=True, parent=window).open()


def _moved_event(window: MainWindow) -> None:
    MoveEventDialog(3, first=1, head=3, suggested=2, parent=window).open()


def _named_branch(window: MainWindow) -> None:
    BranchNameDialog("fix", "what if", wrong=lambda _name: "", parent=window).open()


def _brought_in(window: MainWindow) -> None:
    work = BranchCommandsViewModel(
        window.open_session().jobs,
        lambda _is_preview, _options: Verify(store=window.open_session().place),
        listed=lambda report, is_preview: branch_bringing.listed(report, is_preview),
    )
    BranchCommandsDialog(work, BRING_IN, window).show()


def open_dialogs() -> list[QDialog]:
    """Ours, in sight; those of the system are not ours to look at."""
    tops = QApplication.topLevelWidgets()
    return [
        it
        for it in tops
        if isinstance(it, QDialog) and it.isVisible() and not isinstance(it, QFileDialog)
    ]


def close_all() -> None:
    """Every dialog and menu."""
    for it in QApplication.topLevelWidgets():
        if isinstance(it, QDialog) and it.isVisible():
            it.reject()
        elif isinstance(it, QMenu) and it.isVisible():
            it.close()


def declared_dialogs() -> list[type[QDialog]]:
    """The dialogs of the folder."""
    names = [it.name for it in pkgutil.iter_modules(gui.dialogs.__path__, "gui.dialogs.")]
    modules = [(name, import_module(name)) for name in names]
    return [
        it
        for name, module in modules
        for it in vars(module).values()
        if isinstance(it, type) and issubclass(it, QDialog) and it.__module__ == name
    ]
