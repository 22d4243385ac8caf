"""Why a value is what it is, and since when: on one click, on one key, and without losing the
place."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.selection import Axis
from gui.session import Session
from gui.views.field_history_view import FieldHistoryView
from gui.views.inspector_view import InspectorView
from gui.widgets.tree.json_tree import JsonTree
from gui.workspace import Workspace
from replay.states.diff import Path as FieldPath
from store.events import NewEvent
from store.opening import open_store as open_log_to_write
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle

RULES = {"name": "ship", "version": 3, "hash": "ab12cd34ef5678"}
DAY_US = 86_400_000_000
YEARS = 1_000
HOME = 5  # the position of the event that gave the ship its port, years ago
MOVES = (  # payload of ship-1, day of occurrence
    ({"port": "Oslo", "cargo": {"tonnes": 3}, "loadKg": 10}, 1),
    ({"port": "Oslo", "crew": ["Ada"]}, 2),
    ({"note": "x"}, 9),
    ({"cargo": {"tonnes": None}, "loadKg": 25}, 3),
    ({"port": "Bergen", "isLate": True}, 4),
    ({"loadKg": "much"}, 5),
)


@pytest.fixture
def voyages(tmp_path: Path) -> Path:
    """A ship that changed its port long before the newest event, and another one."""
    path = tmp_path / "voyages.foldline"
    store = open_log_to_write(path, create=True)
    for n, (payload, day) in enumerate(MOVES):
        facts = {"user": f"user {n}", "command": "Move", "model": RULES}
        times = {"recorded_at_us": n * DAY_US, "occurred_at_us": day * DAY_US}
        event = NewEvent.of("Moved", payload, facts, recorded_offset_min=0, **times)
        store.append("ship-1", [event], expected=None)
    late_us = YEARS * DAY_US
    noted = NewEvent.of("Noted", {"note": "y"}, {"user": "eve"}, recorded_at_us=late_us)
    store.append("ship-1", [noted], expected=None)
    store.append(
        "ship-2", [NewEvent.of("Moved", {"port": "Rome", "loadKg": n}) for n in (7, 8)], expected=0
    )
    store.close()
    return path


def opened(
    qtbot: QtBot, window: MainWindow, store: Path, *, position: int = 7, axis: Axis = "recorded"
) -> tuple[Session, Workspace, InspectorView]:
    session, workspace = open_store(qtbot, window, store)
    session.selection.set_axis(axis)
    session.selection.choose_stream("ship-1")
    seek(qtbot, session, position)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("state")
    return session, workspace, inspector


def click(qtbot: QtBot, tree: JsonTree, path: FieldPath) -> None:
    """One click on a field that is in sight."""
    box = tree.visualRect(tree.json.index_of(path))
    assert box.isValid()
    place = QPoint(box.left() + 40, box.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def wait_for(qtbot: QtBot, inspector: InspectorView, *texts: str) -> str:
    """Until the answer says all this."""
    answer = inspector.answer

    def says_it() -> bool:
        return answer.isVisible() and all(it in answer.text() for it in texts)

    qtbot.waitUntil(says_it, timeout=PATIENCE_MS)
    return answer.text()


def test_one_click_says_which_event_set_a_field_years_ago_when_who_and_why(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """And Enter goes there. The cursor and the tab stay until then."""
    session, _, inspector = opened(qtbot, window, voyages)

    click(qtbot, inspector.state, ("port",))
    told = wait_for(qtbot, inspector, "Moved")

    assert told.splitlines() == [
        "port of ship-1",
        '"Oslo" → "Bergen"',
        "Moved · 5 · v5",
        "1970-01-05 00:00:00.000 · 996 d earlier",
        "by user 4 · command Move",
        "rules ship 3 (ab12cd34ef56)",
        "change 2 of 2",
    ]
    assert (session.selection.as_of, inspector.tabs.chosen()) == (7, "state")
    qtbot.keyClick(inspector.state, Qt.Key.Key_Return)
    assert (session.selection.as_of, inspector.tabs.chosen()) == (HOME, "state")
    wait_for(qtbot, inspector, "at the cursor")


def test_one_key_moves_to_a_field_and_the_answer_is_there(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """With the keyboard alone: down to the field, and Enter to its event."""
    session, _, inspector = opened(qtbot, window, voyages)
    inspector.state.setFocus()
    assert inspector.state.go_to(())

    qtbot.keyClick(inspector.state, Qt.Key.Key_Down)
    wait_for(qtbot, inspector, "port of ship-1", '"Bergen"')
    qtbot.keyClick(inspector.state, Qt.Key.Key_Return)

    assert session.selection.as_of == HOME


def test_whoever_does_not_wait_for_the_answer_gets_there_too(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    session, _, inspector = opened(qtbot, window, voyages)
    inspector.state.setFocus()
    assert inspector.state.go_to(())

    qtbot.keyClick(inspector.state, Qt.Key.Key_Down)
    qtbot.keyClick(inspector.state, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: session.selection.as_of == HOME, timeout=PATIENCE_MS)
    assert inspector.tabs.chosen() == "state"


def test_along_another_axis_another_event_set_it_last(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """Of what had occurred by the day of the third event the latest is that one."""
    _, _, inspector = opened(qtbot, window, voyages, position=3, axis="occurred")

    click(qtbot, inspector.state, ("loadKg",))

    told = wait_for(qtbot, inspector, '25 → "much"')
    assert "Moved · 6 · v6" in told
    assert "1970-01-06 00:00:00.000 · 4.0 d earlier\nby user 5" in told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (("cargo",), ("1 field → 0 fields", "Moved · 4 · v4")),
        (("crew",), ("absent → 1 item", "Moved · 2 · v2")),
        (("crew", 0), ('absent → "Ada"',)),
        (("isLate",), ("absent → true", "its only change")),
        (("loadKg",), ('25 → "much"', "change 3 of 3")),
    ],
)
def test_every_type_of_field_has_its_answer(
    qtbot: QtBot, window: MainWindow, voyages: Path, path: FieldPath, told: tuple[str, ...]
) -> None:
    """Objects, lists, items, booleans, and one that changed its type."""
    _, _, inspector = opened(qtbot, window, voyages)

    click(qtbot, inspector.state, path)

    wait_for(qtbot, inspector, *told)


def test_comma_and_point_step_along_the_events_that_changed_the_field(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """With keys, and with one click each on the buttons of the answer."""
    session, _, inspector = opened(qtbot, window, voyages)
    click(qtbot, inspector.state, ("loadKg",))
    wait_for(qtbot, inspector, "change 3 of 3")

    for position in (6, 4, 1, 1):
        qtbot.keyClick(inspector.state, Qt.Key.Key_Comma)
        settle(qtbot, session)
        assert session.selection.as_of == position
    qtbot.keyClick(inspector.state, Qt.Key.Key_Period)
    settle(qtbot, session)
    assert session.selection.as_of == 4
    qtbot.mouseClick(inspector.answer.next, Qt.MouseButton.LeftButton)
    settle(qtbot, session)
    assert session.selection.as_of == 6


def test_the_history_of_a_field_is_one_key_away_and_a_change_one_more(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """Text and numbers alike: old → new, the event, its time and who; Enter goes there."""
    session, workspace, inspector = opened(qtbot, window, voyages)
    click(qtbot, inspector.state, ("port",))
    wait_for(qtbot, inspector, "change 2 of 2")

    qtbot.keyClick(inspector.state, Qt.Key.Key_H)
    view = workspace.of(FieldHistoryView)
    qtbot.waitUntil(lambda: view.isVisible() and _row(view, 1) is not None, timeout=PATIENCE_MS)

    assert inspector.tabs.chosen() == "history"
    assert "port of ship-1: 2 changes" in view.words.text()
    assert [_row(view, it) for it in (0, 1)] == [
        ("5", '"Oslo" → "Bergen"', "Moved", "1970-01-05 00:00:00.000", "user 4"),
        ("1", 'absent → "Oslo"', "Moved", "1970-01-01 00:00:00.000", "user 0"),
    ]
    assert not view.curve.isVisible()
    view.grid.setFocus()
    qtbot.keyClick(view.grid, Qt.Key.Key_Down)
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)
    assert session.selection.as_of == 1


def test_one_click_on_the_answer_shows_the_history_with_a_curve_that_has_axes(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """The unit is that of the field's name; a value is told on hover."""
    _, workspace, inspector = opened(qtbot, window, voyages)
    click(qtbot, inspector.state, ("loadKg",))
    wait_for(qtbot, inspector, "change 3 of 3")

    qtbot.mouseClick(inspector.answer.history, Qt.MouseButton.LeftButton)
    view = workspace.of(FieldHistoryView)
    qtbot.waitUntil(view.curve.isVisible, timeout=PATIENCE_MS)

    assert view.curve.plot is not None
    assert view.curve.plot.words_at(2.5) == "10 kg since 1"
    assert view.curve.plot.words_at(9) == "25 kg since 4"
    assert view.curve.plot.words_at(0) == ""


