"""Panels in no sight are made after those in sight, and nothing moves when they come."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.panel_places import PanelPlaces, id_of
from gui.panels import panels
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.issued_view import IssuedView
from gui.views.rules_view import RulesView
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle


def test_a_store_comes_up_with_the_panels_in_sight_and_the_others_follow(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    begun = list[tuple[bool, bool]]()

    def look() -> None:
        if (workspace := window.workspace) is not None:
            events = workspace.findChildren(EventsView)
            begun.append((bool(events), workspace.is_whole))

    window.pages.currentChanged.connect(look)

    _, workspace = open_store(qtbot, window, store)

    assert begun == [(True, False)]
    qtbot.waitUntil(lambda: workspace.is_whole, timeout=PATIENCE_MS)


def test_what_is_in_sight_stays_where_it_is_while_the_others_are_made(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    before = _places_in_sight(window)

    qtbot.waitUntil(lambda: workspace.is_whole, timeout=PATIENCE_MS)

    after = _places_in_sight(window)
    assert {it: after[it] for it in before if it in after} == {
        it: place for it, place in before.items() if it in after
    }


def _places_in_sight(window: MainWindow) -> dict[QWidget, QRect]:
    """Of what has a name of its own; labels follow their texts."""
    kinds = (EventsView, InspectorView)
    parts = [window.open_workspace().of(it) for it in kinds]
    return {it: QRect(it.mapTo(window, it.rect().topLeft()), it.size()) for it in parts}


def test_a_panel_that_is_asked_for_is_made_at_once(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)

    workspace.show_panel(RulesView)

    qtbot.waitUntil(workspace.of(RulesView).isVisible, timeout=PATIENCE_MS)
    assert workspace.of(IssuedView) is workspace.panel_of(id_of(IssuedView))


def test_a_window_that_begins_with_a_store_makes_no_start_page_until_it_is_wanted(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    bare = MainWindow(window.settings, begins_with_store=True)
    made = list[object]()
    bare.start_work.page_made.connect(made.append)
    bare.show()
    open_store(qtbot, bare, store)
    assert made == []

    bare.close_store()

    assert made == [bare.start]
    assert bare.start.open_button.isVisible()
    bare.close()
    bare.deleteLater()


def test_a_store_that_cannot_be_opened_leads_to_the_start_page(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bare = MainWindow(window.settings, begins_with_store=True)
    bare.show()
    bare.open_store(tmp_path / "missing.foldline")

    qtbot.waitUntil(bare.banner.isVisible, timeout=PATIENCE_MS)

    assert bare.start.open_button.isVisible()
    bare.close()
    bare.deleteLater()


def told_by(widget: QWidget) -> list[str]:
    """What the parts of a panel say, shown or not: texts, choices, rows, titles of tabs."""
    told = list[str]()
    for it in widget.findChildren(QWidget):
        match it:
            case QLabel():
                told.append(it.text())
            case QComboBox():
                told += [it.currentText(), *(it.itemText(at) for at in range(it.count()))]
            case QAbstractItemView() if it.model() is not None:
                told.append(f"{it.accessibleName()}: {it.model().rowCount()} rows")
            case QTabBar():
                told += [it.tabText(at) for at in range(it.count())]
    return told


def shown_in(
    qtbot: QtBot, window: MainWindow, store: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """What each panel says of the same place, made at first, or once all the others have come."""

    def all_now(places: PanelPlaces) -> None:
        for it in panels():
            places.panel_of(it.id)

    monkeypatch.setattr(PanelPlaces, "begin", all_now if when == "first" else lambda _places: None)
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-1")
    seek(qtbot, session, 200)
    for it in panels():
        workspace.panel_of(it.id)
    qtbot.waitUntil(lambda: bool(session.panes.views) and session.tasks.is_idle)
    settle(qtbot, session)
    looks = [dict[str, list[str]](), dict[str, list[str]]()]

    def is_still() -> bool:
        looks.append({it.id: told_by(workspace.panel_of(it.id)) for it in panels()})
        return session.tasks.is_idle and looks[-1] == looks[-2] == looks[-3]

    qtbot.waitUntil(is_still, timeout=PATIENCE_MS)
    assert session.status.time_text in looks[-1]["time"]
    window.close_store()
    return looks[-1]


def test_a_panel_says_the_same_whenever_it_is_made(
    qtbot: QtBot, window: MainWindow, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shown_in(qtbot, window, store, "first", monkeypatch)
    last = shown_in(qtbot, window, store, "last", monkeypatch)

    assert {it: (first[it], last[it]) for it in first if first[it] != last[it]} == {}
