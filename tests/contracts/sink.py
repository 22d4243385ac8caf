"""What every store must do that holds the rows of a view. Subclass it and supply `sink` and
`reopened`. Rows are folded into it by the code that folds everything."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from replay.projection import Json, Projection, Rows, columns
from replay.views.folding import Folding, fold_page
from replay.views.recorded_view import blank
from replay.views.row_buffer import RowBuffer
from replay.views.sink import WRITES_PER_EVENT, Batch, Mark, RowState, Sink
from replay.views.skips import Skipped
from replay.views.view import view_of
from replay.views.view_tables import decoded
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import make_log

EVENTS = 240


class Tally(Struct, frozen=True):
    """One row."""

    stream: str
    type: str
    count: int
    note: str | None
    seen: Json
    elsewhere: str  # the stream of the event of this type before it


def apply(rows: Rows[Tally], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Counts, and lets every ninth row go; what comes later begins it anew."""
    elsewhere = str(rows.lookup.get(event.type))
    if event.position % 7 == 0:
        rows.lookup.delete(event.type)
    else:
        rows.lookup.put(event.type, event.stream)
    for stream in (event.stream, *links):
        row = rows.get((stream, event.type))
        if event.position % 9 == 0:
            rows.delete((stream, event.type))
            continue
        count = 1 if row is None else row.count + 1
        seen = [event.position] if row is None else [*row.seen, event.position]
        note = "even" if count % 2 == 0 else None
        rows.put(Tally(stream, event.type, count, note, seen, elsewhere))


TALLY = Projection(
    name="tally",
    version=1,
    title="",
    row=Tally,
    key=("stream", "type"),
    apply=apply,
    keeps_lookup=True,
)
COLUMNS = columns(TALLY)


class SinkContract:
    @pytest.fixture
    def sink(self) -> Sink:
        """An empty one, for the columns of TALLY."""
        raise NotImplementedError

    @pytest.fixture
    def reopened(self, sink: Sink) -> Callable[[], Sink]:
        """Gives the same store as a process that starts finds it."""
        raise NotImplementedError

    @pytest.fixture
    def emptied(self, sink: Sink) -> Callable[[], Sink]:
        """Gives the store with nothing in it."""
        raise NotImplementedError

    @pytest.fixture
    def log(self, tmp_path: Path) -> EventReader:
        return open_reader(make_log(tmp_path / "sink.foldline", EVENTS))

    def test_an_empty_one_has_come_nowhere_and_knows_no_row(self, sink: Sink) -> None:
        assert sink.checkpoint() == Mark()
        assert sink.last_number() == 0
        assert sink.find(("order-1", "Placed")) is None
        assert sink.find_lookup("Placed", 1) is None

    def test_a_row_is_found_as_it_was_written_with_its_position(
        self, sink: Sink, reopened: Callable[[], Sink]
    ) -> None:
        sink.write(batch(row("a", position=3)), mark(5))

        for it in (sink, reopened()):
            found = it.find(("a", "Placed"))
            assert found is not None
            assert (found.values, found.position, found.number) == ((1, None, "[]", ""), 3, 1)
            assert it.checkpoint() == mark(5)
            assert it.last_number() == 1

    def test_a_deleted_row_has_no_values_and_keeps_its_number(
        self, sink: Sink, reopened: Callable[[], Sink]
    ) -> None:
        sink.write(batch(row("a", position=3)), mark(5))
        gone = row("a", position=7, writes=2)
        gone.values, gone.was_stored = None, True
        sink.write(batch(gone, growth=-1), mark(8))

        found = reopened().find(("a", "Placed"))
        assert found is not None
        assert (found.values, found.number, found.writes) == (None, 1, 2)

    def test_a_value_of_the_lookup_table_is_found_as_it_was_last_written(
        self, sink: Sink, reopened: Callable[[], Sink]
    ) -> None:
        entries = [("Placed", 3, '"a"'), ("Paid", 3, '"b"'), ("Paid", 4, None)]
        sink.write(Batch(versions=(), rows=(), growth=0, lookup=entries), mark(5))
        later = [("Placed", 7, '"c"'), ("Paid", 8, '"d"')]
        reopened().write(Batch(versions=(), rows=(), growth=0, lookup=later), mark(8))

        found = reopened()
        assert [found.find_lookup(it, 9) for it in ("Placed", "Paid", "None")] == [
            '"c"',
            '"d"',
            None,
        ]

    @pytest.mark.parametrize("until", [5, 4])
    def test_a_batch_that_comes_again_or_late_changes_nothing(
        self, sink: Sink, reopened: Callable[[], Sink], until: int
    ) -> None:
        first = batch(row("a", position=3))
        sink.write(first, mark(5))
        before = reopened().find(("a", "Placed"))

        for it in (sink, reopened()):
            it.write(first, mark(until))
            it.write(batch(row("a", position=4, count=9)), mark(until))

        assert reopened().find(("a", "Placed")) == before
        assert reopened().checkpoint() == mark(5)

    @settings(max_examples=12, suppress_health_check=[*HealthCheck])
    @given(stops=st.lists(st.integers(1, EVENTS), max_size=5))
    def test_folded_in_whatever_runs_it_holds_what_a_plain_fold_gives(
        self,
        emptied: Callable[[], Sink],
        reopened: Callable[[], Sink],
        log: EventReader,
        stops: list[int],
    ) -> None:
        fold(emptied(), log, 1)

        for until in (*sorted(stops), EVENTS):
            fold(reopened(), log, until)

        assert contents(reopened(), log) == plain(log)
        assert reopened().checkpoint().position == EVENTS


