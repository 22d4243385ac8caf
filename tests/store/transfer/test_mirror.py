"""A source without an end: copied batch by batch, stopped anywhere, and gone on with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path

import pytest

from store.errors import StoreBusy
from store.events import NewEvent
from store.provenance import Origin
from store.reading.format import Incoming, Record, Rejected
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from store.transfer.mirror import Batch, cursor_of, mirror
from store.transfer.report import ImportCounts, Tally
from tests.store.event_files import events_in

SIZE = 50


def record(n: int) -> Record:
    """Event number n of a source that goes on for ever; every hundredth is none."""
    if n % 100 == 99:
        return Rejected(reason="this is no event")
    event = NewEvent(type="Noted", id=f"e{n}", data_json=f'{{"n":{n}}}')
    return Incoming(stream=f"s-{n % 7}", event=event, origin=Origin(cursor=f"part-{n % 3}@{n}"))


class Endless:
    """Gives batches for ever; `repeated` events before its cursor come once more."""

    def __init__(self, *, repeated: int = 0, make: Callable[[int], Record] = record) -> None:
        self.name, self.format_name = "test://endless", "endless"
        self.asked: list[str | None] = []
        self.made = 0  # batches
        self._repeated = repeated
        self._make = make
        self.settings: dict[str, object] = {"choices": {"part": "all"}}

    def shaped(self, records: Sequence[Record], _tally: Tally) -> Sequence[Record]:
        return records

    def batches(self, after: str | None) -> Iterator[Batch]:
        self.asked.append(after)
        start = int(after.removeprefix("behind ")) if after else 0
        numbers = count(max(start - self._repeated, 0))
        while True:
            chosen = list(islice(numbers, SIZE))
            self.made += 1
            yield Batch(records=[self._make(n) for n in chosen], cursor=f"behind {chosen[-1] + 1}")


class After:
    """Says that it is enough once so many batches have been asked about."""

    def __init__(self, batches: int) -> None:
        self._left = batches

    def __call__(self) -> bool:
        self._left -= 1
        return not self._left


def expected(events: int) -> list[str]:
    return [f"e{n}" for n in range(events) if n % 100 != 99]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


@pytest.mark.parametrize("repeated", [0, 1, 130])
def test_it_goes_on_from_the_last_cursor_without_loss_or_duplicates(
    log: Path, repeated: int
) -> None:
    feed = Endless(repeated=repeated)

    first = mirror(feed, into=log, is_cancelled=After(4))
    second = mirror(feed, into=log, is_cancelled=After(6))

    assert feed.asked == [None, "behind 200"]
    assert [it.id for it in events_in(log)] == expected(500 - repeated)
    assert (first.read, first.stored, first.rejected) == (200, 198, 2)
    assert second.read == 300
    assert second.duplicates == len(expected(200)) - len(expected(200 - repeated))
    assert cursor_of(log, feed.name) == f"behind {500 - repeated}"
    assert [(it.source or {})["origin_cursor"] for it in events_in(log)[:4]] == [
        *("part-0@0", "part-1@1", "part-2@2", "part-0@3")
    ]


def test_no_batch_is_made_before_the_one_before_it_is_recorded(log: Path) -> None:
    feed, ahead = Endless(), []

    def told(counts: ImportCounts) -> None:
        ahead.append((feed.made, len(events_in(log))))

    mirror(feed, into=log, on_batch=told, is_cancelled=After(3))

    assert ahead == [(1, 50), (2, 99), (3, 149)]


def test_a_source_that_breaks_leaves_whole_batches(log: Path) -> None:
    def breaks(n: int) -> Record:
        if n == 120:
            raise ConnectionError
        return record(n)

    with pytest.raises(ConnectionError):
        mirror(Endless(make=breaks), into=log)
    assert [it.id for it in events_in(log)] == expected(100)

    mirror(Endless(), into=log, is_cancelled=After(2))
    assert [it.id for it in events_in(log)] == expected(200)


def test_a_batch_that_cannot_be_recorded_leaves_neither_events_nor_its_cursor(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Endless()
    mirror(feed, into=log, is_cancelled=After(1))
    written = Writer.record

    def fails(self: Writer, placed: list[tuple[str, int, NewEvent]]) -> int:
        written(self, placed)
        raise StoreBusy(log)

    monkeypatch.setattr(Writer, "record", fails)
    with pytest.raises(StoreBusy):
        mirror(feed, into=log)
    monkeypatch.undo()

    assert cursor_of(log, feed.name) == "behind 50"
    mirror(feed, into=log, is_cancelled=After(1))
    assert [it.id for it in events_in(log)] == expected(100)


def test_an_event_that_the_log_cannot_hold_is_counted_and_the_copy_goes_on(log: Path) -> None:
    def bad(n: int) -> Record:
        if n != 60:
            return record(n)
        event = NewEvent(type="Noted", id="bad", data_json="{not json")
        return Incoming(stream="s-1", event=event)

    done = mirror(Endless(make=bad), into=log, is_cancelled=After(3))

    assert (done.read, done.stored, done.rejected) == (150, 148, 2)
    assert [it.version for it in events_in(log) if it.stream == "s-0"] == [*range(1, 23)]


def test_what_others_append_in_between_is_seen(log: Path) -> None:
    """The mirror keeps no place in the log between two batches."""

    def append(_counts: ImportCounts) -> None:
        with closing(open_log(log, writable=True)) as db:
            Writer(db).append("s-3", [NewEvent(type="Ours")], expected=None)

    mirror(Endless(), into=log, on_batch=append, is_cancelled=After(4))

    found = events_in(log)
    assert [it.position for it in found] == [*range(1, 203)]
    assert [it.id for it in found if it.type == "Noted"] == expected(200)
    versions = [it.version for it in found if it.stream == "s-3"]
    assert versions == [*range(1, len(versions) + 1)]


def test_versions_that_were_renumbered_stay_taken_however_long_it_goes_on(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every stated version is 10 too high, so that none is ours; half of them come again."""
    monkeypatch.setattr("store.transfer.lookup.STATED_KEPT", 20)

    def stated(n: int) -> Record:
        turn, kind = divmod(n, 2)
        event = NewEvent(type="Noted", id=f"{'again' if kind else 'e'}{turn}")
        return Incoming(stream="s-1", event=event, version=turn + 11)

    first = mirror(Endless(make=stated), into=log, is_cancelled=After(4))
    second = mirror(Endless(make=stated), into=log, is_cancelled=After(4))

    for done in (first, second):
        assert (done.stored, done.conflicts, done.renumbered) == (100, 100, 100)
    assert [it.version for it in events_in(log)] == [*range(1, 201)]


