"""Filters are named, kept and offered again; the time panel narrows to what is listed."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from replay.definition_journal import read
from replay.definitions.history import entry_of, restore
from replay.questions.saved_filters import SavedFilter, apply, load
from store.filter.parse import parse
from store.place import Place
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
    qtbot.waitUntil(lambda: list(load(Place(store))) == ["good"])


def test_filters_of_former_settings_are_carried_over_once_with_nothing_lost(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    old = {
        "late": {"types": ["Counted"], "stream": "order-1", "text": "note", "where": "count > 9"},
        "early": {"types": [], "stream": "", "text": "", "where": "count < 9"},
    }
    window.settings.set_place(store, {"position": 7, "saved_filters": old})
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: list(load(Place(store))) == ["late", "early"])

    assert session.saved_filters.names == ("late", "early")
    entries = [it for it in read(Place(store)).entries if it.kind == "filters"]
    assert [(it.how, bool(it.by)) for it in entries] == [("carried-over", True)]
    session.saved_filters.apply("late")
    assert session.filter.as_dict() == old["late"]
    qtbot.waitUntil(lambda: session.saved_filters.kept() == {})
    session.saved_filters.forget("early")
    window.close_store()

    assert list(load(Place(store))) == ["late"]
    assert window.settings.place(store)["saved_filters"] == {}
    window.settings.set_place(store, {"saved_filters": old})  # as after a kill
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: session.saved_filters.kept() == {})
    assert session.saved_filters.names == ("late",)


def test_a_filter_of_another_program_is_offered_and_an_earlier_state_comes_back(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: bool(session.feed.stamps))
    place = Place(store)

    apply(place, {"theirs": SavedFilter(where="count > 9")})
    qtbot.waitUntil(lambda: session.saved_filters.names == ("theirs",))
    apply(place, {"theirs": None})
    qtbot.waitUntil(lambda: session.saved_filters.names == ())
    journal = read(place)
    restore(place, journal, entry_of(journal, 1), why="needed")

    qtbot.waitUntil(lambda: session.saved_filters.names == ("theirs",))


def test_filters_of_a_log_that_may_only_be_read_stay_in_the_settings(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    store.chmod(0o444)
    session, _ = open_store(qtbot, window, store)
    if not session.place.only_read:  # some accounts may write any file
        return
    session.filter.set_where("count > 9")
    session.saved_filters.save("mine")
    window.close_store()

    session, _ = open_store(qtbot, window, store)
    assert session.saved_filters.names == ("mine",)


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
