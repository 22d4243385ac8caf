"""The query stores that a window asks: one process for each address."""

import threading
from collections.abc import Callable

from replay.query_store.interface import RowReader
from replay.workers.query_process import QueryProcess, QueryReader
from store.remote.address import address_of


class QueryProcesses:
    """Any thread. `close` ends what is asked, and them all."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._processes: dict[str, QueryProcess] = {}
        self._is_closed = False

    def reader(self, source: str, is_wanted: Callable[[], bool]) -> RowReader:
        """For one thread. A process is started with the first question. Raises WrongAddress."""
        address = address_of(source)
        with self._guard:
            process = self._processes.setdefault(address.shown, QueryProcess(address))
            if self._is_closed:
                process.close()
        return QueryReader(process, is_wanted)

    def close(self) -> None:
        """Nothing is asked any more."""
        with self._guard:
            self._is_closed = True
            processes = list(self._processes.values())
        for it in processes:
            it.close()
