"""Whatever many callers append at once has one order, and each is answered as it is in it."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import StoreError, VersionConflict
from store.events import ANY_VERSION, Appended, NewEvent, RecordedEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.group_commit import GroupCommit
from store.sqlite.integrity import verify
from store.sqlite.store import SqliteStore, open_store
from store.sqlite.writer import Append, Writer

CALLERS: Final = 32
TURNS: Final = 12  # appends of each caller
STREAMS: Final = ("order-1", "order-2", "cart-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An append, what its caller had been told of the stream before, and the answer."""

    append: Append
    seen: int
    answer: Appended | StoreError


events = st.builds(
    NewEvent,
    type=st.sampled_from(["Placed", "Paid", ""]),
    id=st.integers(0, 8).map("id-{}".format),
    data_json=st.sampled_from(["{}", '{"n":1}', "{"]),
    links=st.sampled_from([(), ("late", "cart-1")]),
)
appends = st.builds(
    Append,
    stream=st.sampled_from([*STREAMS, ""]),
    events=st.lists(events, max_size=3).map(tuple),
    expected=st.sampled_from([0, 1, 2, None, None]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(appends, min_size=1, max_size=8), max_size=4))
def test_a_group_is_answered_as_if_one_had_come_after_the_other(groups: list[list[Append]]) -> None:
    memory = MemoryStore()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.foldline"
        create_log(path)

        with closing(GroupCommit(partial(open_log, path, writable=True))) as commits:
            for group in groups:
                found = [_said(it.exception(60) or it.result()) for it in _together(commits, group)]
                one_by_one = [
                    memory.append_soon(it.stream, it.events, expected=it.expected) for it in group
                ]
                assert found == [_said(it.exception() or it.result()) for it in one_by_one]

        with reading(path) as log:
            assert [_facts(it) for it in log.read()] == [_facts(it) for it in memory.read()]
            assert log.links_between(1, log.head()) == memory.links_between(1, memory.head())
        assert verify(path).is_sound


@pytest.mark.parametrize("seed", range(3))
def test_callers_that_conflict_at_random_are_in_one_order_and_what_was_told_is_on_the_disk(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "log.foldline"
    begin = threading.Barrier(CALLERS)

    with closing(open_store(path, create=True)) as store, ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(_call, store, begin, f"{seed}-{n}") for n in range(CALLERS)]
        said = [it.result(300) for it in calls]

        with reading(path) as log:  # another connection, while the writer's is open
            for one in said:
                _assert_told_truly(log, one)
            stored = Counter(it.id for it in log.read())

    told = chain.from_iterable(said)
    recorded = [it.append for it in told if isinstance(it.answer, Appended)]
    assert stored == Counter(event.id for it in recorded for event in it.events)
    assert verify(path).is_sound


def _call(store: SqliteStore, begin: threading.Barrier, name: str) -> list[Said]:
    """What one caller does: it mostly decides on what it was told last, and at times on nothing,
    or on what cannot be."""
    choose, seen, said = random.Random(name), Counter[str](), list[Said]()
    begin.wait(60)
    for turn in range(TURNS):
        stream = choose.choice(STREAMS)
        known = seen[stream]
        made = [
            NewEvent(type="Said", id=f"{name}/{turn}/{n}") for n in range(choose.choice([1, 1, 3]))
        ]
        if choose.random() < 0.1:
            made.append(NewEvent(type="Said", data_json="{", id=f"{name}/{turn}/bad"))
        expected = choose.choice([known, known, ANY_VERSION, known + 1])
        append = Append(stream=stream, events=tuple(made), expected=expected)
        answer = _answer_of(store, append, choose.choice(["append", "soon", "work", "write"]))
        said.append(Said(append=append, seen=known, answer=answer))
        if isinstance(answer, Appended):
            seen[stream] = answer.version
        elif isinstance(answer, VersionConflict):
            seen[stream] = answer.actual
    return said


def _answer_of(store: SqliteStore, append: Append, way: str) -> Appended | StoreError:
    ask = partial(_ask, append)
    try:
        if way == "append":
            return store.append(append.stream, append.events, expected=append.expected)
        if way == "soon":
            soon = store.append_soon(append.stream, append.events, expected=append.expected)
            return soon.result(300)
        return store.write(ask) if way == "write" else store.submit(ask).result(300)
    except StoreError as error:
        return error


def _ask(append: Append, writer: Writer) -> Appended:
    return writer.append_inside(append.stream, append.events, expected=append.expected)


def _assert_told_truly(log: EventReader, said: Sequence[Said]) -> None:
    """One caller's answers, in the order in which it was told them, against the log."""
    last = 0
    for it in said:
        if isinstance(it.answer, VersionConflict):
            assert it.append.expected != it.answer.actual >= it.seen
            assert it.answer.actual <= log.stream_version(it.append.stream)
        if not isinstance(it.answer, Appended):
            continue
        count = len(it.append.events)
        found = log.page(it.answer.position - count + 1, it.answer.position)
        assert [one.id for one in found] == [one.id for one in it.append.events]
        assert {one.stream for one in found} == {it.append.stream}
        assert found[-1].version == it.answer.version
        assert it.append.expected in (ANY_VERSION, it.answer.version - count)
        assert it.answer.position - count >= last, "what came later stands before"
        last = it.answer.position


def _together(commits: GroupCommit, group: Sequence[Append]) -> list["Future[Appended]"]:
    """Queue them while the writer is held, so that they share one commit."""
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(_writer: Writer) -> None:
        has_begun.set()
        may_go_on.wait(60)

    first = commits.submit(wait)
    assert has_begun.wait(60)
    queued = [commits.append_soon(it.stream, it.events, expected=it.expected) for it in group]
    may_go_on.set()
    first.result(60)
    return queued


def _said(answer: Appended | BaseException) -> tuple[Any, ...]:
    """An answer, comparable: where it ended, or what kind of refusal it was, and of what."""
    if isinstance(answer, Appended):
        return answer.version, answer.position
    return type(answer), getattr(answer, "actual", None)


def _facts(event: RecordedEvent) -> tuple[Any, ...]:
    return event.position, event.stream, event.version, event.type, event.id, event.data_json
