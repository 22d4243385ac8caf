"""A log whose every event has a type of its own: what is read of types is what is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.reader import LogReader
from store.sqlite.writer import Writer

MANY = 20_000
STREAM = "thing-1"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Path(tmp_path_factory.mktemp("types"), "types.foldline")
    create_log(found)
    db = open_log(found, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer = Writer(db)
    for start in range(0, MANY, 5_000):
        events = [NewEvent.of(f"Type{it:05d}", {"n": it}) for it in range(start, start + 5_000)]
        writer.append(STREAM, events, expected=None)
    db.close()
    return found


@pytest.fixture
def asked(path: Path) -> Iterator[tuple[LogReader, list[int]]]:
    """A reader, and a count of what SQLite does for it, in steps of a hundred."""
    db, steps = open_log(path), [0]

    def count() -> int:
        steps[0] += 1
        return 0

    db.set_progress_handler(count, 100)
    yield LogReader(db), steps
    db.close()


def test_one_event_is_read_without_the_names_of_all_types(
    asked: tuple[LogReader, list[int]],
) -> None:
    log, steps = asked

    (event,) = log.read_stream(STREAM, limit=1, reverse=True)

    assert event.type == f"Type{MANY - 1:05d}"
    assert steps[0] < MANY // 100  # a step for each type would be more


def test_the_names_of_all_are_read_once_along_the_stream(
    asked: tuple[LogReader, list[int]],
) -> None:
    log, steps = asked
    first = list(log.read_stream(STREAM, limit=1_000))
    for_the_first, steps[0] = steps[0], 0

    rest = list(log.read_stream(STREAM, after=1_000))

    assert [it.type for it in (*first, *rest)] == [f"Type{it:05d}" for it in range(MANY)]
    assert steps[0] < 2 * (MANY // 1_000) * max(for_the_first, 1)


def test_few_names_are_held_and_each_is_still_the_right_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite.type_names.TYPES_KEPT", 10)
    with reading(path) as log:
        for _ in range(2):
            found = [it.type for it in log.stream_payloads(STREAM, until=3_500)]
            assert found == [f"Type{it:05d}" for it in range(3_500)]
            assert [it.type for it in log.read_stream(STREAM, until=5)] == found[:5]
