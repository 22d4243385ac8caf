"""Everything is reached from the palette, by keys alone and by the mouse."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from gui.views.panes_view import PanesView
from gui.widgets.palette_box import Offer, PaletteBox
from gui.widgets.palette_line import pieces
from tests.gui.conftest import fill
from tests.gui.driven_window import open_store, seek, settle

CONTROL = Qt.KeyboardModifier.ControlModifier
Typed: TypeAlias = Callable[[str], PaletteBox]


@pytest.fixture
def typed(qtbot: QtBot, window: MainWindow) -> Typed:
    """Opens the palette by its key and types."""

    def opened(text: str) -> PaletteBox:
        qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
        box = window.findChild(PaletteBox)
        assert isinstance(box, PaletteBox)
        qtbot.waitUntil(box.line.hasFocus)
        qtbot.keyClicks(box.line, text)
        return box

    return opened


def texts(box: PaletteBox) -> list[str]:
    return [it.text for it in box.offers()]


def wait_for(qtbot: QtBot, box: PaletteBox, text: str, *, kind: str = "") -> Offer:
    """Until the chosen line says this; gone to by the arrow key."""

    def is_there() -> bool:
        return any(it.text == text and kind in it.detail for it in box.offers())

    qtbot.waitUntil(is_there)
    for _ in box.offers():
        offer = box.offers()[box.current()]
        if offer.text == text and kind in offer.detail:
            return offer
        qtbot.keyClick(box.line, Qt.Key.Key_Down)
    raise AssertionError(f"{text} was not reached")


def enter(qtbot: QtBot, box: PaletteBox) -> None:
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isHidden()


def test_an_action_is_run_and_the_keyboard_goes_back(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 100)
    grid = workspace.of(EventsView).grid
    grid.setFocus()

    box = typed("first ev")
    offer = wait_for(qtbot, box, "First event")
    assert (offer.key, offer.detail) == ("Home", "Time")
    enter(qtbot, box)

    qtbot.waitUntil(lambda: session.selection.as_of == 1)
    assert grid.hasFocus()


def test_the_letters_that_were_typed_are_marked(window: MainWindow, typed: Typed) -> None:
    box = typed(">open")

    offer = box.offers()[0]
    assert (offer.text, offer.marks) == ("Open…", (0, 1, 2, 3))
    assert list(pieces("Go to it", (0, 3, 4))) == [
        ("G", True),
        ("o ", False),
        ("to", True),
        (" it", False),
    ]


def test_a_stream_is_gone_to(qtbot: QtBot, window: MainWindow, store: Path, typed: Typed) -> None:
    session, _ = open_store(qtbot, window, store)

    box = typed("@rder2")
    wait_for(qtbot, box, "order-2")
    enter(qtbot, box)

    qtbot.waitUntil(lambda: session.selection.stream == "order-2")


def test_streams_that_come_while_the_store_is_open_are_found(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)
    box = typed("@order-7")
    qtbot.waitUntil(lambda: "Nothing" in box.hint.text())
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)

    fill(store, 8, streams=8)
    qtbot.waitUntil(lambda: session.selection.head == 308 and session.status.lag == 0)
    box = typed("@order-7")

    wait_for(qtbot, box, "order-7")


def test_an_event_type_is_filtered_by(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: len(session.navigator.types) == 2)

    box = typed("#placed")
    wait_for(qtbot, box, "Placed")
    enter(qtbot, box)

    settle(qtbot, session)
    assert session.filter.types == ("Placed",)
    assert session.events.count == 3


def test_a_view_is_opened(qtbot: QtBot, window: MainWindow, store: Path, typed: Typed) -> None:
    session, workspace = open_store(qtbot, window, store)

    box = typed("event_types")
    wait_for(qtbot, box, "event_types", kind="view")
    enter(qtbot, box)

    qtbot.waitUntil(workspace.of(PanesView).isVisible)
    assert {it.view for it in session.panes.sides.values()} == {"event_types"}


def test_a_saved_filter_is_applied_and_a_bookmark_gone_to(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)
    session.filter.set_where("count > 200")
    session.saved_filters.save("many of them")
    session.filter.clear()
    session.bookmarks.add(42, "where it went wrong")

    box = typed("many")
    wait_for(qtbot, box, "many of them")
    enter(qtbot, box)
    assert session.filter.where == "count > 200"
    box = typed("wrong")
    wait_for(qtbot, box, "where it went wrong")
    enter(qtbot, box)

    qtbot.waitUntil(lambda: session.selection.as_of == 42)


def test_a_panel_and_a_page_of_one_are_brought_to_the_front(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    _, workspace = open_store(qtbot, window, store)

    box = typed("breakp")
    wait_for(qtbot, box, "Breakpoints", kind="tab of Inspector")
    enter(qtbot, box)

    qtbot.waitUntil(workspace.panel_of("breakpoints").isVisible)


def test_a_position_is_gone_to_and_what_is_none_says_so(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)

    box = typed(":soon")
    assert "neither a position nor a time" in box.offers()[0].refusal
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
    assert "cannot be done now" in box.hint.text()
    box.line.clear()
    qtbot.keyClicks(box.line, ":77")
    enter(qtbot, box)

    qtbot.waitUntil(lambda: session.selection.as_of == 77)


def test_what_the_menu_of_the_chosen_event_offers_is_found(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)
    seek(qtbot, session, 2)

    box = typed("only this conversation")
    wait_for(qtbot, box, "Only this conversation", kind="the selected event")
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    box = typed("leave out type placed")
    qtbot.waitUntil(lambda: any("Leave out ▸ type = Placed" in it for it in texts(box)))


def test_a_recent_store_is_opened(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    open_store(qtbot, window, store)
    window.close_store()

    box = typed("orders.fold")
    offer = wait_for(qtbot, box, "orders.foldline")
    assert offer.detail == str(store.parent)
    enter(qtbot, box)

    qtbot.waitUntil(lambda: window.session is not None)


def test_what_cannot_be_done_is_listed_with_why_and_not_run(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    box = typed("swap cursor")
    offer = box.offers()[0]
    assert (offer.text, offer.refusal) == ("Swap cursor and A", "no store is open")
    assert "no store is open" in offer.words
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    open_store(qtbot, window, store)

    assert typed("swap cursor").offers()[0].refusal == "A is not set"


def test_what_was_used_last_comes_first_also_at_the_next_start(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    open_store(qtbot, window, store)
    box = typed("@order-1")
    wait_for(qtbot, box, "order-1")
    enter(qtbot, box)
    box = typed(">set a")
    wait_for(qtbot, box, "Set A here")
    enter(qtbot, box)

    assert texts(typed(""))[:2] == ["Set A here", "order-1"]
    window.close_store()
    qtbot.waitUntil(lambda: window.session is None)
    box = typed("")

    assert "order-1" not in texts(box), "a stream belongs to its store"
    assert texts(box)[0] == "Set A here"
    assert len(texts(box)) > 50


def test_a_click_takes_a_line_and_esc_changes_nothing(
    qtbot: QtBot, window: MainWindow, store: Path, typed: Typed
) -> None:
    session, _ = open_store(qtbot, window, store)
    seek(qtbot, session, 100)
    box = typed("first ev")
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    assert box.isHidden()
    assert session.selection.as_of == 100

    box = typed(">first event")
    index = box.list.model().index(0, 0)
    viewport = box.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=box.list.visualRect(index).center())

    qtbot.waitUntil(lambda: session.selection.as_of == 1)
    assert box.isHidden()


def test_arrows_pages_and_tab_go_along_the_list(qtbot: QtBot, typed: Typed) -> None:
    box = typed("")
    count = len(box.offers())

    qtbot.keyClick(box.line, Qt.Key.Key_Up)
    assert box.current() == count - 1
    qtbot.keyClick(box.line, Qt.Key.Key_Down)
    assert box.current() == 0
    qtbot.keyClick(box.line, Qt.Key.Key_PageDown)
    assert box.current() == 11
    qtbot.keyClick(box.line, Qt.Key.Key_Tab)
    assert box.current() == 12
    assert box.line.accessibleDescription() == box.offers()[12].words


def test_it_closes_when_the_keyboard_goes_elsewhere_and_by_its_own_key(
    qtbot: QtBot, window: MainWindow, typed: Typed
) -> None:
    box = typed("o")
    window.start.open_button.setFocus()
    assert box.isHidden()

    typed("o")
    qtbot.keyClick(box.line, Qt.Key.Key_K, CONTROL)

    assert box.isHidden()


def test_a_changed_key_is_shown_at_once(window: MainWindow, typed: Typed) -> None:
    window.keys.bindings.bind("about", ["Ctrl+J"])

    assert typed(">about").offers()[0].key == "Ctrl+J"


def test_bold_letters_keys_and_refusals_are_painted(
    qtbot: QtBot, window: MainWindow, typed: Typed
) -> None:
    def colors(of: PaletteBox) -> set[str]:
        QApplication.processEvents()
        image = of.list.viewport().grab().toImage()
        return {
            QColor(image.pixel(x, y)).name()
            for x in range(0, image.width(), 1)
            for y in range(image.height())
        }

    box = typed(">swap")
    qtbot.waitUntil(box.list.isVisible)

    assert themes().current["warn"].name() in colors(box), "why not"
    assert themes().current["selection"].name() in colors(box), "the chosen line"
