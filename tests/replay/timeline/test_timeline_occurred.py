"""Events in the order in which they occurred."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.timeline import timeline_occurred
from replay.timeline.timeline_index import TimelineIndex
from replay.timeline.timeline_occurred import (
    Occurred,
    every_occurred,
    last_occurred,
    next_occurred,
    occurred_between,
    previous_occurred,
)
from replay.timeline.timeline_view import TIMELINE
from replay.views.read_store import ReadStore, open_views
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import catch_up, make_log, open_runner

EVENTS = 300


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    path = make_log(tmp_path_factory.mktemp("occurred") / "a.foldline", EVENTS)
    log = open_reader(path)
    yield log
    log.close()


@pytest.fixture(scope="module")
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, (TIMELINE,))
    catch_up(runner)
    yield store
    store.close()


@pytest.fixture
def db(store: ReadStore) -> sqlite3.Connection:
    return store.db


@pytest.fixture(scope="module")
def in_order(log: EventReader) -> list[RecordedEvent]:
    return sorted(log.page(1, EVENTS), key=lambda it: (it.occurred_at_us, it.position))


def test_walking_forward_and_back_visits_every_event_in_order(
    db: sqlite3.Connection, in_order: list[RecordedEvent]
) -> None:
    positions = [event.position for event in in_order]

    forward = [next_occurred(db, it.occurred_at_us, it.position) for it in in_order]
    back = [previous_occurred(db, it.occurred_at_us, it.position) for it in in_order]

    assert forward == [*positions[1:], 0]
    assert back == [0, *positions[:-1]]


def test_a_time_names_the_event_that_had_occurred_last(
    db: sqlite3.Connection, in_order: list[RecordedEvent]
) -> None:
    latest = {event.occurred_at_us: event.position for event in in_order}

    assert {at: last_occurred(db, at) for at in latest} == latest
    assert last_occurred(db, in_order[0].occurred_at_us - 1) == 0
    assert last_occurred(db, 2**60) == in_order[-1].position


def test_a_span_holds_its_events_with_their_types(
    db: sqlite3.Connection, in_order: list[RecordedEvent]
) -> None:
    types = TimelineIndex.load(db).types
    since, until = in_order[50].occurred_at_us, in_order[90].occurred_at_us
    inside = [event for event in in_order if since <= event.occurred_at_us < until]

    found = occurred_between(db, since, until, limit=1_000)

    assert found == tuple(
        Occurred(event.occurred_at_us, event.position, types.index(event.type)) for event in inside
    )
    assert occurred_between(db, since, until, limit=3) == found[:3]


@pytest.mark.parametrize("statement", ["BETWEEN", "LAST", "NEXT", "PREVIOUS"])
def test_every_question_goes_by_the_primary_key(db: sqlite3.Connection, statement: str) -> None:
    sql = getattr(timeline_occurred, statement)

    plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", [1] * sql.count("?")).fetchall()

    assert len(plan) == 1
    assert plan[0][3].startswith("SEARCH timeline_occurred USING PRIMARY KEY")


def test_before_the_timeline_is_folded_nothing_has_occurred_as_far_as_it_has_come(
    tmp_path: Path,
) -> None:
    """As in a views file that a verb made, which folds only the views that it names."""
    log = open_reader(make_log(tmp_path / "new.foldline", 5))
    with closing(log), closing(open_views(log)) as views:
        assert occurred_between(views.db, 0, 2**62, limit=9) == ()
        assert last_occurred(views.db, 2**62) == 0
        assert next_occurred(views.db, 0, 0) == 0
        assert previous_occurred(views.db, 2**62, 9) == 0
        assert [len(it) for it in every_occurred(views.db)] == [0, 0]
