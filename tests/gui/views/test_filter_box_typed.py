"""One language in every box of the window: what is offered, what is told, and what is listed."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from gui.views.navigator_view import NavigatorView
from gui.views.search_view import SearchView
from gui.widgets.filter_box import FilterBox
from tests.gui.driven_window import PATIENCE_MS, open_store

ENTER, TAB, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down


def test_a_filter_is_completed_with_keys_alone(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    box = workspace.of(EventsView).where
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(box.line.hasFocus, timeout=PATIENCE_MS)

    for typed, expected in (("ty", "type"), ("= Pl", "Placed"), ("an", "and")):
        qtbot.keyClicks(box.line, typed)
        wait_for_offer(qtbot, box, expected)
        qtbot.keyClick(box.line, TAB)
    qtbot.keyClicks(box.line, "actor = ada")
    assert box.text() == "type = Placed and actor = ada"
    assert box.kind_shown() == "filter"
    qtbot.keyClick(box.line, ENTER)
    qtbot.waitUntil(lambda: session.events.count == 3, timeout=PATIENCE_MS)


def test_values_of_the_data_are_offered_for_their_field(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _session, workspace = open_store(qtbot, window, store)
    box = workspace.of(EventsView).where
    box.line.setFocus()

    qtbot.keyClicks(box.line, "stream = ord")

    qtbot.waitUntil(
        lambda: set(box.offered()) == {"order-0", "order-1", "order-2"}, timeout=PATIENCE_MS
    )


def test_a_name_that_no_event_has_is_told_under_it_with_the_nearest(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(EventsView)

    for text, told in (
        ("count < 9 and type = Placd", "↑ no event has a type `Placd`; nearest: Placed"),
        ("count < 9 or cuont > 1", "↑ no event has a field `cuont`; nearest: data.count"),
    ):
        view.where.line.clear()
        qtbot.keyClicks(view.where.line, text)
        qtbot.keyClick(view.where.line, ENTER)
        wait_for_message(qtbot, view.where, told)
    qtbot.waitUntil(lambda: session.events.count == 9, timeout=PATIENCE_MS)


def test_the_box_says_which_it_holds_and_words_give_way_to_a_filter(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    box = workspace.of(EventsView).where

    qtbot.keyClicks(box.line, "note 29")
    qtbot.waitUntil(lambda: session.events.count == 11, timeout=PATIENCE_MS)
    assert (box.kind_shown(), session.filter.text) == ("text", "note 29")

    box.line.setText("note ")
    qtbot.keyClicks(box.line, "= 'note 29'")
    qtbot.waitUntil(lambda: session.events.count == 300, timeout=PATIENCE_MS)
    assert (box.kind_shown(), box.text()) == ("filter", "note = 'note 29'")
    qtbot.keyClick(box.line, ENTER)
    qtbot.waitUntil(lambda: session.events.count == 1, timeout=PATIENCE_MS)
    assert (session.filter.where, session.filter.text) == ("note = 'note 29'", "")


def test_the_search_page_takes_a_filter_too(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(SearchView)
    page = workspace.of(SearchView)

    qtbot.keyClicks(page.line, "count >= 298")
    qtbot.keyClick(page.line, ENTER)
    qtbot.waitUntil(lambda: session.search.hits is not None, timeout=PATIENCE_MS)

    assert session.search.hits is not None
    assert [it.position for it in session.search.hits.rows] == [300, 299]
    page.line.setText("cuont = 1")
    qtbot.keyClick(page.line, ENTER)
    qtbot.waitUntil(lambda: "nearest: data.count" in page.message.text(), timeout=PATIENCE_MS)


def test_the_box_of_the_navigator_offers_names_and_values(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    field = workspace.of(NavigatorView).search
    field.setFocus()

    qtbot.keyClicks(field, "ty")
    qtbot.waitUntil(lambda: field.offered()[:1] == ["type"])
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    qtbot.keyClicks(field, "= p")
    qtbot.waitUntil(lambda: field.offered() == ["Placed"])
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, ENTER)
    assert field.text() == "type = Placed "
    qtbot.keyClick(field, ENTER)

    qtbot.waitUntil(lambda: [it.count for it in session.navigator.streams.streams] == [1, 1, 1])


def test_the_box_of_the_navigator_lists_the_streams_of_what_meets_a_filter(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    field = workspace.of(NavigatorView).search

    def listed() -> list[tuple[str, int]]:
        return [(it.name, it.count) for it in session.navigator.streams.streams]

    qtbot.keyClicks(field, "count >= 298 or note = 'note 0'")
    qtbot.keyClick(field, ENTER)
    qtbot.waitUntil(lambda: listed() == [("order-0", 1), ("order-1", 1), ("order-2", 1)])
    field.setText("count >= 299")
    qtbot.waitUntil(lambda: listed() == [("order-2", 1)])
    assert field.hits() == "filter"

    field.setText("count >=")
    qtbot.waitUntil(lambda: "expected a value" in field.toolTip())
    assert listed() == [("order-2", 1)]
    field.setText("er-1")
    qtbot.waitUntil(lambda: [name for name, _ in listed()] == ["order-1"])


def wait_for_offer(qtbot: QtBot, box: FilterBox, text: str) -> None:
    qtbot.waitUntil(lambda: box.offered()[:1] == [text], timeout=PATIENCE_MS)


def wait_for_message(qtbot: QtBot, box: FilterBox, text: str) -> None:
    qtbot.waitUntil(lambda: box.message.text() == text, timeout=PATIENCE_MS)
