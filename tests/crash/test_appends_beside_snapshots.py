"""While the states of 100,000 events are saved, appends go on: none fails, waits or is lost."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.views.read_store import open_views
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.store import SqliteStore, open_store
from tests.replay.projector.test_projector_process import PATIENCE_S

ROOT = Path(__file__).parents[2]
ACCOUNTS, EACH = 50, 2_000
BETWEEN_S = 0.01  # two appends


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    for number in range(ACCOUNTS):
        store.append(f"account-{number}", list(events(number, EACH)), expected=0)
    yield store
    store.close()


def events(account: int, count: int) -> Iterator[NewEvent]:
    yield NewEvent.of("BankAccountCreated", {"id": str(account), "owner": "Ada"})
    yield from islice(deposits(account), count - 1)


def deposits(account: int) -> Iterator[NewEvent]:
    while True:
        yield NewEvent.of("DepositPerformed", {"accountId": str(account), "amount": 1})


def is_over(process: "subprocess.Popen[str]") -> bool:
    """Waits for as long as lies between two appends."""
    try:
        process.wait(BETWEEN_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_no_append_fails_while_snapshots_are_made(store: SqliteStore) -> None:
    making = subprocess.Popen(
        [
            sys.executable,
            "main.py",
            "snapshots",
            "create",
            str(store.place.path),
            "--all",
            "--json",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    more, appended = deposits(0), 0
    while not is_over(making):
        done = store.append("account-0", [next(more)], expected=EACH + appended)
        appended += 1
        assert done.version == EACH + appended
    told, _ = making.communicate(timeout=PATIENCE_S)

    assert making.returncode == 0
    assert f'"made":{ACCOUNTS}' in told
    assert appended > 0
    assert store.stream_version("account-0") == EACH + appended
    assert store.head() == ACCOUNTS * EACH + appended
    log = open_reader(store.place.path)
    views = open_views(log)
    desk = SnapshotDesk(views.db, log)
    checked = list(desk.verify())
    views.close()
    log.close()
    assert [it.difference for it in checked] == [""] * ACCOUNTS
    assert {it.info.model for it in checked} == {"bank account"}
