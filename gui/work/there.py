"""The query stores of an open store, and the threads that wait for them: none of those that read
the log."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.interface import EventReader

if TYPE_CHECKING:  # what speaks to servers is loaded as it is wanted
    from replay.query_store.interface import RowReader
    from replay.workers.query_processes import QueryProcesses


class ThereReads(Reads):
    """`interrupt` gives up a question to a server too, within a tenth of a second."""

    def __init__(
        self,
        open_log: Callable[[], EventReader],
        open_there: Callable[[str, Callable[[], bool]], "RowReader"],
    ) -> None:
        """`open_there` gives the reader of an address, which asks whether it is still wanted."""
        super().__init__(open_log)
        self._open_there = open_there
        self._is_wanted = True

    def there(self, source: str) -> "RowReader":
        """The query store at an address, for one piece of work. Raises WrongAddress."""
        self._is_wanted = True
        return self._open_there(source, lambda: self._is_wanted)

    def interrupt(self) -> None:
        self._is_wanted = False
        super().interrupt()


def reads_there(reads: Reads) -> ThereReads:
    """What the tasks of query stores give their work."""
    assert isinstance(reads, ThereReads)
    return reads


class There:
    """`tasks` give their work ThereReads. GUI thread, but for `open_there`."""

    def __init__(self, open_log: Callable[[], EventReader]) -> None:
        self._guard = Lock()  # of what the first question makes
        self._processes: QueryProcesses | None = None
        self.tasks = Tasks(lambda: ThereReads(open_log, self.open_there))

    def close(self) -> None:
        """End what asks, then what answers."""
        self.tasks.close()
        if self._processes is not None:
            self._processes.close()

    def open_there(self, source: str, is_wanted: Callable[[], bool]) -> "RowReader":
        """The reader of an address; on a thread of the tasks."""
        from replay.workers.query_processes import QueryProcesses

        with self._guard:
            if self._processes is None:
                self._processes = QueryProcesses()
            processes = self._processes
        return processes.reader(source, is_wanted)
