"""Check that a log is what was written: file structure, guards, order, and every row."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from store.errors import Cancelled
from store.sqlite import schema
from store.sqlite.chain import (
    BEGINNING,
    chained,
    checksum,
    event_bytes,
    unchained_checksum,
)
from store.sqlite.connect import connect_memory, open_log
from store.sqlite.interruption import STEPS, is_interruption

REPORTED: Final = 100  # problems named at most; the rest is only counted
STEP: Final = 10_000  # events between two progress calls

ROWS: Final = """
SELECT e.checksum, {chain}, e.position, coalesce(s.name, ''), e.version, coalesce(t.name, ''), e.id,
       e.recorded_at_us, e.recorded_offset_min, e.recorded_max_us,
       e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e LEFT JOIN streams s ON s.id = e.stream_id LEFT JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""
LINKS: Final = """
SELECT l.position, s.name FROM links l JOIN streams s ON s.id = l.stream_id ORDER BY l.position
"""
GAPS_IN_STREAMS: Final = """
SELECT s.name, count(*), max(e.version) FROM events e JOIN streams s ON s.id = e.stream_id
GROUP BY e.stream_id HAVING count(*) != max(e.version) OR min(e.version) != 1
"""
LOST_LINKS: Final = """
SELECT l.position FROM links l LEFT JOIN events e ON e.position = l.position
LEFT JOIN streams s ON s.id = l.stream_id WHERE e.position IS NULL OR s.id IS NULL
"""
OBJECTS: Final = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as it was written."""

    position: int | None  # of the event concerned; None when it is about the whole file
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What a check found. `problems` holds the first hundred of `problem_count`."""

    events: int
    problem_count: int
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return self.problem_count == 0


def verify(
    path: Path,
    *,
    on_progress: Callable[[int], None] = lambda _events: None,
    on_phase: Callable[[str], None] = lambda _phase: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> VerifyReport:
    """Read the whole log and name every row that is damaged. Changes nothing.

    `on_phase` gets the name of what is checked next, `on_progress` the number of events checked
    so far. Raises what `open_log` raises, and Cancelled.
    """
    check = _Check(open_log(path), on_progress, on_phase, is_cancelled)
    try:
        found = [*islice(check.problems(), REPORTED)]
        count = len(found) + sum(1 for _ in check.problems_left())
    finally:
        check.close()
    return VerifyReport(events=check.events, problem_count=count, problems=tuple(found))


class _Check:
    """One pass over a log."""

    def __init__(
        self,
        db: sqlite3.Connection,
        on_progress: Callable[[int], None],
        on_phase: Callable[[str], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self.events = 0
        self._db = db
        self._on_progress = on_progress
        self._on_phase = on_phase
        self._is_cancelled = is_cancelled
        self._left: Iterator[Problem] = iter(())
        db.set_progress_handler(is_cancelled, STEPS)  # signals are looked for, too

    def problems(self) -> Iterator[Problem]:
        """Everything wrong, in the order of the checks."""
        self._left = self._all()
        return self._left

    def problems_left(self) -> Iterator[Problem]:
        """Those that `problems` has not handed out yet."""
        return self._left

    def close(self) -> None:
        self._db.close()

    def _all(self) -> Iterator[Problem]:
        for phase, check in (
            ("guards", self._guards),
            ("events", self._rows),
            ("versions", self._streams),
            ("links", self._links),
            ("the structure of the file", self._structure),
        ):
            self._on_phase(phase)
            try:
                yield from check()
            except sqlite3.DatabaseError as error:
                if is_interruption(error):
                    raise Cancelled from error
                where = f"after position {self.events}" if check == self._rows else "in an index"
                yield Problem(position=None, text=f"the file cannot be read {where}: {error}")

    def _guards(self) -> Iterator[Problem]:
        """The tables, indexes, triggers and the view are the ones we made."""
        found = dict(self._db.execute(OBJECTS))
        for name, sql in _expected_objects(found.get("table events", "")).items():
            if _words(found.get(name)) != _words(sql):
                word = "was changed" if name in found else "is missing"
                yield Problem(position=None, text=f"the {name} {word}")

    def _rows(self) -> Iterator[Problem]:
        """Positions are dense, the running maximum is right, every row fits its checksum."""
        latest: int | None = None
        previous: bytes | None = BEGINNING
        links = _Links(self._db.execute(LINKS))
        is_chained = schema.version_of(self._db) >= schema.CHAINED_SINCE
        for row in self._db.execute(ROWS.format(chain="e.chain" if is_chained else "NULL")):
            chain, position, running_max_us = row[1], row[2], row[9]
            self._count(position)
            if position != self.events:
                yield Problem(position=position, text=f"position {self.events} is missing")
                self.events = position
                previous = None
            if reason := _fault(row, latest, previous, links.of(position)):
                yield Problem(position=position, text=f"the event at position {position} {reason}")
            latest, previous = running_max_us, chain or BEGINNING

    def _streams(self) -> Iterator[Problem]:
        for stream, count, newest in self._db.execute(GAPS_IN_STREAMS):
            text = f"{count} events reach version {newest} in stream {stream!r}"
            yield Problem(position=None, text=text)

    def _links(self) -> Iterator[Problem]:
        for (position,) in self._db.execute(LOST_LINKS):
            yield Problem(position=position, text=f"a link to position {position} leads nowhere")

    def _structure(self) -> Iterator[Problem]:
        for (text,) in self._db.execute(f"PRAGMA integrity_check({REPORTED})"):
            if text != "ok":
                yield Problem(position=None, text=f"SQLite's own check says: {text}")

    def _count(self, position: int) -> None:
        self.events += 1
        if position % STEP == 0:
            self._on_progress(self.events)
            if self._is_cancelled():
                raise Cancelled


class _Links:
    """The streams that each event is linked into, asked by position, in order."""

    def __init__(self, rows: Iterator[tuple[int, str]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, position: int) -> list[str]:
        """Those of one event."""
        found = []
        while self._next is not None and self._next[0] <= position:
            if self._next[0] == position:
                found.append(self._next[1])
            self._next = next(self._rows, None)
        return found


def _fault(
    row: tuple[Any, ...], latest_us: int | None, previous: bytes | None, links: list[str]
) -> str | None:
    """Of a row, with the running maximum before it. A recorded-at later than the event's arrival
    counts as that, so the maximum may be less than it."""
    stored, chain, *facts = row
    if chain is None:
        is_written = unchained_checksum(*facts) == stored
    else:
        content = event_bytes(*facts, links=links)
        is_written = checksum(content) == stored
        if is_written and previous is not None and chained(previous, content) != chain:
            return "does not follow the one before it (its chain differs)"
    if not is_written:
        return "is not what was written (its checksum differs)"
    recorded_us, maximum_us = facts[5], facts[7]
    least_us = min(recorded_us, maximum_us) if latest_us is None else latest_us
    if not least_us <= maximum_us <= max(recorded_us, least_us):
        return "has a wrong running maximum of recorded-at"
    return None


def _words(sql: str | None) -> list[str] | None:
    """However its lines are broken: a table that got a column later is another text."""
    return None if sql is None else sql.split()


def _expected_objects(events_table: str) -> dict[str, str]:
    """What a log of the current schema has; with its unique indexes within the table where that
    is one of a log that was begun under an older schema."""
    db = connect_memory()
    try:
        db.executescript("".join(schema.statements(is_older="UNIQUE" in events_table)))
        return dict(db.execute(OBJECTS))
    finally:
        db.close()
