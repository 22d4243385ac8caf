"""There is room for every field and button of the pages, in the smallest window too."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QSpinBox, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.views.build_view import BuildView
from gui.views.inspector_view import InspectorView
from gui.views.lab_view import LabView
from gui.views.panes_view import PanesView
from gui.views.sql_view import SqlView
from gui.widgets.grid.key_value_grid import FRAME_PX
from gui.widgets.scrolled_form import ScrolledForm
from tests.gui.driven_window import open_store, settle

SIZES = [(980, 640), (1280, 800)]


def shown(qtbot: QtBot, window: MainWindow, store: Path, tab: str) -> QWidget:
    _, workspace = open_store(qtbot, window, store)
    workspace.show_panel(PanesView)
    workspace.of(PanesView).tabs.choose(tab)
    page = workspace.of(PanesView).tabs.currentWidget()
    page.grab()  # lays out
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tab", ["build", "lab"])
def test_every_field_of_a_form_is_whole_and_in_sight_or_scrolled_to(
    qtbot: QtBot, window: MainWindow, store: Path, tab: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    form = shown(qtbot, window, store, tab).findChild(ScrolledForm)
    inside = form.widget() if form is not None else None
    assert form is not None
    assert inside is not None

    named = [it for it in inside.findChildren(QWidget) if it.accessibleName()]
    fields = [it for it in named if not isinstance(it.parent(), QLineEdit)]  # Qt's own buttons
    right = [it.mapTo(form.viewport(), QPoint(it.width(), 0)).x() for it in fields]
    assert len(fields) > 10
    assert all(it.height() >= it.minimumSizeHint().height() for it in fields)
    assert max(right) <= form.viewport().width()


def test_the_fields_of_a_form_end_where_its_button_ends(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    window.resize(1600, 1400)  # nothing to scroll
    shown(qtbot, window, store, "build")
    assert window.workspace is not None
    build = window.workspace.of(BuildView)

    ends = [it.mapTo(build, QPoint(it.width(), 0)).x() for it in (build.name, build.save)]

    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("tab", "said"),
    [("sql", "Ctrl+Enter"), ("build", "Preview shows the rows"), ("lab", "Run shows which")],
)
def test_a_page_without_a_result_says_how_to_get_one(
    qtbot: QtBot, window: MainWindow, store: Path, tab: str, said: str
) -> None:
    shown(qtbot, window, store, tab)
    assert window.workspace is not None
    workspace = window.workspace

    told = {
        "sql": workspace.of(SqlView).message,
        "build": workspace.of(BuildView).message,
        "lab": workspace.of(LabView).message,
    }

    qtbot.waitUntil(told[tab].isVisible)  # pages in no sight are still being made
    assert said in told[tab].text()


def test_every_fact_of_an_event_is_whole_in_a_low_window(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    window.resize(980, 480)
    _, workspace = open_store(qtbot, window, store)
    workspace.of(InspectorView).tabs.choose("event")
    facts = workspace.of(InspectorView).facts
    qtbot.waitUntil(lambda: "recorded at" in facts.text())
    count = len(facts.text().splitlines())

    qtbot.waitUntil(lambda: facts.height() >= count * themes().current.row_px)


def test_fields_for_numbers_are_as_high_as_those_for_words(
    qtbot: QtBot, window: MainWindow
) -> None:
    number, words = QSpinBox(window), QLineEdit(window)
    number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)

    assert number.sizeHint().height() == words.sizeHint().height()


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)])
def test_every_tab_of_the_inspector_and_of_the_views_is_one_click_away(
    qtbot: QtBot, window: MainWindow, store: Path, size: tuple[int, int]
) -> None:
    window.resize(*size)
    _, workspace = open_store(qtbot, window, store)
    inspector, views = workspace.of(InspectorView).tabs, workspace.of(PanesView).tabs
    workspace.show_panel(PanesView)

    for tabs in (inspector, views):
        bar = tabs.tabBar()
        qtbot.waitUntil(partial(has_no_arrows, bar))
        for at in range(bar.count()):
            where = bar.tabRect(at).center()
            assert bar.rect().contains(where)
            qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=where)
            assert tabs.currentIndex() == at


def test_the_id_of_an_event_is_whole_in_the_inspector(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    window.resize(1280, 800)
    session, workspace = open_store(qtbot, window, store)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    settle(qtbot, session)
    event = session.inspector.inspection.event if session.inspector.inspection else None
    assert event is not None
    inspector.grab()  # lays out

    lines = inspector.facts.findChildren(QLineEdit)
    (line,) = [it for it in lines if it.text() == event.id]

    assert line.width() - 2 * FRAME_PX >= line.fontMetrics().horizontalAdvance(event.id)


def has_no_arrows(bar: QTabBar) -> bool:
    """No button to scroll tabs which have no room."""
    return not any(it.isVisible() for it in bar.findChildren(QToolButton))
