"""Snapshots that are made by themselves as the policy says, and carried to another machine."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.catalog.all_views import all_views
from replay.snapshots import snapshot_file, snapshot_policy
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshot_file import NoSnapshots
from replay.snapshots.snapshot_keeper import SAVED, SnapshotKeeper
from replay.snapshots.snapshot_policy import WrongPolicy
from replay.snapshots.snapshots import EVERY, folded
from replay.states.stream_states import StreamStates
from replay.views.read_store import ReadStore
from store.errors import StoreExists
from store.events import NewEvent
from store.place import Place
from store.sqlite.store import SqliteStore, open_store
from tests.replay.logs import catch_up, open_runner
from tests.replay.projector.test_projector_process import PATIENCE_S, running

ACCOUNT = "account-7"
MODEL = "bank account"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    store.append(
        ACCOUNT, [NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})], expected=0
    )
    yield store
    store.close()


@pytest.fixture
def views(store: SqliteStore) -> Iterator[ReadStore]:
    views, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    yield views
    views.close()


def deposit(store: SqliteStore, count: int) -> None:
    data = {"accountId": "7", "amount": 1, "reference": "x"}
    store.append(
        ACCOUNT, [NewEvent.of("DepositPerformed", data) for _ in range(count)], expected=None
    )


def keep(views: ReadStore, store: SqliteStore) -> None:
    keeper = SnapshotKeeper(views.db, store.reader())
    while keeper.advance():
        continue


def wait_until_kept(views: ReadStore, store: SqliteStore) -> None:
    """Until the projector says that it has gone through the log."""
    facts = "SELECT key, value FROM view_facts"
    until(lambda: dict(views.db.execute(facts)).get(SAVED) == str(store.head()))


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "the projector did not come to it"


def versions(views: ReadStore, store: SqliteStore) -> list[int]:
    found = SnapshotDesk(views.db, store.reader()).all()
    return [it.version for it in found if it.stream == ACCOUNT]


def test_every_hundred_of_1050_events_are_ten_snapshots(
    store: SqliteStore, views: ReadStore
) -> None:
    snapshot_policy.save(store.place, MODEL, 100)

    for _ in range(3):
        deposit(store, 350)
        keep(views, store)

    assert versions(views, store) == [it * 100 for it in range(1, 11)]
    desk = SnapshotDesk(views.db, store.reader())
    assert not [it for it in desk.verify() if it.difference]
    loaded = StreamStates(snapshot_before=partial(folded, views.db))
    found = loaded.at(store.reader(), ACCOUNT, store.head())
    assert (found.basis, found.folded, found.version) == ("snapshot", 51, 1_051)
    assert found.state == StreamStates().at(store.reader(), ACCOUNT, store.head()).state


def test_a_policy_that_is_off_makes_none_and_another_one_begins_anew(
    store: SqliteStore, views: ReadStore
) -> None:
    snapshot_policy.save(store.place, MODEL, 0)
    deposit(store, 99)
    keep(views, store)
    assert versions(views, store) == []

    snapshot_policy.save(store.place, MODEL, 50)
    keep(views, store)
    deposit(store, 60)
    keep(views, store)

    assert versions(views, store) == [50, 100, 150]


def test_every_hundred_of_1050_events_are_exactly_ten_in_the_running_program(
    store: SqliteStore, views: ReadStore
) -> None:
    snapshot_policy.save(store.place, MODEL, 100)

    with running(store.place.path) as (_, heard):
        deposit(store, 1_049)
        heard.wait(lambda it: it.checkpoint == it.head == 1_050)
        wait_until_kept(views, store)

    found = SnapshotDesk(views.db, store.reader()).all()
    assert [(it.stream, it.model, it.version) for it in found] == [
        (ACCOUNT, MODEL, it * 100) for it in range(1, 11)
    ]


def test_an_event_that_cannot_be_undone_is_saved_with_the_state_before_it(
    store: SqliteStore, views: ReadStore
) -> None:
    """Its account was only opened; a change of owner that kept no prior owner is the other case."""
    changed = NewEvent.of("OwnerChanged", {"accountId": "8", "newOwner": "Bea"})
    store.append(
        "account-8",
        [NewEvent.of("BankAccountCreated", {"id": "8", "owner": "Al"}), changed],
        expected=0,
    )
    SnapshotDesk(views.db, store.reader()).create([ACCOUNT, "account-8"])

    loaded = StreamStates(snapshot_before=partial(folded, views.db))
    for stream in (ACCOUNT, "account-8"):
        found = loaded.at(store.reader(), stream, store.head())
        plain = StreamStates().at(store.reader(), stream, store.head())

        assert (found.basis, found.folded) == ("snapshot", 0)
        assert (found.state, found.previous) == (plain.state, plain.previous)


def test_where_the_state_before_was_not_kept_no_more_than_lies_between_two_is_folded(
    store: SqliteStore, views: ReadStore
) -> None:
    snapshot_policy.save(store.place, "generic", 50)
    moves = [NewEvent.of("Moved", {f"field{n % 30}": n}) for n in range(200)]
    store.append("crane-1", moves, expected=0)
    keep(views, store)

    loaded = StreamStates(snapshot_before=partial(folded, views.db))
    found = loaded.at(store.reader(), "crane-1", store.head())

    assert (found.basis, found.folded) == ("snapshot", 50)
    plain = StreamStates().at(store.reader(), "crane-1", store.head())
    assert (found.state, found.previous) == (plain.state, plain.previous)


ALTERED = [
    "UPDATE snapshots SET state = replace(state, '99', '77') WHERE version = 100",
    "UPDATE snapshots SET version = 101 WHERE version = 100",
    "UPDATE snapshots SET state_hash = '' WHERE version = 100",
    "UPDATE snapshots SET stream = 'account-9' WHERE version = 100",
]


@pytest.mark.parametrize("altering", ALTERED[:3])
def test_one_that_was_altered_is_made_again_in_the_running_program(
    store: SqliteStore, views: ReadStore, altering: str
) -> None:
    snapshot_policy.save(store.place, MODEL, 100)
    deposit(store, 250)
    keep(views, store)
    plain = rows(views)

    with running(store.place.path) as (_, heard):
        heard.wait(lambda it: it.checkpoint == it.head == 251)
        views.db.execute(altering)
        assert rows(views) != plain
        until(lambda: rows(views) == plain)


def test_one_of_which_nothing_can_be_made_is_thrown_away(
    store: SqliteStore, views: ReadStore
) -> None:
    snapshot_policy.save(store.place, MODEL, 100)
    deposit(store, 250)
    keep(views, store)
    views.db.execute(ALTERED[3])

    keep(views, store)

    assert versions(views, store) == [200]
    assert len(SnapshotDesk(views.db, store.reader()).all()) == 1


def rows(views: ReadStore) -> list[object]:
    facts = "SELECT stream, version, state, state_hash FROM snapshots ORDER BY position"
    return views.db.execute(facts).fetchall()


def test_a_stream_without_a_model_has_them_by_the_generic_one_and_its_policy(
    store: SqliteStore, views: ReadStore
) -> None:
    def move() -> None:
        moves = [NewEvent.of("Moved", {f"field{n % 30}": n}) for n in range(2 * EVERY + 7)]
        store.append("crane-1", moves, expected=None)

    move()
    keep(views, store)
    made = SnapshotDesk(views.db, store.reader()).all()
    snapshot_policy.save(store.place, "generic", 0)
    move()
    keep(views, store)

    assert [(it.model, it.version) for it in made] == [("generic", EVERY), ("generic", 2 * EVERY)]
    assert len(SnapshotDesk(views.db, store.reader()).all()) == 2
    assert not [it for it in SnapshotDesk(views.db, store.reader()).verify() if it.difference]


def test_a_stream_that_cannot_be_read_is_passed_over(store: SqliteStore, views: ReadStore) -> None:
    snapshot_policy.save(store.place, MODEL, 2)
    bad = NewEvent.of("DepositPerformed", {"accountId": 7, "amount": "much"})
    store.append(
        "account-8", [NewEvent.of("BankAccountCreated", {"id": "8", "owner": "B"}), bad], expected=0
    )
    deposit(store, 1)

    keep(views, store)

    assert versions(views, store) == [2]


def test_they_are_carried_to_another_machine_and_only_what_fits_is_taken(
    store: SqliteStore, views: ReadStore, tmp_path: Path
) -> None:
    deposit(store, 20)
    SnapshotDesk(views.db, store.reader()).create([ACCOUNT])
    file = tmp_path / "saved.jsonl"

    count = snapshot_file.export(views.db, store.reader(), file)
    with pytest.raises(StoreExists):
        snapshot_file.export(views.db, store.reader(), file)
    SnapshotDesk(views.db, store.reader()).delete_all()
    (good,) = file.read_text("utf-8").splitlines()
    forged = good.replace('"owner\\":\\"Ada', '"owner\\":\\"Eve')
    assert forged != good
    file.write_text("\n".join([good, forged, "{}", good]) + "\n", "utf-8")
    taken = snapshot_file.import_(views.db, store.reader(), file)

    assert count == 1
    assert (taken.added, taken.there) == (1, 1)
    assert [it.split(":")[0] for it in taken.refused] == ["line 2", "line 3"]
    assert "altered" in taken.refused[0]
    assert versions(views, store) == [21]

    views.db.execute("UPDATE snapshots SET state = '{}'")
    again = snapshot_file.import_(views.db, store.reader(), file)
    assert (again.added, again.there) == (1, 1)
    assert not [it for it in SnapshotDesk(views.db, store.reader()).verify() if it.difference]


def test_those_of_another_log_are_refused(
    store: SqliteStore, views: ReadStore, tmp_path: Path
) -> None:
    SnapshotDesk(views.db, store.reader()).create([ACCOUNT])
    file = tmp_path / "saved.jsonl"
    snapshot_file.export(views.db, store.reader(), file)
    other = open_store(tmp_path / "other.foldline", create=True)
    other.append(
        ACCOUNT, [NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Eve"})], expected=0
    )
    there, _ = open_runner(other.reader(), all_views())

    taken = snapshot_file.import_(there.db, other.reader(), file)

    assert (taken.added, taken.there) == (0, 0)
    assert "another event" in taken.refused[0]
    with pytest.raises(NoSnapshots):
        snapshot_file.import_(there.db, other.reader(), tmp_path / "gone")
    there.close()
    other.close()


@given(st.one_of(st.integers(max_value=-1), st.integers(min_value=10_000_001)))
def test_a_policy_is_a_number_of_events(number: int) -> None:
    with pytest.raises(WrongPolicy):
        snapshot_policy.save(Place(Path("/nowhere/a.foldline")), MODEL, number)


def test_a_damaged_policy_is_told_and_kept(store: SqliteStore) -> None:
    snapshot_policy.FILE.path(store.place).write_text("[]", "utf-8")

    with pytest.raises(WrongPolicy, match="cannot be read"):
        snapshot_policy.load(store.place)
