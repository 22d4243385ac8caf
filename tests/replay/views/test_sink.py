"""The views file is one store of rows among others: each holds what the same folding writes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.view_version import ViewVersion
from replay.views import checkpoints, view
from replay.views.read_store import ReadStore, open_views
from replay.views.recorded_view import blank
from replay.views.sink import Mark, RowRefused, Sink
from replay.views.sqlite_sink import SqliteSink
from replay.views.view import view_of
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.sink import (
    COLUMNS,
    EVENTS,
    TALLY,
    SinkContract,
    batch,
    contents,
    fold,
    mark,
    plain,
    row,
)
from tests.replay.logs import make_log
from tests.replay.memory_sink import Killed, Memory, MemorySink

VERSION = ViewVersion("tally")


def in_file(store: ReadStore) -> SqliteSink:
    return SqliteSink(store.db, VERSION, COLUMNS)


def begin(store: ReadStore) -> SqliteSink:
    it = view_of(TALLY)
    view.create(store.db, it)
    checkpoints.put(store.db, blank(it, generation=1))
    return in_file(store)


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    found = open_views(log)
    yield found
    found.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    found = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield found
    found.close()


class TestTheViewsFile(SinkContract):
    @pytest.fixture
    def sink(self, store: ReadStore) -> Sink:
        return begin(store)

    @pytest.fixture
    def reopened(self, store: ReadStore) -> Callable[[], Sink]:
        return lambda: in_file(store)

    @pytest.fixture
    def emptied(self, store: ReadStore) -> Callable[[], Sink]:
        return lambda: begin(store)

    def test_a_row_that_is_refused_takes_its_batch_and_the_checkpoint_back(
        self, sink: Sink, reopened: Callable[[], Sink]
    ) -> None:
        refused = row("b", position=4)
        refused.values = (None, None, "[]", "")

        with pytest.raises(RowRefused) as raised:
            sink.write(batch(row("a", position=3), refused), mark(5))

        assert isinstance(raised.value.__cause__, sqlite3.IntegrityError)
        assert sink.checkpoint() == reopened().checkpoint() == Mark()
        assert reopened().find(("a", "Placed")) is None

    def test_a_key_that_no_row_can_have_is_refused(self, sink: Sink) -> None:
        sink.write(batch(row("a", position=3)), mark(5))

        with pytest.raises(RowRefused):
            sink.find(({"no": "key"}, "Placed"))  # type: ignore[arg-type]


class TestMemory(SinkContract):
    @pytest.fixture
    def memory(self) -> Memory:
        return Memory()

    @pytest.fixture
    def sink(self, memory: Memory) -> Sink:
        return MemorySink(memory)

    @pytest.fixture
    def reopened(self, memory: Memory) -> Callable[[], Sink]:
        return lambda: MemorySink(memory)

    @pytest.fixture
    def emptied(self, memory: Memory) -> Callable[[], Sink]:
        def empty() -> Sink:
            memory.clear()
            return MemorySink(memory)

        return empty


def test_the_same_folding_gives_the_same_rows_in_memory_and_in_the_views_file(
    log: EventReader, store: ReadStore
) -> None:
    here, there = MemorySink(Memory()), begin(store)

    fold(here, log, EVENTS)
    fold(there, log, EVENTS)

    assert contents(here, log) == contents(there, log) == plain(log)
    assert here.checkpoint() == there.checkpoint()


@settings(max_examples=40)
@given(deaths=st.lists(st.integers(0, 300), max_size=8))
def test_a_store_without_transactions_that_is_killed_between_rows_counts_every_event_once(
    log: EventReader, deaths: list[int]
) -> None:
    memory = Memory()

    for death in deaths:
        with suppress(Killed):
            fold(MemorySink(memory, killed_after=death), log, EVENTS, most=60)
    fold(MemorySink(memory), log, EVENTS, most=60)

    assert contents(MemorySink(memory), log) == plain(log)
