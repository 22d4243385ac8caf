"""Search and timeline, whose own code changes: they serve on in every form that can be read."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from replay.catalog.way_back import go_back
from replay.errors import NoWayBack
from replay.timeline.timeline_index import TimelineIndex
from replay.timeline.timeline_view import TIMELINE
from replay.views.index_writer import IndexWriter
from replay.views.search_view import SEARCH, SearchWriter, search
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, made_by, make_log, open_runner

EVENTS = 1_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.mark.usefixtures("small_batches")
def test_the_search_finds_by_its_older_words_until_the_newer_have_caught_up(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Marking(SearchWriter):
        def take(self, events, links):  # type: ignore[no-untyped-def]
            reached = super().take(events, links)
            self._rows = [(at, f"{words} newer") for at, words in self._rows]
            return reached

    newer = replace(
        SEARCH,
        definition="search newer",
        readable=frozenset({SEARCH.definition}),
        writer=lambda db, version: IndexWriter(db, version, Marking(db, version.name)),
    )
    made_by(SEARCH, log)
    monkeypatch.setattr("replay.views.search_view.SEARCH", newer)
    monkeypatch.setattr("replay.catalog.way_back.all_views", lambda _log: (newer,))
    store, runner = open_runner(log, (newer,))

    found = [(_found(store.db, log, "order"), _found(store.db, log, "newer"))]
    while runner.advance():
        found.append((_found(store.db, log, "order"), _found(store.db, log, "newer")))

    by_older = found.index((found[0][0], EVENTS))
    assert by_older >= 5
    assert set(found[:by_older]) == {(found[0][0], 0)}
    assert found[0][0] > EVENTS / 2
    assert found[-1] == (found[0][0], EVENTS)
    append(log.place.path, 5)
    assert go_back(log, "search").is_older
    assert (_found(store.db, log, "order"), _found(store.db, log, "newer")) == (found[0][0], 0)
    store.close()


@pytest.mark.usefixtures("small_batches")
def test_the_timeline_counts_every_event_while_its_successor_is_folded(log: EventReader) -> None:
    newer = replace(
        TIMELINE, definition="timeline newer", readable=frozenset({TIMELINE.definition})
    )
    made_by(TIMELINE, log)
    store, runner = open_runner(log, (newer,))

    index = TimelineIndex.load(store.db)
    seen = [(int(index.totals.sum()), index.generation)]
    while runner.advance():
        index = TimelineIndex.load(store.db, index)
        seen.append((int(index.totals.sum()), index.generation))

    assert {count for count, _ in seen} == {EVENTS}
    assert len(seen) >= 10
    assert seen[-1][1] > seen[0][1]
    assert TimelineIndex.load(store.db).types == index.types
    store.close()


def test_the_timeline_goes_back_to_no_form_that_nothing_can_draw(log: EventReader) -> None:
    made_by(replace(TIMELINE, definition="timeline 1"), log)
    made_by(TIMELINE, log)

    with pytest.raises(NoWayBack, match="a different definition"):
        go_back(log, "timeline")


def _found(db: sqlite3.Connection, log: EventReader, word: str) -> int:
    return len(search(db, log, word, limit=2 * EVENTS).positions)
