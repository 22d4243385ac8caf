"""Kill −9 while commands are decided and sent: none is lost, none is done twice."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.processes.desk_messages import ListUnsent
from replay.processes.process_desk import ProcessDesk
from replay.processes.store_clock import StoreClock
from replay.states.model_set import bundled_models, bundled_processes
from store.sqlite.store import SqliteStore, open_store
from tests.replay.conference_office import Office
from tests.replay.issued import issued

ROOT = Path(__file__).parents[2]
WAITING = 20
DISPATCH = """
import os, signal, sys
from pathlib import Path
from replay.commands.decide import CommandHandler
from replay.processes.dispatch import Dispatcher
from replay.commands.gateways import Gateways
from replay.states.model_set import bundled_models, bundled_processes
from store.sqlite import store as backend
from store.times import now_us
kind, left = sys.argv[2], int(sys.argv[3])
def count_down(name):
    global left
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
def pass_point(name):
    if name == kind:
        count_down(name)
open_log = backend.open_log
def traced(path, writable=False, **how):
    db = open_log(path, writable=writable, **how)
    if writable and kind == "statement":
        db.set_trace_callback(count_down)
    return db
backend.open_log = traced
store = backend.open_store(Path(sys.argv[1]))
handler = CommandHandler(store, bundled_models())
Dispatcher(store, handler, bundled_processes(), gateways=Gateways(), clock_us=now_us,
           pass_point=pass_point).settle()
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An account, and deposits that wait for somebody to decide on them."""
    path = tmp_path / "bank.foldline"
    store = open_store(path, create=True)
    CommandHandler(store, bundled_models()).issue(issued("OpenAccount", {"id": "1", "owner": "J"}))
    deposit = {"accountNumber": "1", "amount": 1}
    waiting = [issued("PerformDeposit", deposit) for _ in range(WAITING)]
    store.submit(lambda writer: writer.beside.commands.add(waiting)).result()
    assert store.beside.commands.counts() == {"done": 1, "pending": WAITING}
    store.close()
    return path


def killed_at(path: Path, kind: str, nth: int) -> None:
    command = [sys.executable, "-c", DISPATCH, str(path), kind, str(nth)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9


def dispatch(path: Path) -> None:
    """The program as a person starts it again."""
    command = [sys.executable, str(ROOT / "main.py"), "dispatch", str(path), "--from-start"]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def stores() -> Iterator[list[SqliteStore]]:
    opened: list[SqliteStore] = []
    yield opened
    for it in opened:
        it.close()


@pytest.mark.parametrize("statement", [1, 4, 9, 50, 83])
def test_of_twenty_that_wait_none_is_lost_and_none_is_done_twice(
    path: Path, stores: list[SqliteStore], statement: int
) -> None:
    for kill in (statement, statement // 2 + 1, statement):
        killed_at(path, "statement", kill)

    dispatch(path)

    stores.append(store := open_store(path))
    account, version = CommandHandler(store, bundled_models()).state_of("account-1")
    assert store.beside.commands.counts() == {"done": 1 + WAITING}
    assert (account.balance, version) == (WAITING, 1 + WAITING)


@pytest.fixture
def ordered(tmp_path: Path) -> Path:
    """A conference with an order that no process manager has heard of yet."""
    office = Office(tmp_path / "conference.foldline")
    office.now_us = StoreClock(office.store).now_us()
    office.register("A7", general=1)
    office.close()
    return office.path


def unsent(store: SqliteStore) -> list[str]:
    clock = StoreClock(store)
    handler = CommandHandler(store, bundled_models())
    desk = ProcessDesk(store, handler, bundled_processes(), gateways=Gateways(), clock=clock)
    found = desk.answers()[ListUnsent](ListUnsent())
    return [it.command for it in found if not it.is_timer]


def test_what_was_saved_and_not_sent_is_seen_and_sent_once_after_a_restart(
    ordered: Path, stores: list[SqliteStore]
) -> None:
    killed_at(ordered, "before handling", 1)

    stores.append(store := open_store(ordered))
    assert unsent(store) == ["MakeSeatReservation"]
    assert "SeatsReserved" not in [it.type for it in store.read()]

    dispatch(ordered)
    assert unsent(store) == []
    types = [it.type for it in store.read()]
    assert types.count("SeatsReserved") == types.count("RegistrationStarted") == 1
    assert types[-1] == "OrderReservationCompleted"
