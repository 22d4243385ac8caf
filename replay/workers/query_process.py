"""The parent's side of the process that reads a query store: ask it, end it when it takes too long.

The process is one for an address, shared by threads; each thread asks through a reader of its own,
which gives up at once when its question is not wanted any more.
"""

import threading
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from replay.children.child import Child, Deadline, Gone, TooLate
from replay.children.command import QUERY_WORKER, worker_command
from replay.children.questions import (
    A,
    Malformed,
    Question,
    Troubled,
    line_of,
    read_answer,
    value_of,
)
from replay.query_store.errors import NotAnswered
from replay.query_store.interface import Place, StoredView, Version
from replay.words import said
from replay.workers.query_messages import (
    FoundWords,
    HeldViews,
    NewestRows,
    OneRow,
    RowsAsOf,
    WrittenRows,
)
from store.errors import Cancelled
from store.remote.address import Address

ANSWER_S: Final = 10.0  # for one page of rows; a server that takes longer is as good as away
START_S: Final = 20.0  # for the process to begin
LOOK_S: Final = 0.1

Wanted = Callable[[], bool]


class QueryProcess:
    """One process for an address, started with the first question. Ask from any thread: questions
    wait for one another. `close` may come from any thread and ends a question under way."""

    def __init__(self, address: Address, *, patience_s: float = ANSWER_S) -> None:
        self.address, self.patience_s = address, patience_s
        self._numbers = count(1)
        self._asking = threading.Lock()
        self._process: Child | None = None
        self._is_closed = False

    def ask(self, question: Question[A], is_wanted: Wanted) -> A:
        """Raises NotAnswered for what went wrong there, and when it took too long; Cancelled when
        it is not wanted any more."""
        while not self._asking.acquire(timeout=LOOK_S):
            self._require(is_wanted)
        try:
            self._require(is_wanted)
            return self._ask(question, is_wanted)
        finally:
            self._asking.release()

    def close(self) -> None:
        """End the process."""
        self._is_closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._asking:
            self._end()

    def _require(self, is_wanted: Wanted) -> None:
        if self._is_closed or not is_wanted():
            raise Cancelled

    def _ask(self, question: Question[A], is_wanted: Wanted) -> A:
        try:
            process = self._running(is_wanted)
            left_s = self._left(self.patience_s, is_wanted)
            process.write(line_of(next(self._numbers), question), left_s)
            answer = read_answer(process.read_line(left_s))
            if isinstance(answer, Troubled):
                raise self._trouble(answer)
            return value_of(answer, question)
        except TooLate:
            self._end()
            late = said("the server did not answer within {s:g} seconds", s=self.patience_s)
            raise NotAnswered(late, self.address.shown) from None
        except (Gone, Malformed) as error:
            self._end()
            self._require(is_wanted)
            ended = said("the process that asks the server ended unexpectedly")
            raise NotAnswered(ended, self.address.shown) from error
        except Cancelled:
            self._end()  # its answer is still to come
            raise

    def _left(self, seconds: float, is_wanted: Wanted) -> Callable[[], float]:
        """How long there is still; raises Cancelled."""
        deadline = Deadline(seconds)

        def left_s() -> float:
            self._require(is_wanted)
            return deadline()

        return left_s

    def _trouble(self, it: Troubled) -> NotAnswered:
        self._end()  # the next one has the password that somebody may type now
        error = NotAnswered(it.reason, self.address.shown)
        error.hint = it.hint
        return error

    def _running(self, is_wanted: Wanted) -> Child:
        if self._process is not None and self._process.is_running:
            return self._process
        self._end()
        try:
            self._process = process = Child(worker_command(QUERY_WORKER, self.address.shown))
        except OSError as error:
            reason = said(
                "the system cannot start a process that asks the server ({strerror})",
                strerror=error.strerror,
            )
            raise NotAnswered(reason, self.address.shown) from error
        process.read_line(self._left(START_S, is_wanted))
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()


class QueryReader:
    """replay.query_store.interface.RowReader, asked through a process. One thread. Raises
    NotAnswered for everything that is in the way, and Cancelled."""

    def __init__(self, process: QueryProcess, is_wanted: Wanted = lambda: True) -> None:
        self._process, self._is_wanted = process, is_wanted
        self.address = process.address

    def views(self) -> Sequence[StoredView]:
        return self._ask(HeldViews())

    def rows(
        self, stored: StoredView, *, at: int, after: Place | None, limit: int
    ) -> Sequence[Version]:
        return self._ask(RowsAsOf(stored=stored, at=at, after=after, limit=limit))

    def row(self, stored: StoredView, row_id: str, *, at: int) -> Version | None:
        return self._ask(OneRow(stored=stored, row_id=row_id, at=at))

    def written(self, stored: StoredView, *, after: int, limit: int) -> Sequence[Version]:
        return self._ask(WrittenRows(stored=stored, after=after, limit=limit))

    def newest(self, stored: StoredView, *, after: Place | None, limit: int) -> Sequence[Version]:
        return self._ask(NewestRows(stored=stored, after=after, limit=limit))

    def search(
        self, stored: StoredView, words: Sequence[str], *, until: int, limit: int
    ) -> Sequence[Version]:
        question = FoundWords(stored=stored, words=tuple(words), until=until, limit=limit)
        return self._ask(question)

    def close(self) -> None:
        """The process stays for the others."""

    def _ask(self, question: Question[A]) -> A:
        return self._process.ask(question, self._is_wanted)
