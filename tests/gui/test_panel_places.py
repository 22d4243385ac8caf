"""Panels in no sight are made after those in sight, and nothing moves when they come."""

from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.panel_places import id_of
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.issued_view import IssuedView
from gui.views.rules_view import RulesView
from tests.gui.driven_window import PATIENCE_MS, open_store


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
