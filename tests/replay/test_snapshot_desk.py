"""Snapshots are listed, made, checked and thrown away; a bad one is named and never used."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from replay.read_store import ReadStore
from replay.snapshot_desk import SnapshotDesk
from replay.snapshots import folded
from replay.stream_states import StreamStates
from replay.views import all_views
from store.connect import open_log
from store.reader import LogReader
from tests.replay.conference_office import Office
from tests.replay.logs import catch_up, open_runner

SEATS = "seats-conf"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    for n in range(12):
        office.register(f"N{n}", general=1)
        office.settle()
    yield office
    office.close()


@pytest.fixture
def log(office: Office) -> Iterator[LogReader]:
    log = LogReader(open_log(office.path))
    yield log
    log.close()


@pytest.fixture
def views(log: LogReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


@pytest.fixture
def desk(views: ReadStore, log: LogReader) -> SnapshotDesk:
    return SnapshotDesk(views.db, log)


def test_a_typed_state_is_saved_and_loads_without_its_events(
    desk: SnapshotDesk, views: ReadStore, log: LogReader
) -> None:
    plain = StreamStates().at(log, SEATS, log.head())

    assert desk.create([SEATS, "order-N3"]) == 2
    (seats,) = [it for it in desk.all() if it.stream == SEATS]
    loaded = [
        StreamStates(snapshot_before=partial(folded, views.db)).at(log, it, log.head())
        for it in (SEATS, "order-N3")
    ]

    assert (seats.model, seats.standing, seats.version) == (
        "seats availability",
        "usable",
        plain.version,
    )
    assert seats.skips == plain.events
    assert [(it.basis, it.folded) for it in loaded] == [("snapshot", 0)] * 2
    assert loaded[0].state == plain.state
    assert loaded[0].previous == plain.previous
    assert (loaded[0].events, loaded[0].version) == (plain.events, plain.version)


def test_an_old_snapshot_is_folded_on(office: Office, views: ReadStore, log: LogReader) -> None:
    SnapshotDesk(views.db, log).create([SEATS])
    office.register("Z1", general=2)
    office.register("Z2", general=2)
    office.settle()

    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())

    assert (found.basis, found.state) == (
        "snapshot", StreamStates().at(log, SEATS, log.head()).state,
    )  # fmt: skip
    assert found.folded <= 2


def test_the_same_snapshot_is_made_once_and_all_can_be_thrown_away(desk: SnapshotDesk) -> None:
    assert (desk.create([SEATS]), desk.create([SEATS])) == (1, 0)
    assert desk.create(desk.longer_than(5)) == 0
    desk.create(["order-N1"])

    assert desk.delete(it for it in desk.all() if it.stream == "order-N1") == 1
    assert desk.delete_all() == 1
    assert desk.all() == []


def test_an_altered_snapshot_is_named_and_never_used(
    desk: SnapshotDesk, views: ReadStore, log: LogReader
) -> None:
    desk.create([SEATS])
    views.db.execute("UPDATE snapshots SET state = replace(state, '88', '99')")

    (checked,) = desk.verify()

    assert checked.info.standing == "wrong hash"
    assert "never used" in checked.difference
    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())
    assert found.basis == "beginning"


def test_a_snapshot_of_an_older_model_is_named_and_never_used(
    desk: SnapshotDesk, views: ReadStore, log: LogReader
) -> None:
    desk.create([SEATS])
    views.db.execute("UPDATE snapshots SET model_version = 0")

    assert [it.standing for it in desk.all()] == ["older model"]
    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())
    assert found.basis == "beginning"


def test_a_snapshot_that_lies_with_a_fitting_hash_is_found_by_a_full_fold(
    desk: SnapshotDesk, views: ReadStore, log: LogReader
) -> None:
    from replay.snapshots import Snapshot, state_hash

    desk.create([SEATS])
    (info,) = desk.all()
    definition, before = views.db.execute("SELECT definition, before FROM snapshots").fetchone()
    lie = '{"remaining":{"general":1},"pending":{}}'
    forged = Snapshot(
        model=info.model, model_version=info.model_version, definition=definition, stream=SEATS,
        position=info.position, version=info.version, event_count=info.skips, state_json=lie,
        before_json=before,
    )  # fmt: skip
    views.db.execute("UPDATE snapshots SET state = ?, state_hash = ?", [lie, state_hash(forged)])

    (checked,) = desk.verify()

    assert checked.info.standing == "usable"
    assert "the events say" in checked.difference


def test_advice_is_measured(desk: SnapshotDesk, log: LogReader) -> None:
    advice = desk.advise()

    assert advice.us_per_event > 0
    assert advice.longest[0][0] == SEATS
    assert sum(count for _, count in advice.histogram) == len(list(log.stream_names()))
    assert advice.every is None
