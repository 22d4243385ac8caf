"""The navigator, with the mouse and with keys alone."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels import navigator
from gui.views.navigator_view import NavigatorView
from gui.widgets.grid.counted_list import CountedList
from store.events import NewEvent
from store.sqlite.store import open_store as open_log
from tests.gui.driven_window import PATIENCE_MS, open_store, settle
from tests.gui.test_empty_lists import said_in


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """60 orders and 3 seats; eve's orders belong to one conversation."""
    path = tmp_path / "many.foldline"
    log = open_log(path, create=True)
    for at in range(60):
        who = {"user": "eve", "correlation_id": "talk-1"} if at % 20 == 0 else {"user": "ada"}
        log.append(f"order-{at:02d}", [NewEvent.of("Placed", {"n": at}, who)], expected=None)
    for at in range(3):
        events = [NewEvent.of("Taken", {"n": it}, {}) for it in range(at + 1)]
        log.append(f"seat-{at}", events, expected=None)
    log.close()
    return path


def texts(found: CountedList) -> list[str]:
    model = found.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def click(found: CountedList, row: int) -> None:
    at = found.visualRect(found.model().index(row, 0)).center()
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=at)


def view_of(qtbot: QtBot, window: MainWindow, path: Path) -> tuple[Session, NavigatorView]:
    session, workspace = open_store(qtbot, window, path)
    view = workspace.of(NavigatorView)
    qtbot.waitUntil(lambda: bool(texts(view.streams)), timeout=PATIENCE_MS)
    return session, view


def wait_for(qtbot: QtBot, found: CountedList, count: int) -> None:
    qtbot.waitUntil(lambda: found.shown_count() == count, timeout=PATIENCE_MS)


def test_a_click_opens_a_category_and_another_one_closes_it(
    qtbot: QtBot, window: MainWindow, many: Path
) -> None:
    session, view = view_of(qtbot, window, many)
    assert texts(view.streams) == ["order", "seat"]

    click(view.streams, 1)
    wait_for(qtbot, view.streams, 5)

    assert texts(view.streams) == ["order", "seat", "seat-0", "seat-1", "seat-2"]
    click(view.streams, 3)
    qtbot.waitUntil(lambda: session.selection.stream == "seat-1", timeout=PATIENCE_MS)
    settle(qtbot, session)
    click(view.streams, 1)
    wait_for(qtbot, view.streams, 2)
    assert session.selection.stream == "seat-1"  # what is chosen stays


def test_the_keys_open_and_close_categories_and_choose_streams(
    qtbot: QtBot, window: MainWindow, many: Path
) -> None:
    session, view = view_of(qtbot, window, many)
    before = session.selection.as_of
    view.streams.setFocus()
    qtbot.keyClick(view.streams, Qt.Key.Key_End)

    qtbot.keyClick(view.streams, Qt.Key.Key_Right)
    wait_for(qtbot, view.streams, 5)
    qtbot.keyClick(view.streams, Qt.Key.Key_End)
    qtbot.keyClick(view.streams, Qt.Key.Key_Up)

    qtbot.waitUntil(lambda: session.selection.stream == "seat-1", timeout=PATIENCE_MS)
    assert session.selection.as_of == before  # the keys of the time panel did nothing
    settle(qtbot, session)
    qtbot.keyClick(view.streams, Qt.Key.Key_Home)
    qtbot.keyClick(view.streams, Qt.Key.Key_Down)
    qtbot.keyClick(view.streams, Qt.Key.Key_Left)
    wait_for(qtbot, view.streams, 2)
    qtbot.keyClick(view.streams, Qt.Key.Key_Return)
    wait_for(qtbot, view.streams, 5)


def test_streams_are_sorted_by_events_and_by_age_and_it_is_kept(
    qtbot: QtBot, window: MainWindow, many: Path
) -> None:
    session, view = view_of(qtbot, window, many)

    view.sort.chosen.emit("newest")
    qtbot.waitUntil(lambda: texts(view.streams) == ["seat", "order"], timeout=PATIENCE_MS)
    view.search.setText("seat")
    qtbot.waitUntil(
        lambda: texts(view.streams) == ["seat-2", "seat-1", "seat-0"], timeout=PATIENCE_MS
    )

    settle(qtbot, session)
    window.close_store()
    _, view = view_of(qtbot, window, many)
    assert view.sort.current == "newest"
    qtbot.waitUntil(lambda: texts(view.streams) == ["seat", "order"], timeout=PATIENCE_MS)


def test_an_actor_lists_what_they_did_and_the_same_again_everything(
    qtbot: QtBot, window: MainWindow, many: Path
) -> None:
    session, view = view_of(qtbot, window, many)
    qtbot.waitUntil(lambda: texts(view.actors) == ["ada", "eve"], timeout=PATIENCE_MS)

    view.actors.setFocus()
    qtbot.keyClick(view.actors, Qt.Key.Key_End)
    qtbot.keyClick(view.actors, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: session.events.count == 3, timeout=PATIENCE_MS)
    assert session.filter.where == "actor = eve"
    qtbot.keyClick(view.actors, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.events.count == 66, timeout=PATIENCE_MS)


def test_a_conversation_lists_its_events(qtbot: QtBot, window: MainWindow, many: Path) -> None:
    session, view = view_of(qtbot, window, many)
    view.sections["conversations"].set_open(True)
    qtbot.waitUntil(lambda: texts(view.conversations) == ["Placed talk-1"], timeout=PATIENCE_MS)

    view.conversations.key_activated.emit("talk-1")

    qtbot.waitUntil(lambda: session.events.count == 3, timeout=PATIENCE_MS)


def test_while_events_are_counted_no_list_says_that_there_are_none(
    qtbot: QtBot, window: MainWindow, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    for name in ("_timed", "_types"):
        monkeypatch.setattr(navigator, name, partial(after, go_on, getattr(navigator, name)))
    window.open_store(many)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=PATIENCE_MS)
    assert window.workspace is not None
    view = window.workspace.of(NavigatorView)
    lists = (view.streams, view.types, view.actors)

    counting = {"Events are still being counted."}
    try:
        qtbot.waitUntil(lambda: {said_in(it) for it in lists} == counting, timeout=PATIENCE_MS)
    finally:
        go_on.set()

    qtbot.waitUntil(lambda: texts(view.streams) == ["order", "seat"], timeout=PATIENCE_MS)


def after(go_on: Event, count: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Counts once it may."""
    assert go_on.wait(PATIENCE_MS / 1_000)
    return count(*args, **named)
