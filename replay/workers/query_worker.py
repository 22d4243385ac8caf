"""The process that asks a query store for the window:
python -P -m replay.workers.query_worker URL.

It reads questions as JSON lines and answers each with one. A server that is slow, or does not
answer at all, holds up this process alone: its parent ends it and starts another.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from replay.children.questions import (
    Malformed,
    Troubled,
    answer_line,
    read_question,
    trouble_line,
)
from replay.query_store.interface import RowReader
from replay.query_store.kind import open_query_store
from replay.workers.query_messages import (
    Asked,
    FoundWords,
    HeldViews,
    NewestRows,
    OneRow,
    RowsAsOf,
    WrittenRows,
)
from store.errors import StoreError
from store.remote.address import address_of
from store.remote.errors import RemoteError

Open = Callable[[], RowReader]


class QueryWorker:
    """Answers for one query store. It is opened with the first question, and again after one that
    it did not answer."""

    def __init__(self, open_store: Open) -> None:
        self._open = open_store
        self._store: RowReader | None = None

    def answer(self, line: bytes) -> bytes:
        """A line for a line."""
        n = 0
        try:
            n, question = read_question(line, Asked)
            return answer_line(n, self._answer(question))
        except Malformed as error:
            return trouble_line(Troubled(n=error.n, reason=str(error)))
        except StoreError as error:
            self.close()
            reason = error.reason if isinstance(error, RemoteError) else str(error)
            return trouble_line(Troubled(n=n, reason=reason, hint=error.hint))

    def close(self) -> None:
        """Free the connection."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _answer(self, question: Asked) -> Any:
        if self._store is None:
            self._store = self._open()
        return answered(self._store, question)


def answered(store: RowReader, question: Asked) -> Any:
    """What the query store answers."""
    match question:
        case HeldViews():
            return store.views()
        case RowsAsOf(stored=stored, at=at, after=after, limit=limit):
            return store.rows(stored, at=at, after=after, limit=limit)
        case OneRow(stored=stored, row_id=row_id, at=at):
            return store.row(stored, row_id, at=at)
        case WrittenRows(stored=stored, after=behind, limit=limit):
            return store.written(stored, after=behind, limit=limit)
        case NewestRows(stored=stored, after=after, limit=limit):
            return store.newest(stored, after=after, limit=limit)
        case FoundWords(stored=stored, words=words, until=until, limit=limit):
            return store.search(stored, words, until=until, limit=limit)


PIPE_CLOSED: Final = 1  # the exit code


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a client prints is no answer
    address = address_of(arguments[0])
    worker = QueryWorker(lambda: open_query_store(address))
    try:
        answers.write(answer_line(0, None))  # it has begun
        answers.flush()
        for line in sys.stdin.buffer:
            answers.write(worker.answer(line))
            answers.flush()
    except BrokenPipeError:
        return PIPE_CLOSED
    finally:
        worker.close()
        with suppress(BrokenPipeError):
            answers.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
