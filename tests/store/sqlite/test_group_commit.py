"""Appends that share a commit: what is refused, and what fails for all of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from store.errors import DuplicateEventId, InvalidEvent
from store.events import ANY_VERSION, NEW_STREAM, NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.file_connection import FileConnection
from store.sqlite.group_commit import GroupCommit
from store.sqlite.writer import Writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    return path


@pytest.fixture
def commits(path: Path) -> Iterator[GroupCommit]:
    commits = GroupCommit(partial(open_log, path, writable=True))
    yield commits
    commits.close()


def test_a_stream_and_a_type_that_a_refused_append_named_take_the_next_one(
    commits: GroupCommit, path: Path
) -> None:
    placed, opened = NewEvent(type="Placed", id="one"), NewEvent(type="Opened")
    commits.append_soon("order-1", [placed], expected=NEW_STREAM).result(60)
    refused = commits.append_soon("cart-1", [opened, placed], expected=NEW_STREAM)
    with pytest.raises(DuplicateEventId):
        refused.result(60)

    commits.append_soon("basket-1", [NewEvent(type="Filled")], expected=NEW_STREAM).result(60)
    commits.append_soon("cart-1", [NewEvent(type="Opened")], expected=NEW_STREAM).result(60)

    with reading(path) as log:
        found = [(it.stream, it.version, it.type) for it in log.read()]
    assert found[1:] == [("basket-1", 1, "Filled"), ("cart-1", 1, "Opened")]


def test_where_the_commit_of_a_group_fails_everybody_in_it_is_told_and_the_next_group_is_recorded(
    commits: GroupCommit, path: Path
) -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(_writer: Writer) -> bool:
        has_begun.set()
        return may_go_on.wait(60)

    def fail(_writer: Writer) -> None:
        raise OSError("the disk is gone")

    first = commits.submit(wait)
    assert has_begun.wait(60)  # what comes now shares the next commit
    lost = commits.append_soon("order-1", [NewEvent(type="Placed")], expected=ANY_VERSION)
    failed = commits.submit(fail)
    may_go_on.set()

    assert first.result(60)
    for it in (lost, failed):
        assert isinstance(it.exception(10), OSError)
    commits.append_soon("order-2", [NewEvent(type="Placed")], expected=NEW_STREAM).result(60)
    with reading(path) as log:
        assert [it.stream for it in log.read()] == ["order-2"]


def test_an_append_that_no_file_can_hold_leaves_the_others_of_its_group_alone(
    commits: GroupCommit, path: Path
) -> None:
    with held(commits):
        first = commits.append_soon("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
        broken = commits.append_soon("order-\ud800", [NewEvent(type="Placed")], expected=0)
        last = commits.append_soon("order-1", [NewEvent(type="Paid")], expected=1)

    assert (first.result(60).version, last.result(60).version) == (1, 2)
    assert isinstance(broken.exception(30), UnicodeEncodeError)
    with reading(path) as log:
        assert [it.stream for it in log.read()] == ["order-1", "order-1"]


def test_what_was_cancelled_while_it_waited_is_not_recorded(
    commits: GroupCommit, path: Path
) -> None:
    with held(commits):
        unwanted = commits.append_soon("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
        wanted = commits.append_soon("order-2", [NewEvent(type="Placed")], expected=NEW_STREAM)
        assert unwanted.cancel()

    assert wanted.result(60).position == 1
    with reading(path) as log:
        assert [it.stream for it in log.read()] == ["order-2"]


def test_work_that_ends_its_thread_is_told_to_its_group_and_the_next_one_is_recorded(
    commits: GroupCommit,
) -> None:
    def leave(_writer: Writer) -> None:
        raise SystemExit(3)

    with held(commits):
        left = commits.submit(leave)
        lost = commits.append_soon("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)

    for it in (left, lost):
        assert isinstance(it.exception(30), SystemExit)
    again = commits.append_soon("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
    assert again.result(60).position == 1


def test_work_that_is_waited_for_gives_what_it_gives_and_what_it_raises_undoes_it_alone(
    commits: GroupCommit, path: Path
) -> None:
    placed = [NewEvent(type="Placed")]

    def refuse(writer: Writer) -> None:
        writer.append_inside("order-1", placed, expected=NEW_STREAM)
        raise InvalidEvent("not so")

    with ThreadPoolExecutor(3) as pool:
        with held(commits):
            refused = pool.submit(commits.write, refuse)
            done = pool.submit(
                commits.write, lambda it: it.append_inside("order-2", placed, expected=NEW_STREAM)
            )
        assert done.result(60).position == 1
        with pytest.raises(InvalidEvent, match="not so"):
            refused.result(60)
        alone = pool.submit(commits.write, lambda it: it.newest("order-2")).result(60)

    assert alone == 1
    assert commits.write(lambda it: it.newest("order-1")) == 0  # of the main thread
    with reading(path) as log:
        assert [it.stream for it in log.read()] == ["order-2"]


def test_a_caller_that_finds_nobody_at_work_records_on_its_own_thread(path: Path) -> None:
    opened_by: list[str] = []
    commits = GroupCommit(partial(_opened, path, opened_by))

    with ThreadPoolExecutor(1, thread_name_prefix="caller") as pool, closing(commits):
        placed = [NewEvent(type="Placed")]
        pool.submit(commits.append, "order-1", placed, expected=NEW_STREAM).result(60)

    assert opened_by == ["caller_0"]


def test_the_main_thread_records_nothing_itself_so_that_ctrl_c_ends_no_group(path: Path) -> None:
    opened_by: list[str] = []
    commits = GroupCommit(partial(_opened, path, opened_by))

    with closing(commits):
        commits.append("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)

    assert opened_by == ["store writer"]


def test_closing_finishes_what_waits_and_refuses_what_comes_later(
    commits: GroupCommit, path: Path
) -> None:
    with ThreadPoolExecutor(9) as pool:
        with held(commits):
            waiting = [
                pool.submit(
                    commits.append, f"order-{n}", [NewEvent(type="Placed")], expected=NEW_STREAM
                )
                for n in range(8)
            ]
            queued = commits.append_soon("cart-1", [NewEvent(type="Opened")], expected=NEW_STREAM)
            closing_ = pool.submit(commits.close)
        closing_.result(60)
        answered = [it for it in waiting if it.exception(30) is None]

    assert queued.result(60).version == 1
    with pytest.raises(RuntimeError, match="closed"):
        commits.append("order-9", [NewEvent(type="Placed")], expected=NEW_STREAM)
    with reading(path) as log:
        assert log.head() == len(answered) + 1


@contextmanager
def held(commits: GroupCommit) -> Iterator[None]:
    """What is queued inside the block shares one commit."""
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(_writer: Writer) -> None:
        has_begun.set()
        may_go_on.wait(60)

    first = commits.submit(wait)
    assert has_begun.wait(60)
    try:
        yield
    finally:
        may_go_on.set()
    first.result(60)


def _opened(path: Path, by: list[str]) -> FileConnection:
    by.append(threading.current_thread().name)
    return open_log(path, writable=True)
