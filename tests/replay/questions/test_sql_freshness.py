"""Which views a question reads, and what is told of one that is behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import rebuild
from replay.errors import ViewBehind
from replay.questions.sql_freshness import require_shown, stale_ones, views_read
from replay.questions.sql_query import ask, open_to_ask
from replay.views.read_store import ReadStore
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 60


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    rebuild(log, ["streams"], switches=False)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("sql", "views"),
    [
        ("SELECT count(*) FROM streams", {"streams"}),
        ("SELECT 1", set()),
        ("SELEC", set()),
        ("SELECT 1; SELECT 2", set()),
        ("SELECT s.stream FROM streams_history s, event_types_writes", {"streams", "event_types"}),
        (
            "WITH s AS (SELECT * FROM streams) SELECT (SELECT max(count) FROM event_types) FROM s",
            {"streams", "event_types"},
        ),
        ("SELECT * FROM streams__next", {"streams__next"}),
        ("SELECT sum(event_count) FROM timeline_occurred, timeline", {"timeline"}),
        ("SELECT checkpoint FROM projections", set()),
    ],
)
def test_a_question_reads_the_views_whose_tables_it_names(
    store: ReadStore, sql: str, views: set[str]
) -> None:
    assert views_read(store.db, sql) == views


@pytest.mark.parametrize(
    ("sql", "views"),
    [
        ("SELECT count(*) FROM event_log", set()),
        ("SELECT stream, type, data FROM event_log", set()),
        ("SELECT position FROM event_log", set()),
        ("SELECT (SELECT count(*) FROM streams) FROM event_log", {"streams"}),
        ("SELECT count(*) FROM search", {"search"}),
        ("SELECT name FROM log.streams", set()),
        ("SELECT count(*) FROM log.streams", set()),
        ("SELECT count(*) FROM STREAMS", {"streams"}),
        ("SELECT e.type FROM event_log e JOIN streams s ON s.stream = e.stream", {"streams"}),
    ],
)
def test_what_a_question_reads_of_the_log_itself_is_no_view(
    store: ReadStore, log: EventReader, sql: str, views: set[str]
) -> None:
    """The log has a table `streams` of its own."""
    db = open_to_ask(log)
    assert db is not None

    assert views_read(db, sql) == views
    ask(db, sql, limit=1)
    db.close()


def test_views_that_lack_nothing_are_not_told(store: ReadStore, log: EventReader) -> None:
    assert stale_ones(store.db, log, {"streams", "event_types"}) == ()


def test_of_those_that_lack_events_it_is_told_how_many(store: ReadStore, log: EventReader) -> None:
    append(log.place.path, 3)

    (found,) = stale_ones(store.db, log, {"streams"})

    assert (found.view, found.checkpoint, found.behind) == ("streams", EVENTS, 3)
    assert found.stale_since_us is not None
    told = found.words(found.stale_since_us + 3_200_000)
    assert told == "streams is as of 60, 3 events behind, 3.2 s old"
    require_shown(store.db, {"streams"}, EVENTS)
    with pytest.raises(ViewBehind, match="cannot show 61"):
        require_shown(store.db, {"streams"}, EVENTS + 1)


def test_one_that_stands_still_says_by_what(store: ReadStore, log: EventReader) -> None:
    append(log.place.path, 1)
    store.db.execute(
        "INSERT INTO projection_errors VALUES ('streams', 61, 'No: luck', '', 3, 0, '')"
    )

    (found,) = stale_ones(store.db, log, {"streams", "streams__next"})

    assert found.words(found.stale_since_us or 0).endswith("; it has stopped: No: luck")
