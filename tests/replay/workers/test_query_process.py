"""The process that asks a query store for the window: its answers, deadlines and ends."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.children.questions import line_of, read_answer, value_of
from replay.projector.catch_up import catch_up
from replay.query_store.errors import NotAnswered
from replay.query_store.interface import RowReader
from replay.query_store.stored_rows import shown_view
from replay.workers.query_messages import (
    FoundWords,
    HeldViews,
    NewestRows,
    OneRow,
    RowsAsOf,
    WrittenRows,
)
from replay.workers.query_process import QueryProcess, QueryReader
from replay.workers.query_worker import QueryWorker
from store.errors import Cancelled
from store.opening import open_reader
from store.remote.address import address_of
from store.remote.errors import Unreachable
from tests.contracts.query_store import sink
from tests.replay.logs import make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

NOBODY = "opensearch://127.0.0.1:1/shop"


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"opensearch://127.0.0.1:{listener.getsockname()[1]}/shop"


@pytest.fixture
def store(tmp_path: Path) -> MemoryQueryStore:
    server = Server()
    log = open_reader(make_log(tmp_path / "shop.foldline", 60))
    catch_up(log, only=["event_types"])
    sink(MemoryQueryStore(server), log, ["event_types"])
    return MemoryQueryStore(server)


def test_every_question_is_answered_as_the_store_itself_does(store: MemoryQueryStore) -> None:
    worker, it = QueryWorker(lambda: store), shown_view(store, "event_types")
    paid = store.rows(it, at=60, after=None, limit=1)[0].id
    questions = {
        HeldViews(): store.views(),
        RowsAsOf(stored=it, at=40, after=None, limit=3): store.rows(it, at=40, after=None, limit=3),
        OneRow(stored=it, row_id=paid, at=50): store.row(it, paid, at=50),
        OneRow(stored=it, row_id="nobody", at=50): None,
        WrittenRows(stored=it, after=0, limit=7): store.written(it, after=0, limit=7),
        NewestRows(stored=it, after=None, limit=7): store.newest(it, after=None, limit=7),
        FoundWords(stored=it, words=("paid",), until=60, limit=7): store.search(
            it, ["paid"], until=60, limit=7
        ),
    }
    for question, wanted in questions.items():
        answer = read_answer(worker.answer(line_of(3, question)))
        found = value_of(answer, question)  # type: ignore[arg-type]
        assert found == (tuple(wanted) if isinstance(wanted, list) else wanted)


def test_after_trouble_the_store_is_opened_again(store: MemoryQueryStore) -> None:
    opened = list[int]()

    def open_it() -> RowReader:
        opened.append(1)
        if len(opened) == 1:
            raise Unreachable("nobody answers", "memory://here")
        return store

    worker = QueryWorker(open_it)
    assert b"nobody answers" in worker.answer(line_of(1, HeldViews()))
    assert b"event_types" in worker.answer(line_of(2, HeldViews()))
    assert b"cannot be read" in worker.answer(b"{}")


def test_nobody_there_is_told_with_what_to_do() -> None:
    with (
        closing(QueryProcess(address_of(NOBODY))) as process,
        pytest.raises(NotAnswered, match="cannot be reached") as caught,
    ):
        QueryReader(process).views()
    assert "that the server runs" in caught.value.hint


def test_a_server_that_never_answers_is_given_up(silent: str) -> None:
    with (
        closing(QueryProcess(address_of(silent), patience_s=0.5)) as process,
        pytest.raises(NotAnswered, match=r"did not answer within 0\.5 seconds"),
    ):
        QueryReader(process).views()


def test_what_nobody_wants_any_more_ends_at_once(silent: str) -> None:
    looks = iter([True] * 4)
    with closing(QueryProcess(address_of(silent), patience_s=1_000)) as process:
        reader = QueryReader(process, lambda: next(looks, False))
        with pytest.raises(Cancelled):
            reader.views()
        process.close()
        with pytest.raises(Cancelled):
            QueryReader(process).views()
