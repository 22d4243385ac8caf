"""Small stores and the plumbing of one window, for GUI tests."""

import os
import random
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.look.tokens import load_fonts
from gui.main_window import MainWindow
from gui.selection import Selection
from gui.session import Session
from gui.settings import Settings
from gui.views.commands_view import CommandsView
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.store import SqliteStore, open_store
from store.sqlite.writer import Writer
from tests.gui.driven_form import wait
from tests.gui.driven_window import PatientBot
from tests.gui.driven_window import open_store as show_store
from tests.gui.left_behind import nothing_left
from tests.replay.conference_office import Office
from tests.replay.issued import issued

SECOND_US = 1_000_000
START_US = 1_773_000_000 * SECOND_US


def fill(path: Path, count: int, *, streams: int = 3) -> None:
    """A store of `count` events, one a second, taking turns over `streams` streams."""
    if not path.exists():
        create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    head = db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0]
    with writer.transaction():
        for at in range(head, head + count):
            writer.append_inside(f"order-{at % streams}", [an_event(at)], expected=None)
    db.close()


def an_event(at: int) -> NewEvent:
    """The event of second `at`: an order is placed first, then counted up."""
    return NewEvent.of(
        "Placed" if at < 3 else "Counted",
        {"count": at, "note": f"note {at}"},
        {"user": "ada"},
        recorded_at_us=START_US + at * SECOND_US,
        recorded_offset_min=0,
    )


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """With more patience than pytest-qt's own five seconds."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def late_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a slow machine, where LATE_MS is set: each answer of a reader thread comes later, by a
    time between nothing and that. A test that asserts at once what comes later fails then."""
    most_s = float(os.environ.get("LATE_MS", "0")) / 1_000
    if most_s:
        latest, never = Tasks.latest, threading.Event()
        chance = random.Random(os.environ.get("LATE_SEED", "1"))

        def later(tasks: Tasks, key: str, work: Callable[[Reads], Any], **more: Any) -> None:
            def late(reads: Reads) -> Any:
                never.wait(chance.random() * most_s)
                return work(reads)

            latest(tasks, key, late, **more)

        monkeypatch.setattr(Tasks, "latest", later)


@pytest.fixture(autouse=True)
def deleted_with_its_test(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Windows, menus, logs and notices of a test are gone when the next one begins."""
    with nothing_left(request.node.funcargs):
        yield


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of 300 events."""
    path = tmp_path / "orders.foldline"
    fill(path, 300)
    return path


@pytest.fixture
def tasks(qtbot: object, store: Path) -> Iterator[Tasks]:
    """Reader threads on the store."""
    tasks = Tasks(partial(Reads, partial(open_reader, store)))
    yield tasks
    tasks.close()


@pytest.fixture
def selection(qtbot: object) -> Selection:
    """A cursor in a log of 300 events."""
    selection = Selection()
    selection.learn_head(300)
    return selection


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    load_fonts()
    themes().apply("light")
    window = MainWindow(Settings(tmp_path / "settings.ini"))
    window.resize(1280, 800)
    window.show()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A conference: an order that expired, and one that was reserved after it."""
    office = Office(tmp_path / "conference.foldline")
    office.register("A7", general=1)
    office.settle()
    office.wait(29)
    office.register("B8", general=2)
    office.settle()
    yield office
    office.close()


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "7", "owner": "Ada"}))
    handler.issue(issued("PerformDeposit", {"accountNumber": "7", "amount": Decimal("100.00")}))
    yield store
    store.close()


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, bank: SqliteStore) -> tuple[Session, CommandsView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, bank.place.path)
    session.selection.choose_stream("account-7")
    qtbot.keyClick(window, Qt.Key.Key_C)
    wait(qtbot, lambda: session.commands.model_title == "Bank account")
    return session, workspace.of(CommandsView)
