"""The query stores of the open store: which there are, what each holds, how far behind it is.

A store in sight is looked at again and again, so that its age is true and one that was away is
found when it is back. What is in no sight is not asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.there import There, reads_there
from store.errors import StoreError

if TYPE_CHECKING:  # what speaks to servers is loaded as it is wanted
    from replay.query_store.interface import StoredView
    from store.remote.distance import Distance

LOOK_MS: Final = 2_000
PAUSES_MS: Final = (2_000, 5_000, 10_000)  # before one that did not answer is asked; the last stays


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRows:
    """The rows of one view in a query store, as of the last look."""

    stored: "StoredView"
    distance: "Distance"


@dataclass(slots=True, kw_only=True)
class StoreSight:
    """What was seen of one query store. `is_seen`: it answered the last look."""

    is_seen: bool = False
    trouble: str = ""  # why it cannot be asked, and what to do
    rows: dict[str, HeldRows] = field(default_factory=dict)  # by view
    failures: int = 0

    @property
    def words(self) -> str:
        """Why there are no rows of it; empty while it can be asked."""
        return "" if self.is_seen else self.trouble or said("Asking the query store…")


class QueryStoresViewModel(QObject):
    """`listed()` when others are kept, `seen(address)` after each look at one, `failed(error)`.
    Addresses are without secrets."""

    listed = Signal()
    seen = Signal(str)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, there: There) -> None:
        super().__init__()
        self.kept: tuple[str, ...] = ()
        self._tasks, self._there = tasks, there
        self._sights: dict[str, StoreSight] = {}
        self._timers: dict[str, QTimer] = {}
        self._watched: frozenset[str] = frozenset()

    def sight(self, source: str) -> StoreSight:
        """Of one query store, whether or not it was looked at yet."""
        return self._sights.setdefault(source, StoreSight())

    @Slot()
    def load(self) -> None:
        """Ask which are kept with the store; somebody else may have changed that."""
        self._tasks.latest("query stores", _load, done=self._learn, failed=self.failed.emit)

    def keep(self, source: str) -> None:
        """Keep one with the store."""
        work = partial(_keep, source=source)
        self._tasks.latest("keep query store", work, done=self._learn, failed=self.failed.emit)

    def forget(self, source: str) -> None:
        """Keep it no longer. Nothing changes at the server."""
        work = partial(_forget, source=source)
        self._tasks.latest("keep query store", work, done=self._learn, failed=self.failed.emit)

    def watch(self, sources: Iterable[str]) -> None:
        """Look at these from now on, and at no others."""
        before, self._watched = self._watched, frozenset(sources)
        for it in before - self._watched:
            self._timer(it).stop()
            self._there.tasks.cancel(f"look at {it}")
        for it in self._watched - before:
            self._look(it)

    def close(self) -> None:
        """Ask nothing more."""
        self.watch(())

    def _look(self, source: str) -> None:
        work = partial(_look, source=source)
        done, failed = partial(self._see, source), partial(self._miss, source)
        self._there.tasks.latest(f"look at {source}", work, done=done, failed=failed)

    def _see(self, source: str, rows: dict[str, HeldRows]) -> None:
        self._sights[source] = StoreSight(is_seen=True, rows=rows)
        self._look_later(source, LOOK_MS)
        self.seen.emit(source)

    def _miss(self, source: str, error: Exception) -> None:
        if not isinstance(error, StoreError):
            self.failed.emit(error)
            return
        failures = self.sight(source).failures + 1
        self._sights[source] = StoreSight(trouble=error_words(error), failures=failures)
        self._look_later(source, PAUSES_MS[min(failures, len(PAUSES_MS)) - 1])
        self.seen.emit(source)

    def _look_later(self, source: str, pause_ms: int) -> None:
        if source in self._watched:
            self._timer(source).start(pause_ms)

    def _timer(self, source: str) -> QTimer:
        if source not in self._timers:
            timer = self._timers[source] = QTimer(self, singleShot=True)
            timer.timeout.connect(partial(self._look, source))
        return self._timers[source]

    def _learn(self, kept: tuple[str, ...]) -> None:
        if kept != self.kept:
            self.kept = kept
            self.listed.emit()


def _look(reads: Reads, *, source: str) -> dict[str, HeldRows]:
    from replay.query_store.same_log import distance_there
    from replay.query_store.source import EVENTS

    found = [it for it in reads_there(reads).there(source).views() if it.is_shown]
    return {
        it.made_of.view: HeldRows(stored=it, distance=distance_there(reads.log, it))
        for it in sorted(found, key=lambda one: one.made_of.view)
        if it.made_of.view != EVENTS
    }


def _load(reads: Reads) -> tuple[str, ...]:
    from replay.engines.kept_engines import query_stores

    return tuple(it.address for it in query_stores(reads.log.place))


def _keep(reads: Reads, *, source: str) -> tuple[str, ...]:
    from replay.engines.kept_engines import QUERY_STORE, KeptEngine, keep

    keep(reads.log.place, KeptEngine(role=QUERY_STORE, address=source))
    return _load(reads)


def _forget(reads: Reads, *, source: str) -> tuple[str, ...]:
    from replay.engines.kept_engines import QUERY_STORE, KeptEngine, forget

    forget(reads.log.place, KeptEngine(role=QUERY_STORE, address=source))
    return _load(reads)
