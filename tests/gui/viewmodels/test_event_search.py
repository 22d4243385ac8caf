"""A filter is looked for step by step, and its hits are listed as they come."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels import event_search
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_search import Found, next_step
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.filter.parse import parse
from store.opening import open_reader
from store.query import EventQuery
from tests.gui.driven_window import PATIENCE_MS

HITS = [at for at in range(1, 301) if "9" in str(at - 1)]


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step looks through ten events."""
    monkeypatch.setattr(event_search, "STEP_S", 0.0)
    monkeypatch.setattr(event_search, "SPAN", 10)


@pytest.fixture
def reads(store: Path) -> Iterator[Reads]:
    reads = Reads(partial(open_reader, store))
    yield reads
    reads.close()


def test_steps_find_what_one_question_finds(reads: Reads, in_small_steps: None) -> None:
    query = EventQuery(where=parse("note ~ '*9*'"))
    found, steps = Found(query=query, goal=300), 0

    while not found.is_whole:
        found, steps = next_step(reads, found=found), steps + 1
        assert list(found.positions) == [it for it in HITS if it <= found.until]

    assert steps == 30
    assert list(found.positions) == HITS == list(reads.log.positions(query))


def test_hits_are_listed_while_the_search_goes_on(
    qtbot: QtBot, tasks: Tasks, selection: Selection, in_small_steps: None
) -> None:
    events = EventListViewModel(tasks, selection)
    events.show_all()
    seen = list[tuple[int, float]]()
    events.searched.connect(lambda: seen.append((events.count, events.search_share)))

    events.set_query(EventQuery(where=parse("note ~ '*9*'")))
    qtbot.waitUntil(lambda: not events.is_filtering, timeout=PATIENCE_MS)

    assert events.count == len(HITS)
    assert [events.position(row) for row in range(len(HITS))] == HITS
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert any(0 < count < len(HITS) for count, _ in seen)


def test_a_search_that_is_stopped_lists_what_it_has_found(
    qtbot: QtBot, tasks: Tasks, selection: Selection, in_small_steps: None
) -> None:
    events = EventListViewModel(tasks, selection)
    events.searched.connect(lambda: events.stop() if events.search_share > 0.3 else None)

    events.set_query(EventQuery(where=parse("note ~ '*9*'")))
    qtbot.waitUntil(lambda: events.stopped_at > 0, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: tasks.is_idle, timeout=PATIENCE_MS)

    assert not events.is_filtering
    assert events.stopped_at == 100
    assert events.count == len([it for it in HITS if it <= 100])
    events.set_query(EventQuery())
    assert (events.count, events.stopped_at) == (300, 0)


def test_hits_that_the_index_knows_stand_first_and_others_come_between(
    qtbot: QtBot,
    tasks: Tasks,
    selection: Selection,
    in_small_steps: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_search, "first_hits", lambda *_a, **_k: [291, 300])
    events = EventListViewModel(tasks, selection)
    first = list[list[int]]()
    events.reset.connect(lambda: first.append([events.position(it) for it in range(events.count)]))

    events.set_query(EventQuery(where=parse("count >= 255")))
    qtbot.waitUntil(lambda: not events.is_filtering, timeout=PATIENCE_MS)

    assert first[0] == [291, 300]
    assert events.found is not None
    assert np.array_equal(events.found, np.arange(256, 301))
