"""Disturbed delivery: what a consumer notices, and whether its view ends the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.delivery import Faults, delivered
from replay.lab import run
from replay.projection import Projection
from replay.projections import find_projections
from replay.projections.event_types import PROJECTION as EVENT_TYPES
from replay.projections.streams import PROJECTION as STREAMS
from store.connect import open_log
from store.reader import LogReader
from tests.replay.logs import make_log

EVENTS = 400


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("lab") / "a.foldline", EVENTS)


@pytest.fixture
def log(path: Path) -> Iterator[LogReader]:
    log = LogReader(open_log(path))
    yield log
    log.close()


def positions(log: LogReader, faults: Faults) -> list[int]:
    return [it.position for it in delivered(log.read(), faults)]


def test_undisturbed_delivery_is_the_log(log: LogReader) -> None:
    assert positions(log, Faults()) == list(range(1, EVENTS + 1))
    assert Faults().is_quiet
    assert all(run(log, it, Faults()).is_same for it in find_projections())


def test_each_fault_does_what_it_says_and_nothing_else(log: LogReader) -> None:
    every = list(range(1, EVENTS + 1))
    doubled, dropped = positions(log, Faults(duplicate=10)), positions(log, Faults(drop=10))
    late, mixed = positions(log, Faults(delay=10)), positions(log, Faults(reorder=30))
    again = positions(log, Faults(crash_every=100))
    apart = positions(log, Faults(partitions=3, partition_by="type"))

    assert sorted(set(doubled)) == every
    assert len(doubled) > EVENTS
    assert doubled == sorted(doubled)
    assert len(dropped) < EVENTS
    assert dropped == sorted(set(dropped))
    for it in (late, mixed, apart):
        assert sorted(it) == every
        assert it != every
    assert again[:200] == [*every[:100], *every[:100]]


def test_the_same_seed_gives_the_same_faults(log: LogReader) -> None:
    faults = Faults(duplicate=5, reorder=5, drop=5, delay=5, partitions=2, seed=9)

    assert positions(log, faults) == positions(log, faults)
    assert positions(log, faults) != positions(log, Faults(duplicate=5, seed=10))


def test_duplicates_change_what_counts_and_a_guard_heals_it(log: LogReader) -> None:
    faults = Faults(duplicate=5)

    bare = run(log, EVENT_TYPES, faults)
    guarded = [run(log, EVENT_TYPES, faults, guard=it) for it in ("checkpoint", "ids")]

    assert not bare.is_same
    assert "undisturbed" in bare.difference
    assert bare.seen.duplicate_count == bare.seen.delivered - EVENTS
    assert [it.is_same for it in guarded] == [True, True]


def test_a_crash_before_the_checkpoint_is_healed_by_either_guard(log: LogReader) -> None:
    faults = Faults(crash_every=50)

    assert not run(log, STREAMS, faults).is_same
    assert run(log, STREAMS, faults, guard="checkpoint").is_same
    assert run(log, STREAMS, faults, guard="ids").is_same


def test_no_guard_heals_a_loss_and_a_checkpoint_makes_loss_of_disorder(log: LogReader) -> None:
    lost = run(log, STREAMS, Faults(drop=5), guard="ids")
    late = run(log, EVENT_TYPES, Faults(delay=5), guard="checkpoint")

    assert not lost.is_same
    assert lost.seen.gap_count > 0
    assert not late.is_same
    assert late.seen.applied < EVENTS
    assert late.seen.inversion_count > 0


@given(st.sampled_from(find_projections()), st.floats(0, 60), st.integers(0, 99))
def test_delivered_once_or_more_with_ids_kept_is_once(
    path: Path, projection: Projection[Any], duplicate: float, seed: int
) -> None:
    log = LogReader(open_log(path))
    try:
        faults = Faults(duplicate=duplicate, seed=seed)
        assert run(log, projection, faults, guard="ids", until=80).is_same
    finally:
        log.close()