def test_two_sources_have_a_cursor_each(log: Path) -> None:
    one, other = Endless(), Endless(make=lambda n: record(n + 1_000_000))
    other.name = "test://other"

    mirror(one, into=log, is_cancelled=After(2))
    mirror(other, into=log, is_cancelled=After(3))
    mirror(one, into=log, is_cancelled=After(1))

    assert (one.asked, other.asked) == ([None, "behind 100"], [None])
    assert (cursor_of(log, one.name), cursor_of(log, other.name)) == ("behind 150", "behind 150")


def test_a_source_that_ends_for_now_is_asked_again_from_there(log: Path) -> None:
    class Short(Endless):
        def batches(self, after: str | None) -> Iterator[Batch]:
            yield from islice(super().batches(after), 2)

    feed = Short()
    mirror(feed, into=log)
    mirror(feed, into=log)

    assert [it.id for it in events_in(log)] == expected(200)


def test_nothing_is_written_for_a_batch_that_brings_nothing(log: Path) -> None:
    class Quiet(Endless):
        def batches(self, after: str | None) -> Iterator[Batch]:
            self.asked.append(after)
            yield Batch(records=[record(1)], cursor="a")
            for _ in range(5):
                yield Batch(records=[], cursor="a")
            yield Batch(records=[], cursor="b")

    mirror(Quiet(), into=log)

    with closing(open_log(log)) as db:
        assert db.execute("SELECT count(*) FROM imports").fetchone() == (2,)
    assert cursor_of(log, Quiet().name) == "b"
