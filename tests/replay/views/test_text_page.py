"""A page of which only the texts were read is the same events to whoever asks for them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.rules.rule import Rule
from replay.rules.rules_view import rules_view
from replay.views.read_store import open_views
from replay.views.runner import Runner
from replay.views.text_page import TextPage, page_of, size_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.opening import reading
from tests.replay.logs import make_log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    path = tmp_path / "made.foldline"
    make_log(path, 300)
    with reading(path) as found:
        yield found


def texts_of(log: EventReader, first: int, last: int) -> TextPage:
    page = page_of(log, first, last, reads_texts=True)
    assert isinstance(page, TextPage)
    return page


def test_it_has_the_events_of_the_page(log: EventReader) -> None:
    events, page = log.page(5, 200), texts_of(log, 5, 200)

    assert len(page) == len(events)
    assert (page[0], page[-1], page[7]) == (events[0], events[-1], events[7])
    assert list(page) == events
    assert page[3:9] == events[3:9]
    assert size_of(page) == pytest.approx(size_of(events), rel=0.5)


def test_the_whole_of_it_is_the_page_itself(log: EventReader) -> None:
    page = texts_of(log, 1, 50)

    assert page[0:] is page


def test_where_there_are_no_texts_the_events_are_read() -> None:
    assert page_of(MemoryStore(), 1, 9, reads_texts=True) == []


def test_past_the_end_there_are_no_events(log: EventReader) -> None:
    assert list(page_of(log, log.head() + 1, log.head() + 9, reads_texts=True)) == []


def test_a_view_that_reads_texts_makes_nobody_read_whole_events(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int]] = []
    page = log.page

    def noticed(first: int, last: int) -> list[RecordedEvent]:
        read.append((first, last))
        return page(first, last)

    monkeypatch.setattr(log, "page", noticed)
    view = rules_view([Rule(name="any", where="seats is missing")])
    with closing(open_views(log)) as store:
        runner = Runner(store.db, log, (view,))
        while runner.advance():
            pass
        found = store.db.execute(f'SELECT count(*) FROM "{view.name}"').fetchone()

    assert found[0] > 0
    assert [it for it in read if it[0] != it[1]] == []
