"""A parallel model: a line, or the log as of a moment, in a second window beside the live one."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.settings import Settings
from gui.viewmodels.pane_side import Side
from gui.views.panes_view import PanesView
from gui.views.sql_view import SqlView
from replay.branching.passing import as_of
from replay.views import built_views
from store.branches.create import create_branch
from store.place import Place
from tests.gui.conftest import fill
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store, settle
from tests.gui.views.test_definitions_view import COUNTED

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
COUNT = "SELECT count(*) AS n, max(position) AS last FROM event_log"


@pytest.fixture
def other(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A second window, with settings of its own file."""
    window = MainWindow(Settings(tmp_path / "other.ini"))
    window.show()
    yield window
    window.close()
    window.deleteLater()


def ask(qtbot: QtBot, session: Session) -> tuple[Any, ...]:
    """The same query, in whichever window."""
    with qtbot.waitSignal(session.sql.answered):
        session.sql.run(COUNT)
    assert session.sql.problem == ""
    assert session.sql.result is not None
    return session.sql.result.rows[0]


def show_view(qtbot: QtBot, window: MainWindow) -> None:
    session, workspace = window.open_session(), window.open_workspace()
    workspace.show_panel(PanesView)
    wait(qtbot, lambda: "per_stream" in session.panes.views)
    session.panes.show_only_differences(False)
    for which in ("left", "right"):
        session.panes.set_side(which, Side(view="per_stream", moment="now"))


def counts(window: MainWindow) -> list[str]:
    """Events of each stream, as the view says."""
    return [texts[1] for texts, _ in window.open_session().panes.pane("left").rows]


def shows(window: MainWindow, head: int) -> bool:
    """The window has heard of all events, and its view of three streams holds them."""
    is_there = window.open_session().selection.head == head
    return is_there and counts(window) == [str(head // 3)] * 3


def branches(store: Path) -> list[str]:
    return [Place(it).branch_name for it in Place(store).branches()]


def traces(store: Path) -> list[str]:
    """Files that only a branch can have left."""
    return sorted(it.name for it in store.parent.iterdir() if "branch" in it.name)


def test_while_the_live_window_takes_writes_the_parallel_one_does_not_move(
    qtbot: QtBot, window: MainWindow, other: MainWindow, store: Path
) -> None:
    built_views.save(Place(store), COUNTED, taken=frozenset())
    live, _ = open_store(qtbot, window, store)
    then, _ = open_store(qtbot, other, as_of(store, 201))
    for it in (window, other):
        show_view(qtbot, it)
    wait(qtbot, lambda: counts(window) == ["100", "100", "100"])
    wait(qtbot, lambda: counts(other) == ["67", "67", "67"])
    then.selection.seek(7)
    live.selection.seek(150)

    for head in (330, 360):
        fill(store, 30)
        wait(qtbot, partial(shows, window, head))
        assert ask(qtbot, live) == (head, head)
        assert ask(qtbot, then) == (201, 201)
        settle(qtbot, then)
        assert counts(other) == ["67", "67", "67"]
    assert (then.selection.head, then.selection.as_of, live.selection.as_of) == (201, 7, 150)
    assert other.windowTitle().startswith("Branch as-of-201 of orders.foldline")

    other.close()

    assert traces(store) == []
    kept = (store.parent / "other.ini").read_text()
    assert "place" not in kept  # of the log alone it is known when it was seen
    assert ask(qtbot, live) == (360, 360)
    assert live.selection.as_of == 150


def test_the_live_window_can_be_closed_first(
    qtbot: QtBot, window: MainWindow, other: MainWindow, store: Path
) -> None:
    open_store(qtbot, window, store)
    then, workspace = open_store(qtbot, other, as_of(store, 100))
    workspace.show_panel(SqlView)

    window.close()
    fill(store, 10)

    assert ask(qtbot, then) == (100, 100)


def test_what_two_windows_show_stays_until_both_are_closed(
    qtbot: QtBot, window: MainWindow, other: MainWindow, store: Path
) -> None:
    path = as_of(store, 100)
    open_store(qtbot, window, path)
    then, _ = open_store(qtbot, other, path)

    window.close_store()
    assert ask(qtbot, then) == (100, 100)
    other.close_store()

    assert branches(store) == []


def test_opened_again_in_the_same_window_it_stays(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    path = as_of(store, 100)
    first, _ = open_store(qtbot, window, path)

    window.open_store(path)
    wait(qtbot, lambda: window.session is not None and window.session is not first)

    assert branches(store) == ["as-of-100"]
    assert ask(qtbot, window.open_session()) == (100, 100)


def test_a_branch_that_a_person_made_stays_when_its_window_closes(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    path = create_branch(store, "fix", fork=100, is_alone=True)

    open_store(qtbot, window, path)
    window.close_store()

    assert branches(store) == ["fix"]


def test_the_key_starts_a_process_with_a_window_that_leaves_nothing_behind(
    qtbot: QtBot, window: MainWindow, store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    session, _ = open_store(qtbot, window, store)
    session.selection.seek(120)

    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL_SHIFT)

    wait(qtbot, lambda: branches(store) == ["as-of-120"])
    place = Place(next(iter(Place(store).branches())))
    wait(qtbot, lambda: bool(windows_of(place)))
    (pid,) = windows_of(place)
    try:
        wait(qtbot, place.views.exists)
        fill(store, 5)
        wait(qtbot, lambda: session.selection.head == 305)
    finally:
        os.kill(pid, signal.SIGTERM)
    wait(qtbot, lambda: windows_of(place) == [])
    wait(qtbot, lambda: traces(store) == [])


def windows_of(place: Place) -> list[int]:
    """Processes that were started to show it."""
    found = []
    for it in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            if it.read_bytes().split(b"\0")[-3:-1] == [b"main", os.fsencode(place.path)]:
                found.append(int(it.parent.name))
    return found
