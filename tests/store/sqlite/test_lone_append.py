"""One event of one caller: recorded by one statement where the writer knows the log, and otherwise
as every append is."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import StoreBusy, StoreError, VersionConflict
from store.events import ANY_VERSION, NEW_STREAM, Appended, NewEvent, RecordedEvent
from store.memory import MemoryStore
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.file_connection import FileConnection
from store.sqlite.group_commit import GroupCommit
from store.sqlite.integrity import verify
from store.sqlite.writer import Append, Writer

LATER_US: Final = 4_000_000_000_000_000  # a long time ahead of the clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    return path


@pytest.fixture
def db(path: Path) -> Iterator[FileConnection]:
    with closing(open_log(path, writable=True)) as db:
        yield db


events = st.builds(
    NewEvent,
    type=st.sampled_from(["Placed", "Paid", ""]),
    id=st.integers(0, 20).map("id-{}".format),
    data_json=st.sampled_from(["{}", '{"n":1}', "{"]),
    occurred_at_us=st.sampled_from([None, 5, LATER_US]),
    occurred_offset_min=st.sampled_from([None, 60]),
    recorded_at_us=st.sampled_from([None, None, 7, LATER_US]),
    recorded_offset_min=st.sampled_from([None, -60]),
    source_json=st.sampled_from([None, '{"from":"there"}']),
    links=st.sampled_from([(), (), ("late",)]),
)
appends = st.builds(
    Append,
    stream=st.sampled_from(["order-1", "order-2", ""]),
    events=st.lists(events, min_size=1, max_size=2).map(tuple),
    expected=st.sampled_from([0, 1, 2, ANY_VERSION, ANY_VERSION]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(appends, st.booleans()), max_size=25))
def test_one_append_after_the_other_is_answered_as_in_memory_also_beside_another_writer(
    asked: list[tuple[Append, bool]],
) -> None:
    """Where the flag is set the other writer appends, which this one is told nothing of."""
    memory = MemoryStore()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as caller:
        path = Path(folder) / "log.foldline"
        create_log(path)

        with (
            closing(GroupCommit(partial(open_log, path, writable=True))) as commits,
            closing(open_log(path, writable=True)) as other_db,
        ):
            other = Writer(other_db)
            for it, is_others in asked:
                append = other.append if is_others else commits.append
                ask = partial(append, it.stream, it.events, expected=it.expected)
                found = caller.submit(_answer, ask).result(60)
                ask = partial(memory.append, it.stream, it.events, expected=it.expected)
                assert found == _answer(ask)

        with reading(path) as log:
            assert [_facts(it) for it in log.read()] == [_facts(it) for it in memory.read()]
            assert log.links_between(1, log.head()) == memory.links_between(1, memory.head())
        assert verify(path).is_sound


def test_a_row_that_is_made_alone_is_the_row_that_a_batch_makes(tmp_path: Path) -> None:
    placed = [
        NewEvent(type="Placed", id="1"),
        NewEvent(type="Placed", id="2", recorded_at_us=7, recorded_offset_min=60),
        NewEvent(type="Placed", id="3", recorded_at_us=LATER_US, occurred_at_us=9),
        NewEvent(type="Placed", id="4", occurred_at_us=LATER_US, occurred_offset_min=-90),
    ]
    alone, together = tmp_path / "alone.foldline", tmp_path / "together.foldline"
    for path in (alone, together):
        create_log(path)
    with closing(open_log(alone, writable=True)) as db:
        writer = Writer(db, clock_us=lambda: 1_000)
        writer.append("order-1", placed[:1], expected=0)
        for at in range(1, len(placed)):
            assert writer.append_alone(_asked(placed[at])) is not None
    with closing(open_log(together, writable=True)) as db:
        Writer(db, clock_us=lambda: 1_000).append("order-1", placed, expected=0)

    assert _rows(alone) == _rows(together)


def test_a_known_stream_is_appended_to_by_one_statement(db: FileConnection) -> None:
    writer = Writer(db)
    writer.append("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
    asked: list[str] = []
    db.set_trace_callback(asked.append)

    appended = writer.append_alone(_asked(NewEvent(type="Placed"), expected=1))

    assert appended == Appended(version=2, position=2)
    told = {it.partition("(")[0].strip() for it in asked if not it.startswith("--")}
    assert told == {"INSERT INTO events"}  # neither BEGIN nor a question of the head before it


@pytest.mark.parametrize(
    "asked",
    [
        Append(stream="order-2", events=(NewEvent(type="Placed"),), expected=None),
        Append(stream="order-1", events=(NewEvent(type="Unheard"),), expected=None),
        Append(stream="order-1", events=(NewEvent(type="Placed"),), expected=0),
        Append(stream="order-1", events=(NewEvent(type="Placed", links=("a",)),), expected=None),
        Append(stream="order-1", events=(NewEvent(type="Placed", id="one"),), expected=None),
        Append(stream="order-1", events=(NewEvent(type="Placed", data_json="{"),), expected=1),
        Append(stream="order-1", events=(NewEvent(type="Placed"),) * 2, expected=1),
        Append(stream="order-1", events=(), expected=1),
    ],
)
def test_what_takes_more_than_one_row_or_is_refused_leaves_no_trace(
    db: FileConnection, path: Path, asked: Append
) -> None:
    writer = Writer(db)
    writer.append("order-1", [NewEvent(type="Placed", id="one")], expected=NEW_STREAM)

    assert writer.append_alone(asked) is None

    assert not db.in_transaction
    with reading(path) as log:
        assert log.head() == 1


def test_a_log_that_another_writer_has_grown_is_looked_at_anew(
    db: FileConnection, path: Path
) -> None:
    writer = Writer(db)
    writer.append("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
    with closing(open_log(path, writable=True)) as other:
        Writer(other).append("order-2", [NewEvent(type="Placed")], expected=NEW_STREAM)

    assert writer.append_alone(_asked(NewEvent(type="Paid"))) is None
    writer.append("order-1", [NewEvent(type="Paid")], expected=1)

    assert verify(path).is_sound


def test_a_lock_that_another_process_keeps_is_told_as_such(db: FileConnection, path: Path) -> None:
    writer = Writer(db)
    writer.append("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
    db.execute("PRAGMA busy_timeout = 0")

    with closing(open_log(path, writable=True)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            writer.append_alone(_asked(NewEvent(type="Placed")))

    assert writer.append_alone(_asked(NewEvent(type="Placed"))) == Appended(version=2, position=2)


def _asked(event: NewEvent, *, expected: int | None = None) -> Append:
    return Append(stream="order-1", events=(event,), expected=expected)


def _answer(ask: "partial[Appended]") -> tuple[Any, ...]:
    """Comparable: where it ended, or what kind of refusal it was, and of what."""
    try:
        appended = ask()
    except StoreError as error:
        return type(error), error.actual if isinstance(error, VersionConflict) else None
    return appended.version, appended.position


def _facts(event: RecordedEvent) -> tuple[Any, ...]:
    return event.position, event.stream, event.version, event.type, event.id, event.data_json


def _rows(path: Path) -> Sequence[tuple[Any, ...]]:
    with closing(open_log(path)) as db:
        return db.execute("SELECT * FROM events ORDER BY position").fetchall()
