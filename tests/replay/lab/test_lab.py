"""Disturbed delivery: what a consumer notices, and whether its view ends the same."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from replay.lab.delivery import Faults, NoSuchEvent, PartitionKey, delivered
from replay.lab.findings import Kind
from replay.lab.lab import Guard, Verdict, run
from replay.projection import Projection, Rows
from replay.projections import find_projections
from replay.projections.event_types import PROJECTION as EVENT_TYPES
from replay.projections.streams import PROJECTION as STREAMS
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader, reading
from tests.replay.logs import make_log

EVENTS = 400
MANY = 10_000


class Arrivals(Struct, frozen=True):
    """One row: the positions of a stream's events as they were applied."""

    stream: str
    first: int
    positions: str


def _arrive(rows: Rows[Arrivals], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    row = rows.get(event.stream) or Arrivals(event.stream, event.position, "")
    rows.put(Arrivals(event.stream, row.first, f"{row.positions} {event.position}"))


ARRIVALS = Projection(
    name="arrivals", version=1, title="Arrivals", row=Arrivals, key=("stream",), apply=_arrive
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("lab") / "a.foldline", EVENTS)


@pytest.fixture
def log(path: Path) -> Iterator[EventReader]:
    with reading(path) as log:
        yield log


def positions(log: EventReader, faults: Faults) -> list[int]:
    return [it.event.position for it in delivered(log.read(), faults)]


def told(verdict: Verdict, kind: Kind) -> list[int]:
    return [it.position for it in verdict.findings if it.kind == kind]


def overtaken(log: EventReader, faults: Faults) -> list[int]:
    """Positions that came after a later event of their stream, found the slow way."""
    arrivals = [it.event for it in delivered(log.read(), faults)]
    return sorted(
        late.position
        for at, late in enumerate(arrivals)
        if any(it.stream == late.stream and it.version > late.version for it in arrivals[:at])
    )


def test_undisturbed_delivery_is_the_log(log: EventReader) -> None:
    assert positions(log, Faults()) == list(range(1, EVENTS + 1))
    assert Faults().is_quiet
    for verdict in (run(log, it, Faults()) for it in find_projections()):
        assert verdict.is_same
        assert (verdict.findings, verdict.lost, verdict.doubled) == ((), (), ())


def test_each_fault_does_what_it_says_and_nothing_else(log: EventReader) -> None:
    every = list(range(1, EVENTS + 1))
    doubled, dropped = positions(log, Faults(duplicate=10)), positions(log, Faults(drop=10))
    late, mixed = positions(log, Faults(delay=10)), positions(log, Faults(reorder=30))
    again = positions(log, Faults(crash_every=150))
    apart = positions(log, Faults(partitions=3, partition_by="type"))
    exact = positions(log, Faults(drop_at=(5, 9), swap_at=(8, 20)))

    assert sorted(set(doubled)) == every
    assert len(doubled) > EVENTS
    assert doubled == sorted(doubled)
    assert len(dropped) < EVENTS
    assert dropped == sorted(set(dropped))
    for it in (late, mixed, apart):
        assert sorted(it) == every
        assert it != every
    assert again == [*every[:150], *every[:150], *every[150:300], *every[150:]]
    assert exact == [1, 2, 3, 4, 6, 7, 10, 8, *range(11, 20), 21, 20, *range(22, EVENTS + 1)]
    assert not Faults(swap_at=(1,)).is_quiet


def test_the_same_seed_gives_the_same_faults(log: EventReader) -> None:
    faults = Faults(duplicate=5, reorder=5, drop=5, delay=5, partitions=2, seed=9)

    assert positions(log, faults) == positions(log, faults)
    assert positions(log, faults) != positions(log, Faults(duplicate=5, seed=10))


def test_one_dropped_and_two_swapped_of_ten_thousand_are_found_with_positions(
    tmp_path: Path,
) -> None:
    log = open_reader(make_log(tmp_path / "many.foldline", MANY))
    try:
        verdict = run(log, EVENT_TYPES, Faults(drop_at=(4_711,), swap_at=(8_000,)))
        streams = [log.read(after=it - 1, limit=1) for it in (4_711, 8_000)]
        (lost, late) = [next(it) for it in streams]
    finally:
        log.close()

    gap, swapped = verdict.findings
    assert (gap.kind, gap.position, gap.expected, gap.got) == ("gap", 4_711, 4_711, 4_712)
    assert (gap.type, gap.stream) == (lost.type, lost.stream)
    assert (swapped.position, swapped.expected, swapped.got) == (8_000, 8_000, 8_001)
    assert (swapped.type, swapped.stream) == (late.type, late.stream)
    assert verdict.lost == (4_711,)


def test_every_finding_is_told_however_many_there_are(log: EventReader) -> None:
    verdict = run(log, EVENT_TYPES, Faults(duplicate=100, drop_at=(EVENTS - 1, EVENTS)))

    assert told(verdict, "duplicate") == list(range(1, EVENTS - 1))
    assert [(it.position, it.got) for it in verdict.findings if it.kind == "gap"] == [
        (EVENTS - 1, None),
        (EVENTS, None),
    ]
    assert [it.expected for it in verdict.findings[:2]] == [2, 3]


@given(st.integers(0, 999))
def test_keyed_by_stream_every_stream_keeps_its_order(path: Path, seed: int) -> None:
    with reading(path) as log:
        faults = Faults(partitions=8, partition_by="stream", seed=seed)
        verdict = run(log, ARRIVALS, faults, until=200)

    assert told(verdict, "inversion") == []
    assert verdict.seen.reordering_count > 0
    assert verdict.is_same


@pytest.mark.parametrize("key", ["random", "type"])
def test_keyed_wrongly_each_inversion_is_told_with_its_position(
    log: EventReader, key: PartitionKey
) -> None:
    faults = Faults(partitions=8, partition_by=key)

    verdict = run(log, ARRIVALS, faults)

    inversions = [it for it in verdict.findings if it.kind == "inversion"]
    assert [it.position for it in inversions] == overtaken(log, faults) != []
    for it in inversions:
        assert it.got is not None
        assert it.got > it.position
        overtaker = log.event(it.got)
        assert overtaker is not None
        assert overtaker.stream == it.stream
    assert not verdict.is_same


def test_a_consumer_of_a_few_types_takes_no_gap_of_versions_for_a_loss(log: EventReader) -> None:
    heard = Projection(
        name="paid",
        version=1,
        title="Paid",
        row=Arrivals,
        key=("stream",),
        apply=_arrive,
        listens=frozenset({"Paid"}),
    )
    paid = next(it for it in log.read(after=100) if it.type == "Paid")
    other = next(it for it in log.read(after=paid.position) if it.type == "Placed")

    quiet = run(log, heard, Faults())
    verdict = run(log, heard, Faults(drop_at=(paid.position, other.position)))

    assert quiet.findings == ()
    assert [(it.position, it.is_heard) for it in verdict.findings] == [
        (paid.position, True),
        (other.position, False),
    ]
    assert verdict.lost == (paid.position,)


def test_a_crash_before_publishing_loses_events_unless_there_is_an_outbox(log: EventReader) -> None:
    saved = run(log, ARRIVALS, Faults(crash_every=90, crash_at="append"))
    forgotten = run(
        log,
        ARRIVALS,
        Faults(crash_every=90, crash_at="append", publisher="save-then-publish"),
        guard="ids",
    )

    assert saved.is_same
    assert (saved.seen.late_count, saved.findings) == (4, ())
    assert not forgotten.is_same
    assert told(forgotten, "gap") == [90, 180, 270, 360]
    assert forgotten.lost == (90, 180, 270, 360)
    assert forgotten.first is not None
    assert forgotten.first.position == 90


@pytest.mark.parametrize("guard", ["none", "checkpoint", "ids"])
def test_a_crash_before_projecting_brings_events_again_and_applies_them_once(
    log: EventReader, guard: Guard
) -> None:
    verdict = run(log, ARRIVALS, Faults(crash_every=150, crash_at="publish"), guard=guard)

    assert verdict.is_same
    assert told(verdict, "duplicate") == list(range(1, 301))
    assert (verdict.seen.applied, verdict.lost, verdict.doubled) == (EVENTS, (), ())


def test_a_crash_before_the_checkpoint_is_healed_by_either_guard(log: EventReader) -> None:
    faults = Faults(crash_every=150, crash_at="project")

    bare = run(log, STREAMS, faults)

    assert not bare.is_same
    assert bare.doubled == tuple(range(1, 301))
    for guarded in (run(log, STREAMS, faults, guard=it) for it in ("checkpoint", "ids")):
        assert guarded.is_same
        assert guarded.doubled == ()


def test_duplicates_change_what_counts_and_a_guard_heals_it(log: EventReader) -> None:
    faults = Faults(duplicate=5)

    bare = run(log, EVENT_TYPES, faults)
    guarded = [run(log, EVENT_TYPES, faults, guard=it) for it in ("checkpoint", "ids")]

    assert not bare.is_same
    assert bare.seen.duplicate_count == bare.seen.delivered - EVENTS
    assert [it.is_same for it in guarded] == [True, True]


def test_no_guard_heals_a_loss_and_a_checkpoint_makes_loss_of_disorder(log: EventReader) -> None:
    lost = run(log, STREAMS, Faults(drop=5), guard="ids")
    late = run(log, EVENT_TYPES, Faults(delay=5), guard="checkpoint")

    assert not lost.is_same
    assert lost.seen.gap_count == len(lost.lost) > 0
    assert not late.is_same
    assert len(late.lost) == EVENTS - late.seen.applied > 0
    assert late.seen.inversion_count > 0
    assert late.seen.gap_count == 0


@pytest.mark.parametrize(
    ("faults", "guard"),
    [
        (Faults(duplicate=5), "none"),
        (Faults(reorder=5), "none"),
        (Faults(reorder=5), "checkpoint"),
        (Faults(drop=5), "ids"),
        (Faults(delay=5), "none"),
        (Faults(drop_at=(77,)), "none"),
        (Faults(swap_at=tuple(range(20, 200, 2))), "none"),
        (Faults(crash_every=50, crash_at="project"), "none"),
        (Faults(crash_every=50, crash_at="publish"), "none"),
        (Faults(crash_every=50, crash_at="append", publisher="save-then-publish"), "none"),
        (Faults(crash_every=50, crash_at="append"), "none"),
        (Faults(partitions=4, partition_by="stream"), "none"),
        (Faults(partitions=4, partition_by="type"), "none"),
        (Faults(partitions=4, partition_by="random"), "none"),
    ],
)
def test_the_verdict_is_the_first_difference_that_a_plain_loop_finds(
    log: EventReader, faults: Faults, guard: Guard
) -> None:
    good: dict[str, list[int]] = defaultdict(list)
    bad: dict[str, list[int]] = defaultdict(list)
    for event in log.read():
        good[event.stream].append(event.position)
    highest = 0
    seen: set[int] = set()
    for it in delivered(log.read(), faults):
        position = it.event.position
        is_ignored = {"none": False, "ids": position in seen, "checkpoint": position <= highest}
        if it.is_projected and not is_ignored[guard]:
            bad[it.event.stream].append(position)
            seen.add(position)
            highest = max(highest, position)
    wrong = [it for it in good if good[it] != bad[it]]
    parts = sorted((_parting(good[it], bad[it]), it) for it in wrong)

    verdict = run(log, ARRIVALS, faults, guard=guard)

    assert (verdict.differing, verdict.is_same) == (len(wrong), not wrong)
    if not wrong:
        assert verdict.first is None
        return
    position, stream = parts[0]
    assert verdict.first is not None
    assert (verdict.first.position, verdict.first.key) == (position, stream)
    assert verdict.first.column == (
        "" if not bad[stream] else "first" if good[stream][0] != bad[stream][0] else "positions"
    )


def _parting(good: list[int], bad: list[int]) -> int:
    at = next(
        (at for at, (one, other) in enumerate(zip(good, bad, strict=False)) if one != other),
        min(len(good), len(bad)),
    )
    return min(it[at] for it in (good, bad) if at < len(it))


def test_the_first_difference_names_row_column_and_both_values(log: EventReader) -> None:
    lost = next(it for it in log.read(after=50) if it.type == "Paid")
    count = sum(it.type == "Paid" for it in log.read())

    verdict = run(log, EVENT_TYPES, Faults(drop_at=(lost.position,)))

    first = verdict.first
    assert first is not None
    assert (first.key, first.column, first.position) == ("Paid", "count", lost.position)
    assert (first.undisturbed, first.disturbed) == (str(count), str(count - 1))
    assert (verdict.differing, verdict.view) == (1, "event_types")


def test_a_row_that_is_not_there_differs_as_a_whole(log: EventReader) -> None:
    streams = [it.stream for it in log.read()]
    alone = next(it for it in streams if streams.count(it) == 1)
    position = streams.index(alone) + 1

    first = run(log, ARRIVALS, Faults(drop_at=(position,))).first

    assert first is not None
    assert (first.key, first.column, first.position) == (alone, "", position)
    assert (first.undisturbed[0], first.disturbed) == ("{", "no row")


def test_a_disorder_that_healed_is_not_where_a_row_parted(log: EventReader) -> None:
    big = [it.position for it in log.read() if it.stream == "big-1"]
    near = next(one for one, other in pairwise(big[1:]) if other == one + 1)
    lost = big[-2]
    assert near + 1 < lost

    verdict = run(log, STREAMS, Faults(swap_at=(near,), drop_at=(lost,)))

    assert near in told(verdict, "inversion")
    assert verdict.first is not None
    assert (verdict.first.key, verdict.first.position) == ("big-1", lost)


def test_a_projection_that_fails_only_when_disturbed_stands_still_and_says_why(
    log: EventReader,
) -> None:
    def apply(rows: Rows[Arrivals], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        if event.version > 1 and rows.get(event.stream) is None:
            raise LookupError("no row yet")
        _arrive(rows, event, ())

    strict = Projection(
        name="strict", version=1, title="Strict", row=Arrivals, key=("stream",), apply=apply
    )
    streams = [it.stream for it in log.read()]
    first = streams.index("big-1") + 1
    second = streams.index("big-1", first) + 1

    quiet, verdict = run(log, strict, Faults()), run(log, strict, Faults(drop_at=(first,)))

    assert quiet.is_same
    assert not verdict.is_same
    assert verdict.failure == f"stopped at {second}: LookupError: no row yet"
    assert verdict.lost == (first, *range(second, EVENTS + 1))


@pytest.mark.parametrize(
    "faults", [Faults(drop_at=(EVENTS + 1,)), Faults(swap_at=(EVENTS,)), Faults(drop_at=(0,))]
)
def test_a_switch_for_an_event_that_is_not_there_is_refused(
    log: EventReader, faults: Faults
) -> None:
    with pytest.raises(NoSuchEvent, match=r"the last one is (400|399)"):
        run(log, STREAMS, faults)


@given(st.sampled_from(find_projections()), st.floats(0, 60), st.integers(0, 99))
def test_delivered_once_or_more_with_ids_kept_is_once(
    path: Path, projection: Projection[Any], duplicate: float, seed: int
) -> None:
    with reading(path) as log:
        faults = Faults(duplicate=duplicate, seed=seed)
        assert run(log, projection, faults, guard="ids", until=80).is_same
