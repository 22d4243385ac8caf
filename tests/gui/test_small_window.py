"""The window at 1280 × 800: the essential columns and every tab are in sight, in a fresh layout and
in one that comes from a larger window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.commands_view import CommandsView
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.navigator_view import NavigatorView
from gui.widgets.grid.grid_view import GridView
from gui.widgets.underline_tabs import UnderlineTabs
from tests.gui.cut_texts import tip_at
from tests.gui.drawn_text import drawn_texts
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.every_surface import close_all, dialog_doors, open_dialogs, turn_pages
from tests.gui.many_scripts import fill_with_scripts
from tests.replay.conference_office import Office

OF_MANY_COLUMNS = ("Event table", "Left pane", "Right pane", "Result rows")
ESSENTIAL = ("position", "recorded", "delta", "stream", "version", "type", "summary", "actor")


def out_of_sight(grid: GridView) -> list[str]:
    """The essential columns that do not end within the table."""
    header, width = grid.horizontalHeader(), grid.viewport().width()
    return [
        it.name
        for at, it in enumerate(grid.columns())
        if it.name in ESSENTIAL
        and header.sectionViewportPosition(at) + header.sectionSize(at) > width
    ]


def hidden_tabs(bar: QTabBar) -> list[str]:
    """Tabs that are not whole in sight, or whose name is neither drawn nor told on hover."""
    drawn = " ".join(it.text for it in drawn_texts(bar))
    return [
        bar.tabText(at)
        for at in range(bar.count())
        if not bar.rect().contains(bar.tabRect(at))
        or not (bar.tabText(at) in drawn or bar.tabToolTip(at))
    ]


def bars_in_sight(window: QWidget) -> list[QTabBar]:
    return [it.tabBar() for it in window.findChildren(UnderlineTabs) if it.isVisible()]


def test_the_essential_columns_are_in_sight_in_a_fresh_layout(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    session, workspace = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    grid = workspace.of(EventsView).grid
    qtbot.waitUntil(grid.is_settled)

    assert (window.width(), window.height()) == (1280, 800)
    assert out_of_sight(grid) == []
    assert [
        it.name for it in grid.columns() if grid.columnWidth(grid.columns().index(it)) < 36
    ] == []


def test_no_list_of_a_page_scrolls_sideways(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    session, workspace = open_store(qtbot, window, office.path)
    session.selection.choose_stream("order-A7")
    seek(qtbot, session, 3)
    session.blame.choose(("state",))
    settle(qtbot, session)
    found = dict[str, list[str]]()

    for page, _ in turn_pages(workspace):
        settle(qtbot, session)
        for grid in window.findChildren(GridView):
            is_over = grid.horizontalScrollBar().maximum() > 0
            if grid.isVisible() and is_over and grid.accessibleName() not in OF_MANY_COLUMNS:
                found.setdefault(page, []).append(grid.accessibleName())

    assert found == {}


def test_side_panels_have_the_widths_that_they_ask_for(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    _, workspace = open_store(qtbot, window, office.path)

    asked = {it.id: it.size_px for it in workspace.docked if it.id in ("navigator", "inspector")}
    shown = {
        "navigator": workspace.of(NavigatorView).width(),
        "inspector": workspace.of(InspectorView).width(),
    }

    assert {name: abs(shown[name] - (asked[name] or 0)) <= 3 for name in asked} == {
        "navigator": True,
        "inspector": True,
    }


def test_every_tab_is_in_sight_where_the_layout_comes_from_a_larger_window(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    window.resize(1600, 1000)
    session, workspace = open_store(qtbot, window, office.path)
    window.close_store()
    window.resize(1280, 800)
    session, workspace = open_store(qtbot, window, office.path)
    settle(qtbot, session)
    inspector = workspace.of(InspectorView)
    qtbot.waitUntil(lambda: inspector.width() < 330)

    for panel in ("inspector", "commands", "processes", "views"):
        workspace.docking.show(panel)
        qtbot.waitUntil(workspace.panel_of(panel).isVisible)
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        assert {it.accessibleName(): hidden_tabs(it) for it in bars_in_sight(window)} == {
            it.accessibleName(): [] for it in bars_in_sight(window)
        }
    arrows = [it for it in inspector.tabs.tabBar().findChildren(QToolButton) if it.isVisible()]
    assert arrows == []


def test_the_buttons_below_every_form_of_a_command_are_whole_in_sight(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    session, workspace = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    workspace.docking.show("commands")
    view = workspace.of(CommandsView)
    qtbot.waitUntil(lambda: view.isVisible() and view.choice.count() > 1)
    buttons = (view.save, view.run_cases, view.export, view.preview, view.issue)
    cut: list[str] = []

    for at in range(view.choice.count()):
        view.choice.setCurrentIndex(at)
        view.choice.activated.emit(at)
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        cut += [f"{view.choice.currentText()}: {it.text()}" for it in buttons if is_cut(it)]

    assert cut == []


def is_cut(it: QWidget) -> bool:
    return it.isVisible() and it.visibleRegion().boundingRect() != it.rect()


def test_no_dialog_is_larger_than_the_window_because_of_a_long_name(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)
    log = tmp_path / "scripts.foldline"
    fill_with_scripts(log)
    session, _ = open_store(qtbot, window, log)
    seek(qtbot, session, 20)
    found: dict[str, tuple[int, int]] = {}

    for door in dialog_doors(window):
        door()
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        for it in open_dialogs():
            least = it.size().expandedTo(it.minimumSizeHint())
            found.setdefault(type(it).__name__, (least.width(), least.height()))
        close_all()

    assert {name: it for name, it in found.items() if it[0] > 1280 or it[1] > 800} == {}
    assert len(found) > 10


def test_a_cut_tab_is_reached_by_mouse_and_by_keys_and_tells_its_name(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    open_store(qtbot, window, office.path)
    tabs = window.open_workspace().of(InspectorView).tabs
    tabs.setFixedWidth(200)
    bar, last = tabs.tabBar(), tabs.count() - 1
    qtbot.waitUntil(lambda: bar.width() <= 200)
    title = bar.tabText(last)

    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(last).center())
    assert tabs.currentIndex() == last
    assert tip_at_tab(bar, last) == title
    bar.setFocus()
    qtbot.waitUntil(bar.hasFocus)
    QTest.keyClick(bar, Qt.Key.Key_Left)
    assert tabs.currentIndex() == last - 1
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert tabs.currentIndex() == last


def tip_at_tab(bar: QTabBar, at: int) -> str:
    cut = next(it for it in drawn_texts(bar) if bar.tabRect(at).contains(it.box.center().toPoint()))
    return tip_at(bar, cut.box)
