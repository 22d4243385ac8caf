"""A projection that fails is parked where it failed; the others go on and are not repeated."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import check
from replay.projection import Projection, Rows
from replay.views import checkpoints
from replay.views.read_store import ReadStore, open_views
from replay.views.row_buffer import RowBuffer
from replay.views.runner import Runner
from replay.views.sink import Flushed
from replay.views.view import view_of
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.interface import EventReader
from store.opening import open_reader, reading
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.writer import Writer
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 200


class Seen(Struct, frozen=True):
    stream: str
    count: int


class Counting:
    """A projection that counts its calls, and fails at one position as often as it is told."""

    def __init__(self, name: str, *, fails_at: int = 0, times: int = 1_000) -> None:
        self.calls: Counter[int] = Counter()
        self.fails_at, self.times = fails_at, times
        self.view = view_of(
            Projection(
                name=name, version=1, title=name, row=Seen, key=("stream",), apply=self.apply
            )
        )

    def apply(self, rows: Rows[Seen], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        self.calls[event.position] += 1
        row = rows.get(event.stream)
        rows.put(Seen(event.stream, row.count + 1 if row else 1))
        if event.position == self.fails_at and self.times:
            self.times -= 1
            raise ValueError("this event is beyond me")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


def test_a_failing_projection_is_parked_with_its_error(log: EventReader) -> None:
    bad = Counting("bad", fails_at=77)
    store, runner = open_runner(log, (bad.view,))

    catch_up(runner)

    error = checkpoints.errors(store.db)["bad"]
    assert runner.is_parked("bad")
    assert runner.checkpoints()["bad"].checkpoint == 76
    assert (error.position, error.attempts) == (77, 3)
    assert bad.calls[77] == 3
    assert error.message == "ValueError: this event is beyond me"
    assert "in apply" in error.traceback
    assert rows(store, "bad") == streams_until(log, 76)
    store.close()


def test_the_others_go_on_and_see_each_event_once(log: EventReader) -> None:
    bad, good = Counting("bad", fails_at=77), Counting("good")
    store, runner = open_runner(log, (bad.view, good.view))

    catch_up(runner)

    assert runner.checkpoints()["good"].checkpoint == EVENTS
    assert set(good.calls.values()) == {1}
    assert rows(store, "good") == streams_until(log, EVENTS)
    store.close()


def test_three_attempts_are_three_until_it_is_tried_again_and_the_others_ran_once(
    log: EventReader,
) -> None:
    bad, good = Counting("bad", fails_at=77, times=100), Counting("good")
    attempts = []
    for attempt in range(4):
        store = open_views(log)
        bad.times = 0 if attempt == 3 else 100
        catch_up(Runner(store.db, log, (bad.view, good.view), tries_parked=attempt == 3))
        attempts += [it.attempts for it in checkpoints.errors(store.db).values()]
        store.close()

    store = open_views(log)
    assert attempts == [3, 3, 3]
    assert bad.calls[77] == 3 + 1
    assert rows(store, "bad") == rows(store, "good") == streams_until(log, EVENTS)
    assert set(good.calls.values()) == {1}
    assert checkpoints.errors(store.db) == {}
    store.close()


def test_a_failure_that_does_not_come_again_parks_nothing(log: EventReader) -> None:
    flaky = Counting("flaky", fails_at=77, times=1)
    store, runner = open_runner(log, (flaky.view,))

    catch_up(runner)

    assert not runner.is_parked("flaky")
    assert rows(store, "flaky") == streams_until(log, EVENTS)
    store.close()


@pytest.mark.parametrize("wrong", ["a text", 2**70, None, {"a": 1}])
def test_a_value_that_the_column_refuses_parks_the_projection_at_its_event(
    log: EventReader, wrong: Any
) -> None:
    calls = Counter[int]()

    def apply(rows: Rows[Seen], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        calls[event.position] += 1
        rows.put(Seen(event.stream, wrong if event.position == 33 else event.position))

    view = view_of(
        Projection(name="wrong", version=1, title="", row=Seen, key=("stream",), apply=apply)
    )
    store, runner = open_runner(log, (view,))

    catch_up(runner)

    error = checkpoints.errors(store.db)["wrong"]
    assert runner.checkpoints()["wrong"].checkpoint == 32
    assert (error.position, error.attempts, calls[33]) == (33, 3, 3)
    store.close()


def test_an_event_that_writes_too_many_rows_is_refused(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "b.foldline", 1))

    def apply(rows: Rows[Seen], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        for n in range(65_537):
            rows.put(Seen(f"{event.stream} {n}", n))

    view = view_of(
        Projection(name="many", version=1, title="", row=Seen, key=("stream",), apply=apply)
    )
    store, runner = open_runner(log, (view,))

    catch_up(runner)

    assert "at most 65,536 rows" in checkpoints.errors(store.db)["many"].message
    store.close()
    log.close()


def test_trouble_with_the_file_is_raised_and_blames_no_projection(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Counting("good")
    store, runner = open_runner(log, (good.view,))
    runner.deliver(log.page(1, 20), {})

    def fail(_self: object, _until: object) -> Flushed:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(RowBuffer, "flush", fail)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            runner.deliver(log.page(21, 40), {})

    assert checkpoints.errors(store.db) == {}
    catch_up(runner)
    assert rows(store, "good") == streams_until(log, EVENTS)
    store.close()


@pytest.mark.parametrize("table", ["TABLE good", "TABLE good_writes", "VIEW good_history"])
def test_a_table_that_somebody_drops_is_noticed_and_its_view_alone_made_anew(
    log: EventReader, table: str
) -> None:
    good, other = Counting("good"), Counting("other")
    store, runner = open_runner(log, (good.view, other.view))
    catch_up(runner)
    assert not runner.advance()
    somebody = connect(store.path)
    somebody.execute(f"DROP {table}")
    somebody.close()

    assert runner.advance()

    assert checkpoints.errors(store.db) == {}
    catch_up(runner)
    assert rows(store, "good") == streams_until(log, EVENTS)
    assert set(good.calls.values()) == {2}
    assert set(other.calls.values()) == {1}
    store.close()


def test_tables_that_vanish_while_they_are_read_blame_nobody(log: EventReader) -> None:
    class Dropping(Counting):
        def apply(self, rows: Rows[Seen], event: RecordedEvent, links: tuple[str, ...]) -> None:
            if event.position == 90 and not self.calls[90]:
                somebody = connect(store.path)
                somebody.execute("DROP TABLE dropped")
                somebody.close()
                rows.get("a stream that nobody has read yet")
            super().apply(rows, event, links)

    dropping = Dropping("dropped")
    store, runner = open_runner(log, (dropping.view,))
    runner.deliver(log.page(1, 80), {})

    runner = Runner(store.db, log, (dropping.view,))  # which has to ask for what it reads
    runner.deliver(log.page(81, 100), {})
    catch_up(runner)

    assert checkpoints.errors(store.db) == {}
    assert rows(store, "dropped") == streams_until(log, EVENTS)
    store.close()


def test_a_changed_definition_rebuilds_its_view_once(log: EventReader) -> None:
    def definitions(db: sqlite3.Connection) -> list[tuple[str, int]]:
        known = checkpoints.read_all(db)
        return [(it.name, it.generation) for it in known.values()]

    old, other = Counting("changing"), Counting("other")
    store, runner = open_runner(log, (old.view, other.view))
    catch_up(runner)
    store.close()

    new = Counting("changing")
    changed = view_of(
        Projection(name="changing", version=2, title="", row=Seen, key=("stream",), apply=new.apply)
    )
    generations = []
    for _ in range(3):
        store, runner = open_runner(log, (changed, other.view))
        catch_up(runner)
        generations.append(definitions(store.db))
        store.close()

    known = [("changing", 2), ("changing__before", 1), ("other", 1)]
    assert generations == [known] * 3
    assert set(new.calls.values()) == {1}
    assert set(other.calls.values()) == {1}


def test_two_runners_on_one_file_fold_nothing_twice(log: EventReader) -> None:
    one, other = Counting("shared"), Counting("shared")
    store, first = open_runner(log, (one.view,))
    second_store, second = open_runner(log, (other.view,))

    first.deliver(log.page(1, 50), {})
    second.deliver(log.page(1, 80), {})
    second.deliver(log.page(1, 80), {})
    first.deliver(log.page(51, 120), {})
    catch_up(first)
    catch_up(second)

    assert rows(store, "shared") == streams_until(log, EVENTS)
    assert first.checkpoints()["shared"].checkpoint == EVENTS
    store.close()
    second_store.close()


def test_a_run_with_a_gap_before_it_is_left_alone(log: EventReader) -> None:
    counting = Counting("counting")
    store, runner = open_runner(log, (counting.view,))

    runner.deliver(log.page(10, 20), {})
    runner.deliver([], {})

    assert runner.checkpoints()["counting"].checkpoint == 0
    assert counting.calls == {}
    store.close()


def test_rows_dropped_after_a_long_fold_are_read_again_for_the_next_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.views.runner.LONG_FOLD", EVENTS)
    path = make_log(tmp_path / "a.foldline", EVENTS)
    with reading(path) as log:
        store, runner = open_runner(log, all_views())
        catch_up(runner)

        assert runner.release()
        assert not runner.release()  # there is nothing more to drop
        append(path, EVENTS // 2)
        catch_up(runner)

        assert not runner.release()  # so few rows are kept
        store.close()
        checked = check(log, {it.name for it in all_views()})

    assert [it.view for it in checked if it.was_different] == []


def test_big_events_come_in_small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replay.views.runner.TEXT_PER_BATCH", 10_000)
    monkeypatch.setattr("replay.views.runner.FIRST_BATCH", 2)
    path = tmp_path / "big.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    events = [NewEvent.of("Grew", {"text": "x" * 2_000}) for _ in range(20)]
    Writer(db).append("big-1", events, expected=ANY_VERSION)
    db.close()
    log = open_reader(path)
    store, runner = open_runner(log, (Counting("big").view,))
    reached = []

    while runner.advance():
        reached.append(runner.checkpoints()["big"].checkpoint)

    assert reached == [4, 8, 12, 16, 20]
    store.close()
    log.close()


def rows(store: ReadStore, name: str) -> dict[str, int]:
    return dict(store.db.execute(f"SELECT stream, count FROM {name}").fetchall())


def streams_until(log: EventReader, position: int) -> dict[str, int]:
    return dict(Counter(event.stream for event in log.page(1, position)))
