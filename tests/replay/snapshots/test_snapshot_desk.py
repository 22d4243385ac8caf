"""Snapshots are listed, made, checked and thrown away; a bad one is named and never used."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshots import COLUMNS, folded, snapshot_in, state_hash
from replay.states.stream_states import StreamStates
from replay.views.read_store import ReadStore
from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.conference_office import Office
from tests.replay.logs import catch_up, make_log, open_runner

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
def log(office: Office) -> Iterator[EventReader]:
    log = open_reader(office.path)
    yield log
    log.close()


@pytest.fixture
def views(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


@pytest.fixture
def desk(views: ReadStore, log: EventReader) -> SnapshotDesk:
    return SnapshotDesk(views.db, log)


def test_a_typed_state_is_saved_and_loads_without_its_events(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
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


def test_an_old_snapshot_is_folded_on(office: Office, views: ReadStore, log: EventReader) -> None:
    SnapshotDesk(views.db, log).create([SEATS])
    office.register("Z1", general=2)
    office.register("Z2", general=2)
    office.settle()

    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())

    assert (found.basis, found.state) == (
        "snapshot",
        StreamStates().at(log, SEATS, log.head()).state,
    )
    assert found.folded <= 2


def test_the_same_snapshot_is_made_once_and_all_can_be_thrown_away(desk: SnapshotDesk) -> None:
    assert (desk.create([SEATS]), desk.create([SEATS])) == (1, 0)
    assert desk.create(desk.longer_than(5)) == 0
    desk.create(["order-N1"])

    assert desk.delete(it for it in desk.all() if it.stream == "order-N1") == 1
    assert desk.delete_all() == 1
    assert desk.all() == []


def test_an_altered_snapshot_is_named_and_never_used(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
) -> None:
    desk.create([SEATS])
    views.db.execute("UPDATE snapshots SET state = replace(state, '88', '99')")

    (checked,) = desk.verify()

    assert checked.info.standing == "wrong hash"
    assert "never used" in checked.difference
    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())
    assert found.basis == "beginning"


def test_a_snapshot_of_an_older_model_is_named_and_never_used(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
) -> None:
    desk.create([SEATS])
    views.db.execute("UPDATE snapshots SET model_version = 0")

    assert [it.standing for it in desk.all()] == ["older model"]
    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())
    assert found.basis == "beginning"


def test_a_snapshot_that_lies_with_a_fitting_hash_is_found_by_a_full_fold(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
) -> None:
    from replay.snapshots.snapshots import Snapshot, state_hash

    desk.create([SEATS])
    (info,) = desk.all()
    definition, before = views.db.execute("SELECT definition, before FROM snapshots").fetchone()
    lie = '{"remaining":{"general":1},"pending":{}}'
    forged = Snapshot(
        model=info.model,
        model_version=info.model_version,
        definition=definition,
        stream=SEATS,
        position=info.position,
        version=info.version,
        event_count=info.skips,
        state_json=lie,
        before_json=before,
    )
    views.db.execute("UPDATE snapshots SET state = ?, state_hash = ?", [lie, state_hash(forged)])

    (checked,) = desk.verify()

    assert checked.info.standing == "usable"
    assert "the events give" in checked.difference


def test_an_altered_snapshot_is_made_again(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
) -> None:
    desk.create([SEATS])
    views.db.execute("UPDATE snapshots SET state = replace(state, '88', '99')")

    assert desk.create([SEATS]) == 1

    assert [it.standing for it in desk.all()] == ["usable"]
    found = StreamStates(snapshot_before=partial(folded, views.db)).at(log, SEATS, log.head())
    assert (found.basis, found.state) == (
        "snapshot",
        StreamStates().at(log, SEATS, log.head()).state,
    )


def test_without_any_snapshot_every_state_is_what_it_was(
    desk: SnapshotDesk, views: ReadStore, log: EventReader
) -> None:
    def states() -> list[object]:
        reader = StreamStates(snapshot_before=partial(folded, views.db))
        return [reader.at(log, it, log.head()).state for it in sorted(log.stream_names())]

    plain = states()
    desk.create(log.stream_names())
    saved = states()
    desk.delete_all()

    assert plain == saved == states()


@pytest.mark.parametrize(
    ("altering", "told"),
    [
        ("version = version + 1", "version: the snapshot has"),
        ("event_count = event_count - 1", "events: the snapshot has"),
        ("position = position - 1", "the stream has no event at"),
        ("before = state", "the events give"),
    ],
)
def test_a_fact_that_lies_with_a_fitting_hash_is_found(
    desk: SnapshotDesk, views: ReadStore, altering: str, told: str
) -> None:
    desk.create([SEATS])
    views.db.execute(f"UPDATE snapshots SET {altering}")
    forged = snapshot_in(views.db.execute(f"SELECT {COLUMNS} FROM snapshots").fetchone())
    views.db.execute("UPDATE snapshots SET state_hash = ?", [state_hash(forged)])

    (checked,) = desk.verify()

    assert told in checked.difference


def read_once(log: EventReader, monkeypatch: pytest.MonkeyPatch) -> list[RecordedEvent]:
    """The events that are read of streams from now on."""
    seen: list[RecordedEvent] = []
    plain = log.read_stream

    def noted(*arguments: Any, **more: Any) -> Iterator[RecordedEvent]:
        for event in plain(*arguments, **more):
            seen.append(event)
            yield event

    monkeypatch.setattr(log, "read_stream", noted)
    return seen


def test_checking_many_snapshots_of_a_stream_folds_it_once(
    office: Office, views: ReadStore, log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = SnapshotDesk(views.db, log)
    for n in range(6):
        desk.create([SEATS, "conf-none"])
        office.register(f"M{n}", general=1)
        office.settle()
    told: list[tuple[int, int]] = []
    seen = read_once(log, monkeypatch)

    checked = list(desk.verify(on_progress=lambda done, total: told.append((done, total))))

    assert [it.difference for it in checked] == [""] * 6
    assert len(seen) == checked[-1].info.skips
    assert told == [(it, 6) for it in range(1, 7)]
    assert all(it.fold_ms > 0 < it.load_ms for it in checked)


def test_checking_and_making_stop_when_told_to(desk: SnapshotDesk, log: EventReader) -> None:
    names = sorted(log.stream_names())
    answers = iter([False, False, True])

    with pytest.raises(Cancelled):
        desk.create(names, is_cancelled=lambda: next(answers))
    made = len(desk.all())
    with pytest.raises(Cancelled):
        list(desk.verify(is_cancelled=lambda: True))

    assert made == 2


def test_advice_is_measured_up_to_the_longest_stream(desk: SnapshotDesk, log: EventReader) -> None:
    advice = desk.advise()

    assert advice.us_per_event > 0
    assert advice.longest[0] == (SEATS, log.stream_version(SEATS))
    assert [events for events, _ in advice.curve] == [1, 2, 5, 10, log.stream_version(SEATS)]
    assert advice.is_whole
    assert advice.every is None


def test_a_curve_that_ran_out_of_time_says_so(
    desk: SnapshotDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.snapshots.snapshot_advice.BUDGET_S", 0.0)

    advice = desk.advise()

    assert [events for events, _ in advice.curve] == [1]
    assert not advice.is_whole


def test_every_bucket_of_the_histogram_is_what_the_log_groups(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "links.foldline", 2_500))
    store, _ = open_runner(log, all_views())

    buckets = dict(SnapshotDesk(store.db, log).advise().histogram)

    lengths = list(Counter(it.stream for it in log.read()).values())
    ends = (0, 1, 10, 100, 1_000, 10_000)
    by_hand = {end: sum(low < it <= end for it in lengths) for low, end in pairwise(ends)}
    assert buckets == {end: count for end, count in by_hand.items() if count}
    assert sum(buckets.values()) == len(lengths)
    assert log.links_between(1, log.head())
    store.close()
    log.close()
