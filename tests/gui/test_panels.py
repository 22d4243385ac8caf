"""Panels, view models and actions: each is declared in one place, and the window shows it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import gui.views
from gui.action_table import ACTIONS
from gui.actions import conflicts
from gui.main_window import MainWindow
from gui.panel import AnyPanel, Panel, TabPanel
from gui.panels import arranged, panels
from gui.views.processes_view import ProcessesView
from tests.gui.driven_window import open_store

A_PAGE = """
from typing import Final
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from gui.panel import TabPanel


class NotesView(QWidget):
    counted = Signal(str)

    def __init__(self, head):
        super().__init__()
        self.head = head
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)


PANEL: Final = TabPanel(
    id="notes",
    title="Notes",
    parent="processes",
    order=99,
    make=lambda it: NotesView(it.selection.head),
    retitled=lambda it: it.counted,
    begin=lambda it: it.line.setFocus(),
)
"""
FURTHER = A_PAGE.replace("TabPanel", "Panel").replace('parent="processes"', 'area="tab"')
A_PANEL = FURTHER.replace("    retitled=lambda it: it.counted,\n", "")


def a_panel(panel_id: str) -> AnyPanel:
    return Panel(id=panel_id, title="", area="tab", order=1, make=lambda _: QWidget())


def a_page(panel_id: str, *, of: str) -> AnyPanel:
    return TabPanel(id=panel_id, title="", parent=of, order=0, make=lambda _: QWidget())


@pytest.fixture
def further_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files count as lying in gui/views."""
    monkeypatch.setattr(gui.views, "__path__", [*gui.views.__path__, str(tmp_path)])
    panels.cache_clear()
    yield tmp_path
    panels.cache_clear()
    sys.modules.pop("gui.views.notes_view", None)


def test_a_file_in_the_folder_of_views_is_a_page_of_the_panel_that_it_names(
    qtbot: QtBot, window: MainWindow, store: Path, further_views: Path
) -> None:
    (further_views / "notes_view.py").write_text(A_PAGE, "utf-8")

    _, workspace = open_store(qtbot, window, store)
    kind = sys.modules["gui.views.notes_view"].NotesView
    notes = workspace.of(kind)
    workspace.show_panel(kind)

    assert notes.isVisible()
    qtbot.waitUntil(notes.line.hasFocus)
    tabs = workspace.of(ProcessesView).tabs
    assert tabs.chosen() == "notes"
    notes.counted.emit("Notes (3)")
    assert tabs.tabText(tabs.currentIndex()) == "Notes (3)"


def test_a_file_in_the_folder_of_views_is_a_panel_that_docks_and_stands_in_the_menu(
    qtbot: QtBot, window: MainWindow, store: Path, further_views: Path
) -> None:
    (further_views / "notes_view.py").write_text(A_PANEL, "utf-8")

    _, workspace = open_store(qtbot, window, store)
    kind = sys.modules["gui.views.notes_view"].NotesView
    workspace.show_panel(kind)

    assert workspace.of(kind).isVisible()
    assert workspace.docking.toggle_action("notes").text() == "Notes"
    assert workspace.docked[-1].id == "notes"


def test_pages_come_after_the_panels_that_have_them() -> None:
    found = arranged([a_page("b", of="a"), a_panel("a")])

    assert [it.id for it in found] == ["a", "b"]


def test_two_panels_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one id: a"):
        arranged([a_panel("a"), a_panel("a")])


def test_a_page_without_its_panel_is_refused() -> None:
    with pytest.raises(ValueError, match="these pages: b"):
        arranged([a_panel("a"), a_page("b", of="c")])


def test_no_two_actions_claim_one_key() -> None:
    assert conflicts(ACTIONS) == {}
    assert conflicts((ACTIONS[0], ACTIONS[0])) == {"Ctrl+N": ["new", "new"]}


def test_what_needs_a_store_is_off_without_one(window: MainWindow) -> None:
    needy = [it.id for it in ACTIONS if it.needs_store]

    assert len(needy) > 1
    assert [it for it in needy if window.actions_[it].isEnabled()] == []
