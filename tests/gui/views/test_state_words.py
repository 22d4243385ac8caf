"""What the inspector says of where a state came from is where it came from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.viewmodels.inspector import Inspection, inspect
from gui.viewmodels.state_marks import state_words
from gui.work.reads import Reads
from replay.catalog.all_views import all_views
from replay.snapshots.snapshot_desk import SnapshotDesk
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.store import SqliteStore, open_store
from tests.replay.logs import catch_up, open_runner

ACCOUNT = "account-7"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    created = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    store.append(ACCOUNT, [created], expected=0)
    deposit(store, 999)
    yield store
    store.close()


@pytest.fixture
def reads(store: SqliteStore) -> Iterator[Reads]:
    """As a reader thread of the window has them, fresh."""
    reads = Reads(lambda: open_reader(store.place.path))
    yield reads
    reads.close()


def deposit(store: SqliteStore, count: int) -> None:
    data = {"accountId": "7", "amount": 1, "reference": "x"}
    store.append(
        ACCOUNT, [NewEvent.of("DepositPerformed", data) for _ in range(count)], expected=None
    )


def save_states(store: SqliteStore) -> None:
    views, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    SnapshotDesk(views.db, store.reader()).create([ACCOUNT])
    views.close()


def at(reads: Reads, position: int) -> Inspection:
    return inspect(reads, position=position, stream=ACCOUNT, axis="recorded")


def test_a_full_replay_is_said(reads: Reads) -> None:
    words = state_words(at(reads, 1_000))

    assert words == "as of DepositPerformed at 1,000 · 1,000 events · full replay"


def test_a_snapshot_is_said_with_the_events_after_it(store: SqliteStore, reads: Reads) -> None:
    save_states(store)
    exactly = at(reads, 1_000)
    deposit(store, 40)

    later = at(reads, 1_040)

    assert state_words(exactly).endswith("1,000 events · snapshot + 0")
    assert state_words(later) == ("as of DepositPerformed at 1,040 · 1,040 events · snapshot + 40")
    assert (
        [it.path for it in later.changes] == [it.path for it in exactly.changes] == [("balance",)]
    )


def test_the_cache_is_said_with_what_was_folded_or_undone(reads: Reads) -> None:
    at(reads, 1_000)

    undone = state_words(at(reads, 997))
    folded = state_words(at(reads, 600))

    assert undone.endswith("997 events · cache, 3 undone")
    assert folded.endswith("600 events · cache + 88")  # the keyframe at 512


def test_a_stream_that_has_not_begun_has_no_origin(store: SqliteStore, reads: Reads) -> None:
    store.append(
        "account-8", [NewEvent.of("BankAccountCreated", {"id": "8", "owner": "B"})], expected=0
    )

    early = inspect(reads, position=5, stream="account-8", axis="recorded")

    assert state_words(early) == "no event of this stream yet"
