"""The file under the window is another one: the window says so, refuses, and goes on by itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from replay.children.environment import environment
from replay.workers.worker_messages import ListModels
from store.errors import LogReplaced
from store.events import NewEvent
from store.opening import open_store as store_of
from store.sqlite.integrity import verify
from tests.gui.conftest import fill
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store, seek


def told(window: MainWindow) -> str:
    return window.banner.accessibleDescription() if window.banner.isVisible() else ""


def add(path: Path) -> None:
    store = store_of(path)
    try:
        store.append("order-0", [NewEvent.of("Counted", {"count": 1})], expected=None)
    finally:
        store.close()


ADD_AND_DIE = """
import os, sys
from pathlib import Path
from store.events import NewEvent
from store.opening import open_store
open_store(Path(sys.argv[1])).append("order-0", [NewEvent.of("Counted", {})], expected=None)
os._exit(0)
"""


def add_and_die(path: Path) -> None:
    """What it recorded stays in the -wal as long as somebody has the log open."""
    command = [sys.executable, "-P", "-c", ADD_AND_DIE, str(path)]
    subprocess.run(command, check=True, env=environment())


def test_a_log_that_is_moved_away_is_missed_and_found_again(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    aside = store.with_name("aside.foldline")

    store.rename(aside)

    wait(qtbot, lambda: "is missing" in told(window))
    wait(qtbot, lambda: window.top.live.text() == "not live")
    with pytest.raises(LogReplaced):
        session.worker.ask(ListModels())
    wait(qtbot, lambda: "is missing" in session.status.held)

    aside.rename(store)

    wait(qtbot, lambda: window.top.live.text() == "live")
    assert window.session is session
    add(store)
    wait(qtbot, lambda: session.selection.head == 301)
    wait(qtbot, lambda: session.status.views_text == "all views current")
    seek(qtbot, session, 301)
    assert session.inspector.inspection is not None


def test_another_log_in_its_place_is_told_and_left_alone(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    other = store.with_name("other.foldline")
    fill(other, 7)
    before = other.read_bytes()

    other.rename(store)

    wait(qtbot, lambda: "another file has replaced" in told(window).lower())
    with pytest.raises(LogReplaced):
        session.worker.ask(ListModels())
    assert session.selection.head == 300
    assert store.read_bytes() == before
    window.close_store()
    assert store.read_bytes() == before


def test_a_copy_that_is_put_back_is_opened_by_itself(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    """As a backup is restored over an open log: it may lack the newest events."""
    backup = store.with_name("backup.foldline")
    shutil.copyfile(store, backup)
    fill(store, 900)
    first, _ = open_store(qtbot, window, store)
    add_and_die(store)
    wait(qtbot, lambda: first.selection.head == 1_201)

    os.replace(backup, store)

    wait(qtbot, lambda: window.session is not None and window.session is not first)
    session = window.open_session()
    wait(qtbot, lambda: session.status.views_text == "all views current")
    assert session.selection.head == 300
    assert "replaced by another copy" in told(window).lower()
    assert session.log.aside is not None
    assert str(session.log.aside) in told(window)
    add(store)
    wait(qtbot, lambda: session.selection.head == 301)
    assert verify(store).is_sound
