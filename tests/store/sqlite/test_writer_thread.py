"""Appends that share a commit: what is refused, and what fails for all of them."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from store.errors import DuplicateEventId
from store.events import ANY_VERSION, NEW_STREAM, NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from store.sqlite.writer_thread import WriterThread


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    return path


@pytest.fixture
def thread(path: Path) -> Iterator[WriterThread]:
    thread = WriterThread(partial(open_log, path, writable=True))
    yield thread
    thread.close()


def test_a_stream_and_a_type_that_a_refused_append_named_take_the_next_one(
    thread: WriterThread, path: Path
) -> None:
    placed, opened = NewEvent(type="Placed", id="one"), NewEvent(type="Opened")
    thread.append("order-1", [placed], expected=NEW_STREAM).result(10)
    refused = thread.append("cart-1", [opened, placed], expected=NEW_STREAM)
    with pytest.raises(DuplicateEventId):
        refused.result(10)

    thread.append("basket-1", [NewEvent(type="Filled")], expected=NEW_STREAM).result(10)
    thread.append("cart-1", [NewEvent(type="Opened")], expected=NEW_STREAM).result(10)

    with reading(path) as log:
        found = [(it.stream, it.version, it.type) for it in log.read()]
    assert found[1:] == [("basket-1", 1, "Filled"), ("cart-1", 1, "Opened")]


def test_where_the_commit_of_a_group_fails_everybody_in_it_is_told_and_the_thread_goes_on(
    thread: WriterThread, path: Path
) -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(_writer: Writer) -> bool:
        has_begun.set()
        return may_go_on.wait(10)

    def fail(_writer: Writer) -> None:
        raise OSError("the disk is gone")

    first = thread.submit(wait)
    assert has_begun.wait(10)  # what comes now shares the next commit
    lost = thread.append("order-1", [NewEvent(type="Placed")], expected=ANY_VERSION)
    failed = thread.submit(fail)
    may_go_on.set()

    assert first.result(10)
    for it in (lost, failed):
        assert isinstance(it.exception(10), OSError)
    thread.append("order-2", [NewEvent(type="Placed")], expected=NEW_STREAM).result(10)
    with reading(path) as log:
        assert [it.stream for it in log.read()] == ["order-2"]
