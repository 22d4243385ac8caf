"""A log with more event types than are listed: what is cut says so, and every type is found."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.event_change_dialog import EventChangeDialog
from gui.dialogs.teach_dialog import TeachDialog
from gui.main_window import MainWindow
from gui.viewmodels.taught_work import MOST_TYPES as MOST_TAUGHT
from gui.views.navigator_view import NavigatorView
from gui.views.time_view import TimeView
from gui.widgets.palette_box import PaletteBox
from replay.history.navigation import LISTED
from replay.timeline.timeline_index import MOST_TYPES
from store.events import NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at, texts

MANY = LISTED + 300
LAST = f"Type{MANY - 1:05d}"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every event has a type of its own, but for the last type, which has two."""
    found = Path(tmp_path_factory.mktemp("types"), "types.foldline")
    create_log(found)
    db = open_log(found, writable=True)
    writer = Writer(db)
    with writer.transaction():
        for at in (*range(MANY), MANY - 1):
            event = NewEvent.of(f"Type{at:05d}", {"n": at}, {"user": "ada"})
            writer.append_inside(f"thing-{at % 40}", [event], expected=None)
    db.close()
    return found


def wait_for_palette(qtbot: QtBot, window: MainWindow) -> PaletteBox:
    found = window.findChild(PaletteBox)
    assert isinstance(found, PaletteBox)
    qtbot.waitUntil(lambda: found.isVisible() and found.line.text() == "#")
    return found


def find_last(qtbot: QtBot, window: MainWindow, count: Callable[[], int]) -> None:
    """Type its name into the palette that has been opened, and Enter."""
    box = wait_for_palette(qtbot, window)
    qtbot.keyClicks(box.line, LAST)
    qtbot.waitUntil(lambda: [it.text for it in box.offers()] == [LAST])
    assert box.offers()[0].detail == "event type, 2"
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: count() == 2)


def test_the_navigator_counts_the_types_that_it_does_not_list(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session, workspace = open_store(qtbot, window, path)
    types = workspace.of(NavigatorView).types

    qtbot.waitUntil(lambda: types.shown_count() == LISTED + 1)

    model = types.model()
    assert model.index(0, 0).data() == LAST  # the most frequent one
    assert model.index(LISTED, 0).data() == "… 300 more: press Enter to find one"
    types.setCurrentIndex(model.index(LISTED, 0))
    settle(qtbot, session)
    assert not session.filter.is_set
    qtbot.keyClick(types, Qt.Key.Key_Return)
    find_last(qtbot, window, lambda: session.events.count)
    assert session.filter.types == (LAST,)


def test_the_lane_of_the_other_types_offers_to_find_one(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session, workspace = open_store(qtbot, window, path)
    panel = workspace.of(TimeView).panel
    qtbot.waitUntil(lambda: panel.scene.lane_count() == MOST_TYPES)
    frame = panel.scene.frame()
    first = panel.scene.shown_lanes()[0]
    assert (first.name, first.total) == ("… other types", MANY + 1 - (MOST_TYPES - 1))

    menu = menu_at(qtbot, workspace, panel, QPoint(10, round(frame.plot.top() + 4)))
    assert texts(menu) == ["Find one of these types…"]
    choose(menu, "Find one of these types…")

    find_last(qtbot, window, lambda: session.events.count)


def test_types_that_share_a_lane_look_like_it(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    session, _ = open_store(qtbot, window, path)
    qtbot.waitUntil(lambda: len(session.navigator.types) == LISTED)
    lanes = {it.name: it.number for it in session.timeline.lanes}

    color_of = session.navigator.color_index

    assert color_of(LAST) == color_of("Type01500") == lanes["… other types"]
    assert color_of("Type00007") == lanes["Type00007"] == 7


def test_the_lane_of_what_is_listed_is_no_type(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session, workspace = open_store(qtbot, window, path)
    panel = workspace.of(TimeView).panel
    session.filter.set_where("n > 2000")
    session.listed_timeline.toggle()
    qtbot.waitUntil(lambda: [it.name for it in panel.scene.shown_lanes()] == ["listed"])
    spot = workspace.of(TimeView).spots()[0]

    assert spot.find(QPoint(10, round(panel.scene.frame().plot.top() + 4))) == []


def test_a_type_that_is_not_offered_is_changed_all_the_same(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session, _ = open_store(qtbot, window, path)
    qtbot.waitUntil(lambda: session.navigator.types_total == MANY)
    seek(qtbot, session, MANY - 1)
    of_event = session.inspector.inspection
    assert of_event is not None
    assert of_event.event is not None

    window.actions_["change event"].trigger()

    (dialog,) = [it for it in window.findChildren(EventChangeDialog) if it.isVisible()]
    assert dialog.offered.text().startswith("The 2,000 most frequent of 2,300 types are offered.")
    assert dialog.type.count() == LISTED
    assert of_event.event.type not in [dialog.type.itemText(at) for at in range(LISTED)]
    assert dialog.type.currentText() == of_event.event.type
    kind, field, value = dialog.edits[0]
    kind.setCurrentIndex(kind.findData("rename"))
    qtbot.keyClicks(field, "n")
    qtbot.keyClicks(value, "number")
    qtbot.mouseClick(dialog.try_, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.tried.text().startswith("1 event is stored"))
    dialog.reject()


def test_a_category_of_very_many_types_is_taught_by_the_most_frequent(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session, workspace = open_store(qtbot, window, path)
    workspace.teach("thing")

    (dialog,) = [it for it in window.findChildren(TeachDialog) if it.isVisible()]
    qtbot.waitUntil(lambda: dialog.types.shown_count() == MOST_TAUGHT)

    assert "The 300 most frequent of 2,300 types are listed." in dialog.message.text()
    assert LAST in session.teaching.sampled
    qtbot.waitUntil(lambda: session.teaching.shown is not None)
    qtbot.waitUntil(lambda: "Not taught: " in dialog.told.text())
    assert dialog.told.text().count("Type") <= 21
    dialog.reject()
