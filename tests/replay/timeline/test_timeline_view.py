"""The timeline's tables, at the edges."""

from pathlib import Path

from replay.timeline.timeline_index import TimelineIndex
from replay.timeline.timeline_view import TIMELINE, TimelineWriter
from replay.views.read_store import discard
from replay.views.sink import Flushed
from store.opening import open_reader
from store.sqlite.connect import connect_memory
from tests.replay.logs import make_log, open_runner


def test_a_flush_of_nothing_writes_nothing() -> None:
    db = connect_memory()

    assert TimelineWriter(db, "timeline").flush() == Flushed(rows=0, writes=0)
    db.close()


def test_an_index_that_is_ahead_of_new_views_is_not_gone_on_with(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 400))
    store, runner = open_runner(log, (TIMELINE,))
    runner.deliver(log.page(1, 400), {})
    ahead = TimelineIndex.load(store.db)
    store.close()
    discard(log)
    store, runner = open_runner(log, (TIMELINE,))
    runner.deliver(log.page(1, 50), {})

    index = TimelineIndex.load(store.db, ahead)

    assert (ahead.indexed_until, index.indexed_until, index.totals.sum()) == (400, 50, 50)
    store.close()
    log.close()
