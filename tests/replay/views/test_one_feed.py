"""One feed of events: three kinds of read store, and a seam where two feeds overlap."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.questions.view_query import page, row
from replay.views.read_store import ReadStore
from replay.views.runner import Runner
from replay.views.search_view import search
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from tests.contracts.projection import whole
from tests.replay.logs import catch_up, heard_by, make_log, open_runner

EVENTS = 500
SEAM, OVERLAP = 300, 50


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    path = make_log(tmp_path / "a.foldline", EVENTS, heard=heard_by(all_views()))
    log = open_reader(path)
    yield log
    log.close()


@pytest.fixture
def kept(log: EventReader) -> Iterator[tuple[ReadStore, Runner]]:
    store, runner = open_runner(log, all_views())
    yield store, runner
    store.close()


def test_a_table_an_index_of_words_and_a_store_by_key_show_the_same_event_at_once(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept
    catch_up(runner)
    db = open_log(log.place.path, writable=True)
    said = NewEvent.of("Noticed", {"remark": "a quokka in the car park"})
    position = Writer(db).append("ranger-1", [said], expected=ANY_VERSION).position
    db.close()
    assert search(store.db, log, "quokka").positions == ()

    assert runner.advance()

    types = {it.key: it for it in page(store.db, log, "event_types").rows}
    by_key = row(store.db, log, "latest_states", ("ranger-1",))
    assert search(store.db, log, "quokka").positions == (position,)
    assert types[("Noticed",)].position == position
    assert by_key.facts(by_key.rows[0])["state"] == {"remark": "a quokka in the car park"}
    assert by_key.rows[0].position == position
    assert {it.checkpoint for it in runner.checkpoints().values()} == {position}


def test_where_the_archive_and_the_live_feed_overlap_nothing_is_counted_twice(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept
    archive = log.page(1, SEAM)
    live = log.page(SEAM - OVERLAP + 1, EVENTS)
    assert archive[-OVERLAP:] == live[:OVERLAP]

    runner.deliver(archive, log.links_between(1, SEAM))
    runner.deliver(live, log.links_between(SEAM - OVERLAP + 1, EVENTS))

    counted = dict(store.db.execute("SELECT type, count FROM event_types").fetchall())
    assert counted == dict(Counter(event.type for event in log.read()))
    assert store.db.execute("SELECT sum(event_count) FROM timeline").fetchone() == (EVENTS,)
    at_the_seam = [whole(view, log) for view in all_views()]
    for view in all_views():
        store.db.execute("DELETE FROM projections WHERE name = ?", [view.name])
    assert [whole(view, log) for view in all_views()] == at_the_seam
