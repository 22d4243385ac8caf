"""Logs of an older schema that are read-only: what they lack reads as empty."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from store.beside.commands import IssuedCommand
from store.beside.interface import Beside
from store.sqlite import schema
from store.sqlite.connect import connect
from store.sqlite.reader import LogReader
from store.sqlite.writer import Writer
from tests.older_logs import make_older_log

EMPTY: dict[str, tuple[Callable[[Beside], object], object]] = {
    "find": (lambda it: it.commands.find("c1"), (None, None)),
    "latest": (lambda it: it.commands.latest(limit=9), []),
    "caused by": (lambda it: it.commands.caused_by("ada", ["e"]), []),
    "of correlation": (lambda it: it.commands.of_correlation("c1"), []),
    "naming": (lambda it: it.commands.naming("Add", "a", "b"), []),
    "waiting": (lambda it: it.commands.waiting(after=0), []),
    "pending": (lambda it: it.commands.pending(), []),
    "done": (lambda it: list(it.commands.done()), []),
    "stopped": (lambda it: it.commands.stopped("loop", limit=9), []),
    "troubled": (lambda it: it.commands.troubled(["ada"], limit=9), []),
    "queues": (lambda it: it.commands.queues(5, since_us=0), []),
    "queues of streams": (
        lambda it: it.commands.queues_of_streams("Add", 5, since_us=0, limit=9),
        [],
    ),
    "counts": (lambda it: it.commands.counts(), {}),
    "attempts": (lambda it: it.attempts.of(["c1"]), {}),
    "is stopped": (lambda it: it.attempts.is_stopped("c1"), False),
    "messages": (lambda it: it.outbox.latest(limit=9), []),
    "messages waiting": (lambda it: it.outbox.waiting(5, limit=9), []),
    "all messages": (lambda it: list(it.outbox.all()), []),
    "count of messages": (lambda it: it.outbox.count(), 0),
    "followed": (lambda it: it.outbox.followed(), set()),
    "told": (lambda it: it.outbox.told(), set()),
    "deliveries": (lambda it: it.outbox.attempts("m"), 0),
    "has answer": (lambda it: it.answers.has("e", "post", "{}"), False),
    "answers": (lambda it: it.answers.of_events(), []),
    "latest answers": (lambda it: it.answers.latest(limit=9), []),
    "heard until": (lambda it: it.processes.heard_until("billing"), None),
    "beginning": (lambda it: it.processes.beginning(), 0),
    "retries": (lambda it: it.retries.open(), []),
    "retries since": (lambda it: it.retries.since(0), []),
    "retries of": (lambda it: it.retries.of("command", "c1"), []),
    "clock": (lambda it: it.clock.ahead_us(), 0),
}


def an_order(id_: str) -> IssuedCommand:
    return IssuedCommand(
        id=id_,
        type="Add",
        stream="a-1",
        data_json="{}",
        actor="ada",
        roles=(),
        expected=None,
        issued_at_us=1,
        due_at_us=1,
        expires_at_us=None,
        causation_id=None,
        correlation_id=id_,
    )


def an_older_log(path: Path, version: int) -> Path:
    """As that schema version made it."""
    return make_older_log(path, version, commands=["c1"] if version > 1 else [])


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Callable[[int], LogReader]]:
    """Read-only, as a file without the right to write is opened: it is not brought up to date."""
    with ExitStack() as opened:

        def reader(version: int) -> LogReader:
            path = an_older_log(tmp_path / "old.foldline", version)
            return opened.enter_context(closing(LogReader(connect(path, read_only=True))))

        yield reader


@pytest.mark.parametrize("question", EMPTY)
def test_a_log_from_before_commands_has_none(
    read: Callable[[int], LogReader], question: str
) -> None:
    ask, empty = EMPTY[question]

    assert ask(read(1).beside) == empty


def test_a_log_without_attempts_still_has_its_commands(read: Callable[[int], LogReader]) -> None:
    beside = read(2).beside

    assert beside.commands.counts() == {"pending": 1}
    assert [it.id for it in beside.commands.pending()] == ["c1"]
    assert [it.id for it in beside.commands.waiting(after=0)] == ["c1"]
    assert beside.commands.queues(5, since_us=0)[0].waiting == 1
    assert beside.attempts.of(["c1"]) == {}


@pytest.mark.parametrize("version", [1, 2])
def test_a_reader_sees_what_comes_once_somebody_else_has_brought_the_log_up_to_date(
    read: Callable[[int], LogReader], tmp_path: Path, version: int
) -> None:
    reader = read(version)
    before = reader.beside.attempts.of(["late"])
    late = an_order("late")

    with closing(connect(tmp_path / "old.foldline")) as db:
        schema.migrate(db)
        beside = Writer(db).beside
        beside.commands.add([late])
        beside.attempts.note("late", "conflict", "somebody was quicker", at_us=2)

    assert before == {}
    assert [it.status for it in reader.beside.attempts.of(["late"])["late"]] == ["conflict"]
    assert reader.beside.commands.find("late")[0] == late


def test_what_is_read_leaves_the_older_file_as_it_was(read: Callable[[int], LogReader]) -> None:
    reader = read(1)
    before = reader.place.path.read_bytes()

    reader.beside.commands.counts()

    assert reader.place.path.read_bytes() == before
