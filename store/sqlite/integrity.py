"""Check that a log is what was recorded: the file's guards, every row and its chain, the order,
what stands beside the events, indexes and pages."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from store.errors import Cancelled
from store.sqlite import integrity_file, schema
from store.sqlite.connect import open_log
from store.sqlite.integrity_beside import BesidePass
from store.sqlite.integrity_events import EventsPass
from store.sqlite.integrity_report import REPORTED, Findings, Problem, VerifyReport
from store.sqlite.interruption import STEPS, is_interruption
from store.words import said

__all__ = ["REPORTED", "Problem", "VerifyReport", "verify"]

CACHE_KIB: Final = 64 * 1024
# Not the file's fault: the error is raised as it is.
_NO_DAMAGE: Final = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
)
_FAR: Final = 2**63 - 1
_FACT: Final = "SELECT value FROM store_facts WHERE key = ?"


def verify(
    path: Path,
    *,
    on_progress: Callable[[int], None] = lambda _events: None,
    on_phase: Callable[[str], None] = lambda _phase: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> VerifyReport:
    """Read the whole log and name every row that is damaged. Changes nothing, and sees nothing of
    what is recorded meanwhile.

    `on_phase` gets the name of what is checked next, `on_progress` the number of events checked
    so far. Raises what `open_log` raises, and Cancelled.
    """
    with closing(open_log(path)) as db:
        db.set_progress_handler(is_cancelled, STEPS)  # signals are looked for, too
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("BEGIN")  # one moment for all checks: they are held against each other
        return _Check(db, on_progress, on_phase, is_cancelled).report()


class _Check:
    """All checks of one log, over one connection."""

    def __init__(
        self,
        db: sqlite3.Connection,
        on_progress: Callable[[int], None],
        on_phase: Callable[[str], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._db = db
        self._on_progress = on_progress
        self._on_phase = on_phase
        self._is_cancelled = is_cancelled
        self._findings = Findings()
        self._is_chained = schema.version_of(db) >= schema.CHAINED_SINCE

    def report(self) -> VerifyReport:
        """Do them all, and tell what was found."""
        db, unchained = self._db, self._unchained()
        events = EventsPass(db, unchained=unchained.pop(schema.UNCHAINED_EVENTS), tell=self._tell)
        beside = BesidePass(db, unchained=unchained)
        self._run("guards", integrity_file.guards(db))
        self._run("events", events.problems())
        self._run("versions", integrity_file.versions(db))
        self._run("links", integrity_file.links(db))
        if self._is_chained:
            self._run(said("what is recorded beside the events"), beside.problems())
        if events.is_readable:
            indexed = integrity_file.indexes(db, events=events.events, ids=events.ids)
            self._run("indexes", indexed)
        structure = integrity_file.structure(db, is_thorough=not events.is_readable)
        self._run(said("the structure of the file"), structure)
        return VerifyReport(
            events=events.events,
            problem_count=self._findings.count,
            problems=tuple(self._findings.kept),
            first_position=self._findings.first_position,
            unchained_events=events.unchained,
            beside_rows=beside.rows,
            unchained_rows=sum(unchained.values()),
        )

    def _run(self, phase: str, problems: Iterator[Problem]) -> None:
        self._on_phase(phase)
        try:
            self._findings.take(problems)
        except sqlite3.DatabaseError as error:
            if is_interruption(error):
                raise Cancelled from error
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_DAMAGE:
                raise
            self._unreadable(phase, str(error))
        except UnicodeDecodeError:  # of what SQLite says of a damaged schema
            self._unreadable(phase, said("a text is not UTF-8"))

    def _unreadable(self, phase: str, reason: str) -> None:
        text = said(
            "the file cannot be read while checking {phase}: {reason}",
            phase=phase,
            reason=reason,
        )
        self._findings.take([Problem(position=None, kind="page", text=text)])

    def _tell(self, events: int) -> None:
        self._on_progress(events)
        if self._is_cancelled():
            raise Cancelled

    def _unchained(self) -> dict[str, int]:
        """How much is older than the chain: events, and rows of each table beside them."""
        if not self._is_chained:
            return {schema.UNCHAINED_EVENTS: _FAR}
        events, rows = map(self._fact, (schema.UNCHAINED_EVENTS, schema.UNCHAINED_ROWS))
        try:
            counts = msgspec.json.decode(rows or "{}", type=dict[str, int])
            return {**counts, schema.UNCHAINED_EVENTS: int(events or 0)}
        except (msgspec.MsgspecError, ValueError):
            text = said("the stored count of rows older than the chain is not a number")
            self._findings.take([Problem(position=None, kind="changed", text=text)])
            return {schema.UNCHAINED_EVENTS: 0}

    def _fact(self, key: str) -> str | None:
        try:
            found = self._db.execute(_FACT, [key]).fetchone()
        except sqlite3.DatabaseError as error:
            if is_interruption(error):
                raise Cancelled from error
            return None  # the pass over the facts tells it
        return None if found is None else str(found[0])
