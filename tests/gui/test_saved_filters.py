"""Filters are named, kept and offered again; the time panel narrows to what is listed."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from store.filter.parse import parse
from store.query import EventQuery
from tests.gui.driven_window import PATIENCE_MS, open_store

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_filter_is_named_and_offered_again_at_the_next_start(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.filter.set_typed("count > 289")
    dialog = workspace.saved_filter_menu.ask_name()
    assert dialog.textValue() == "count > 289"
    dialog.setTextValue("the last ones")
    dialog.accept()
    session.filter.clear()
    window.close_store()

    session, workspace = open_store(qtbot, window, store)
    offered = workspace.saved_filter_menu.menu().actions()
    assert offered[0].text() == "the last ones"
    offered[0].trigger()

    qtbot.waitUntil(lambda: session.events.count == 10, timeout=PATIENCE_MS)
    assert workspace.of(EventsView).where.text() == "count > 289"
    session.saved_filters.forget("the last ones")
    assert session.saved_filters.names == ()


def test_what_cannot_be_read_any_more_is_left_out(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)

    session.saved_filters.restore({"bad": {"where": "count >"}, "odd": 7, "good": {"where": ""}})

    assert session.saved_filters.names == ("good",)
    session.saved_filters.restore("nonsense")
    assert session.saved_filters.names == ("good",)


def test_the_time_panel_shows_the_density_of_what_is_listed(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    session.selection.set_axis("position")
    session.filter.set_typed("count >= 250")
    qtbot.waitUntil(lambda: session.events.count == 50, timeout=PATIENCE_MS)

    qtbot.keyClick(window, Qt.Key.Key_N, SHIFT)

    assert [(it.name, it.total) for it in session.timeline.lanes] == [("listed", 50)]
    assert list(session.timeline.density(1, 301, 3)[0]) == [0, 0, 50]
    session.filter.set_typed("count < 100")
    qtbot.waitUntil(lambda: session.events.count == 100, timeout=PATIENCE_MS)
    assert list(session.timeline.density(1, 301, 3)[0]) == [100, 0, 0]
    for axis in ("recorded", "occurred"):
        session.selection.set_axis(axis)
        qtbot.waitUntil(lambda: counted(session) == 100, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_N, SHIFT)
    assert len(session.timeline.lanes) == 2


def counted(session: Session) -> int:
    """Over the whole axis."""
    first, last = session.timeline.extent
    return int(session.timeline.density(first, last + 1, 7).sum())


def test_the_counts_of_what_is_listed_are_those_of_the_log(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    session.selection.set_axis("position")
    session.events.set_query(EventQuery(where=parse("note contains '7'")))
    qtbot.waitUntil(lambda: not session.events.is_filtering, timeout=PATIENCE_MS)
    session.listed_timeline.toggle()
    hits = np.array([at for at in range(1, 301) if "7" in str(at - 1)])

    found = session.timeline.density(1, 301, 30)[0]

    assert list(found) == list(np.histogram(hits, bins=30, range=(1, 301))[0])
