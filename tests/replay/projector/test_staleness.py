"""A view says as of which event it is, how many it lacks, and for how long it has lacked them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.projector.staleness import behind_words, old_words
from replay.questions.view_query import page
from replay.questions.view_status import list_views
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import open_log
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 40
SECOND_US = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


def test_what_a_view_shows_is_old_since_the_first_event_came_that_it_lacks(
    log: EventReader,
) -> None:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    current = {it.name: it.stale_since_us for it in list_views(store.db, log)}
    append(log.place.path, 3)

    found = {it.name: it for it in list_views(store.db, log)}["streams"]
    shown = page(store.db, log, "streams")
    past = page(store.db, log, "streams", at=EVENTS)

    first = log.event(EVENTS + 1)
    assert first is not None
    assert set(current.values()) == {None}
    assert found.stale_since_us == shown.stale_since_us == first.recorded_at_us
    assert past.stale_since_us is None
    store.close()


def test_imported_events_are_counted_from_their_import_and_not_from_long_ago(
    log: EventReader,
) -> None:
    db = open_log(log.place.path, writable=True)
    manifest = '{"first_position": 11, "last_position": 20}'
    db.execute("INSERT INTO imports VALUES (1, 777, 20, ?)", [manifest])
    db.close()

    first = log.event(10)
    assert first is not None
    assert [log.arrived_at_us(it) for it in (11, 20)] == [777, 777]
    assert log.arrived_at_us(10) == first.recorded_at_us
    assert log.arrived_at_us(EVENTS + 1) is None


def test_it_is_told_in_words_that_blame_nobody() -> None:
    now_us = 100 * SECOND_US
    since_us = now_us - 3_200_000

    told = behind_words(checkpoint=1_297, behind=3, stale_since_us=since_us, now_us=now_us)

    assert told == "as of 1,297, 3 events behind, 3.2 s old"
    one = behind_words(checkpoint=9, behind=1, stale_since_us=now_us - 40_000, now_us=now_us)
    assert one == "as of 9, 1 event behind, 40 ms old"
    none = behind_words(checkpoint=9, behind=0, stale_since_us=None, now_us=now_us)
    assert none == "as of 9"
    assert old_words(now_us + 5, now_us) == "0 ms old"