def fold(sink: Sink, log: EventReader, until: int, *, most: int = 50) -> None:
    """Go on from the sink's own checkpoint, up to a position."""
    view, at = view_of(TALLY), sink.checkpoint()
    known = blank(view, generation=1)
    folding = Folding(view, RowBuffer(sink, TALLY), known=known, skipped=Skipped(log.place))
    folding.go_to(at)
    while folding.known.checkpoint < until:
        blamed = fold_page(folding, log, until=until, most=most, transaction=nullcontext)
        assert blamed is None


def contents(sink: Sink, log: EventReader) -> dict[Any, tuple[Any, ...]]:
    """Every row of the sink that an event of the log could have written, with its position."""
    keys = {
        (stream, event.type)
        for event in log.page(1, EVENTS)
        for stream in (event.stream, *log.links(event.position))
    }
    found = {key: sink.find(key) for key in keys}
    return {
        key: (*decoded(COLUMNS, (*key, *it.values))[2:], it.position)
        for key, it in found.items()
        if it is not None and it.values is not None
    }


def plain(log: EventReader) -> dict[Any, tuple[Any, ...]]:
    """The same by a dictionary."""
    rows = _Dictionary()
    for event in log.page(1, EVENTS):
        rows.position = event.position
        apply(rows, event, log.links(event.position))
    return {
        key: (it.count, it.note, it.seen, it.elsewhere, at) for key, (it, at) in rows.found.items()
    }


class _Dictionary:
    def __init__(self) -> None:
        self.found: dict[Any, tuple[Tally, int]] = {}
        self.lookup = _Values()
        self.position = 0

    def get(self, key: Any) -> Tally | None:
        return self.found[key][0] if key in self.found else None

    def put(self, row: Tally) -> None:
        self.found[row.stream, row.type] = (row, self.position)

    def delete(self, key: Any) -> None:
        self.found.pop(key, None)


class _Values:
    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.found.get(key)

    def put(self, key: str, value: Any) -> None:
        self.found[key] = value

    def delete(self, key: str) -> None:
        self.found.pop(key, None)


def mark(position: int) -> Mark:
    return Mark(position=position, event_id=f"event {position}")


def row(stream: str, *, position: int, count: int = 1, writes: int = 1) -> RowState:
    return RowState(
        key=(stream, "Placed"),
        values=(count, None, "[]", ""),
        number=1,
        write=position * WRITES_PER_EVENT,
        first_position=3,
        writes=writes,
        is_cut=False,
    )


def batch(*rows: RowState, growth: int = 1) -> Batch:
    versions = [
        (it.write, it.number, it.values is None, *(it.values or (None,) * 4)) for it in rows
    ]
    return Batch(versions=versions, rows=rows, growth=growth)