def test_curve_and_answer_follow_the_stream_and_the_cursor(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """Nothing of another stream stays."""
    session, _, inspector = opened(qtbot, window, voyages)
    click(qtbot, inspector.state, ("loadKg",))
    qtbot.waitUntil(inspector.curve.isVisible, timeout=PATIENCE_MS)

    session.selection.choose_stream("ship-2")
    seek(qtbot, session, 9)
    wait_for(qtbot, inspector, "loadKg of ship-2", "7 → 8")
    assert session.blame.curve is not None
    assert list(session.blame.curve.values) == [7.0, 8.0]
    seek(qtbot, session, 8)
    wait_for(qtbot, inspector, "absent → 7", "change 1 of 2")
    session.selection.choose_stream("ship-1")
    seek(qtbot, session, 2)
    wait_for(qtbot, inspector, "loadKg of ship-1", "absent → 10")


def test_a_field_of_a_stream_of_one_event_and_one_that_nothing_has_set_have_their_sentences(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "one.foldline"
    store = open_log_to_write(path, create=True)
    opened_ = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    store.append("account-7", [opened_], expected=0)
    store.close()
    session, workspace = open_store(qtbot, window, path)
    session.selection.choose_stream("account-7")
    seek(qtbot, session, 1)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("state")

    click(qtbot, inspector.state, ("owner",))
    wait_for(qtbot, inspector, '"" → "Ada"', "its only change")
    click(qtbot, inspector.state, ("isClosed",))

    wait_for(qtbot, inspector, "not set by any event: this is the initial value")
    assert not inspector.answer.go.isEnabled()


def test_a_search_in_the_state_goes_with_the_cursor(
    qtbot: QtBot, window: MainWindow, voyages: Path
) -> None:
    """It stays, counts its hits again, and keeps the one that was gone to."""
    session, _, inspector = opened(qtbot, window, voyages, position=2)
    inspector.state_search.setText("t")
    qtbot.keyClick(inspector.state_search, Qt.Key.Key_Return)
    before = inspector.state_search.hits()
    chosen = inspector.state.current_path()

    seek(qtbot, session, 7)

    assert before == "1 of 2"
    assert inspector.state_search.hits() == "1 of 3"
    assert inspector.state.current_path() == chosen


def _row(view: FieldHistoryView, row: int) -> tuple[str, ...] | None:
    model = view.grid.model()
    texts = tuple(model.data(model.index(row, column)) for column in range(model.columnCount()))
    return texts if any(texts) else None
