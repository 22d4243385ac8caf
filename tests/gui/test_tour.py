"""The tour: begun once unasked, by mouse and by keys, over panels that go on working."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.tour import STEPS, Tour
from gui.widgets.callout import Callout, place_beside
from tests.gui.driven_window import PATIENCE_MS, open_store


def _open_sample(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.start.samples["ships"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=PATIENCE_MS)


def _tour(window: MainWindow) -> tuple[Tour, Callout]:
    tour = window.start_work.tour
    assert tour is not None
    assert tour.callout is not None
    return tour, tour.callout


def test_the_first_sample_begins_the_tour_and_the_next_one_does_not(
    qtbot: QtBot, window: MainWindow
) -> None:
    _open_sample(qtbot, window)
    tour, callout = _tour(window)
    assert tour.step is STEPS[0]
    qtbot.mouseClick(callout.end, Qt.MouseButton.LeftButton)
    assert window.start_work.tour is None

    window.close_store()
    _open_sample(qtbot, window)

    assert window.start_work.tour is None


def test_a_store_of_ones_own_begins_no_tour(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    open_store(qtbot, window, store)

    assert window.start_work.tour is None
    assert not window.settings.has_seen_tour()


def test_each_step_stands_beside_its_panel_which_is_in_sight(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    window.show_tour()

    for at, step in enumerate(STEPS):
        tour, callout = _tour(window)
        target = step.target(workspace)
        assert tour.step is step
        assert callout.count.text() == f"{at + 1} of 5"
        assert callout.title.text() == step.title
        assert target.isVisible()
        assert window.rect().contains(callout.geometry())
        around = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        assert not around.intersects(callout.geometry())
        qtbot.mouseClick(callout.next, Qt.MouseButton.LeftButton)

    assert window.start_work.tour is None


def test_the_tour_goes_on_by_enter_back_by_tab_and_ends_by_escape(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    open_store(qtbot, window, store)
    window.show_tour()
    tour, callout = _tour(window)
    qtbot.waitUntil(callout.next.hasFocus, timeout=PATIENCE_MS)

    qtbot.keyClick(callout.next, Qt.Key.Key_Return)
    assert tour.step is STEPS[1]
    callout.back.setFocus()
    qtbot.keyClick(callout.back, Qt.Key.Key_Return)
    assert tour.step is STEPS[0]
    qtbot.keyClick(callout.next, Qt.Key.Key_Escape)

    assert window.start_work.tour is None


def test_the_panels_take_the_mouse_while_the_tour_stands(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    window.show_tour()

    panel = STEPS[0].target(workspace)
    middle = panel.mapTo(window, panel.rect().center())

    hit = window.childAt(middle)
    assert hit is not None
    assert panel is hit or panel.isAncestorOf(hit)


def test_the_tour_ends_with_its_store(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    open_store(qtbot, window, store)
    window.show_tour()

    window.close_store()
    QApplication.processEvents()

    assert window.start_work.tour is None
    assert window.findChildren(Callout) == [] or not window.findChildren(Callout)[0].isVisible()


def test_without_a_store_the_tour_opens_a_sample(qtbot: QtBot, window: MainWindow) -> None:
    window.settings.set_seen_tour()

    window.show_tour()
    qtbot.waitUntil(lambda: window.start_work.tour is not None, timeout=PATIENCE_MS)

    assert window.top.name.text() == "conference.foldline"


@given(
    st.integers(0, 900),
    st.integers(0, 600),
    st.integers(1, 1_280),
    st.integers(1, 800),
    st.integers(50, 400),
    st.integers(50, 300),
)
def test_a_card_stands_inside_the_window_and_beside_its_part_where_there_is_room(
    left: int, top: int, width: int, height: int, card_width: int, card_height: int
) -> None:
    room, around = QSize(1_280, 800), QRect(left, top, width, height)
    size = QSize(card_width, card_height)

    card = QRect(place_beside(around, size, room), size)

    assert QRect(QPoint(0, 0), room).contains(card)
    if left > card_width + 10:
        assert not card.intersects(around)
