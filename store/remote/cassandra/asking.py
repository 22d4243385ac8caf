"""Questions to a Cassandra cluster: prepared once, several at a time, and ended from elsewhere."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from cassandra import ConsistencyLevel
from cassandra.query import BatchStatement, BatchType

from store.errors import Cancelled
from store.remote.address import Address
from store.remote.cassandra.connection import connected, in_our_words, speaking

LOOK_S: Final = 0.05  # between two looks at whether a question is to end
OF_A_REQUEST: Final = 200  # changes
Row = tuple[Any, ...]
# CQL with `{}.` before the name of a table, and what stands for each `?`.
Question = tuple[str, Sequence[Any]]


class Asker:
    """A session with one keyspace. One thread asks; `interrupt` may be called from any."""

    def __init__(self, address: Address, keyspace: str) -> None:
        """Raises Unreachable, Refused, NotARemote, WrongAddress."""
        self._address, self._keyspace = address, keyspace
        self._cluster, self._session = connected(address)
        self._prepared: dict[str, Any] = {}
        self._is_interrupted = threading.Event()

    @cached_property
    def tables(self) -> frozenset[str]:
        """Names of the tables in the keyspace; none where there is no such keyspace."""
        text = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
        with speaking(self._address):
            return frozenset(it[0] for it in self._session.execute(text, [self._keyspace]))

    def run(self, text: str) -> None:
        """A change of the schema."""
        with speaking(self._address):
            self._session.execute(self._qualified(text))

    def ask(self, text: str, *values: Any) -> list[Row]:
        """The rows of one page."""
        return self._answers([self._bound(text, values)])[0]

    def ask_all(self, questions: Sequence[Question]) -> list[list[Row]]:
        """The same of several at once, in their order."""
        return self._answers([self._bound(text, values) for text, values in questions])

    def write_all(self, changes: Sequence[Question]) -> None:
        """Changes of few partitions, many a request. Some may be done when this raises."""
        self._answers(self._batches(changes))

    def ask_beside(
        self, questions: Sequence[Question], changes: Sequence[Question]
    ) -> list[list[Row]]:
        """`ask_all` and `write_all` at once: the answers may know of the changes or not."""
        asked = [self._bound(text, values) for text, values in questions]
        return self._answers([*asked, *self._batches(changes)])[: len(asked)]

    def _batches(self, changes: Sequence[Question]) -> list[Any]:
        batches = list[Any]()
        for at in range(0, len(changes), OF_A_REQUEST):
            batch = BatchStatement(BatchType.UNLOGGED)
            with speaking(self._address):
                for text, values in changes[at : at + OF_A_REQUEST]:
                    batch.add(self._statement(text), values)
            batches.append(batch)
        return batches

    def transact(self, changes: Sequence[Question]) -> bool:
        """A conditional batch within one partition: True when all of it was applied."""
        batch = BatchStatement(
            BatchType.LOGGED,
            consistency_level=ConsistencyLevel.LOCAL_QUORUM,
            serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
        )
        with speaking(self._address):
            for text, values in changes:
                batch.add(self._statement(text), values)
        return bool(self._answers([batch])[0][0][0])

    def interrupt(self) -> None:
        """The question that is asked now, or the next one, raises Cancelled."""
        self._is_interrupted.set()

    def rest(self, seconds: float) -> None:
        """Raises Cancelled when it is interrupted meanwhile."""
        if self._is_interrupted.wait(seconds):
            self._require_wanted()

    def close(self) -> None:
        with suppress(Exception):
            self._cluster.shutdown()

    def _statement(self, text: str) -> Any:
        found = self._prepared.get(text)
        if found is None:
            found = self._prepared[text] = self._session.prepare(self._qualified(text))
        return found

    def _qualified(self, text: str) -> str:
        """With the keyspace in front of the names of tables."""
        return text.replace("{}.", f"{self._keyspace}.")

    def _bound(self, text: str, values: Sequence[Any]) -> Any:
        with speaking(self._address):
            return self._statement(text).bind(values)

    def _answers(self, statements: Sequence[Any]) -> list[list[Row]]:
        """Raises Cancelled, and the first error in our words."""
        self._require_wanted()
        waiting = _Answers(len(statements))
        for at, it in enumerate(statements):
            with speaking(self._address):
                self._session.execute_async(it).add_callbacks(
                    waiting.arrived, waiting.failed, callback_args=(at,)
                )
        while not waiting.are_here.wait(LOOK_S):
            self._require_wanted()
        if waiting.error is not None:
            raise in_our_words(waiting.error, self._address)
        return waiting.rows

    def _require_wanted(self) -> None:
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise Cancelled


class _Answers:
    """Filled by the driver's thread."""

    def __init__(self, wanted: int) -> None:
        self.rows: list[list[Row]] = [[] for _ in range(wanted)]
        self.error: BaseException | None = None
        self.are_here = threading.Event()
        self._left, self._lock = wanted, threading.Lock()
        if not wanted:
            self.are_here.set()

    def arrived(self, rows: Any, at: int) -> None:
        self.rows[at] = list(rows or ())
        self._counted()

    def failed(self, error: BaseException) -> None:
        self.error = self.error or error
        self._counted()

    def _counted(self) -> None:
        with self._lock:
            self._left -= 1
            is_last = not self._left
        if is_last:
            self.are_here.set()
