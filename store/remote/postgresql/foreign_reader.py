"""Read the event store of another program in PostgreSQL. Nothing is ever written there."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from psycopg.sql import SQL, Composed

from store.remote.address import Address
from store.remote.errors import NotARemote, RemoteReplaced
from store.remote.interface import PAGE, Abilities, RemoteEvent
from store.remote.postgresql.connection import Connection
from store.remote.postgresql.foreign_rows import ForeignRow, ForeignRows, remote_event, rows_of
from store.remote.postgresql.foreign_sql import ForeignSql
from store.remote.postgresql.foreign_tables import ForeignTables
from store.remote.postgresql.gap_cursor import WIDEST, GapCursor, read_cursor
from store.remote.postgresql.numbering import Numbering
from store.remote.postgresql.questions import Questions
from store.remote.postgresql.rows import replaced
from store.tables.cells import Row
from store.words import said

WIDE_LOOK: Final = 20_000  # rows of one look, where each look goes through the whole table
COUNTED_S: Final = 1.0  # a count of what is left is used for this long
LAST_ROWS: Final = 50  # of a stream, that are looked at at a time for its newest version
FURTHEST: Final = 2**63 - 1

_IDENTITY: Final = """
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       (SELECT oid FROM pg_database WHERE datname = current_database())::text
"""
_INDEXED: Final = """
SELECT EXISTS (
    SELECT 1 FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = %s AND i.indisvalid AND i.indpred IS NULL AND a.attname = %s)
"""
_OLDEST: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"


@dataclass(frozen=True, slots=True)
class _Left:
    """How many rows are behind a cursor, as counted then."""

    cursor: str | None
    rows: int
    at: float


class ForeignReader:
    """store.remote.interface.RemoteReader of another program's store."""

    def __init__(self, address: Address, db: Connection, tables: ForeignTables) -> None:
        """`db` is closed with this, and when this raises."""
        self.address, self.tables = address, tables
        preset = tables.preset
        self.abilities = Abilities(
            order="global",
            has_wake_up=False,
            can_append=False,
            program=preset.title,
            format_name=preset.layout.name,
        )
        self._questions = Questions(address, db)
        self._texts = ForeignSql(tables)
        self._rows = ForeignRows(preset, self._rows_where)
        self._is_indexed = bool(preset.position) or self._has_index()
        last = self._texts.last() if self._is_indexed else SQL("SELECT NULL::bigint")
        self._numbering = Numbering(tables, self._questions.rows, last=last)
        ((system, database),) = self._questions.rows(SQL(_IDENTITY))
        self._identity = f"{preset.name}:{system}:{database}:{tables.oid}"
        self._given: str | None = None  # the last cursor that was given: its event is there
        self._ahead = list[ForeignRow]()  # behind it, looked at already
        self._passed: GapCursor | None = None  # behind it and behind rows that are no events
        self._left: _Left | None = None
        self._all_older: tuple[int, str] | None = None  # what is behind that number and was not
        # seen yet comes from that transaction or a later one

    def identity(self) -> str:
        return self._identity

    def head(self) -> str | None:
        ((last,),) = self._questions.rows(self._texts.last())
        if last is None:
            return None
        start = max(0, last - WIDEST - 1)
        rows = self._look(self._texts.behind(has_gaps=False, is_later=False), start, WIDEST + 1)
        found, _, _ = self._rows.events(
            rows, GapCursor(position=start), keeps_gaps=self._keeps_gaps
        )
        return found[-1].cursor if found else None

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        at = self._at(after)
        if after != self._given:
            self._ahead.clear()
            self._require_there(at)
        while True:
            rows = self._ahead or self._settled_rows(at, limit)
            now, self._ahead = rows[:limit], rows[limit:]
            found, at, spare = self._rows.events(now, at, keeps_gaps=self._keeps_gaps)
            if found or not now:
                break
        if found:
            self._ahead = now[len(now) - spare :] + self._ahead
            self._counted_down(after, found[-1].cursor, len(now) - spare)
            self._given, self._passed = found[-1].cursor, None
        else:
            self._given, self._passed = after, at
        return found

    def distance(self, after: str | None) -> int | None:
        left = self._left
        if left and left.cursor == after and time.monotonic() < left.at + COUNTED_S:
            return left.rows
        at = self._passed if after == self._given and self._passed else self._at(after)
        is_later = self._is_later(at)
        oldest = [self._all_older[1]] if is_later and self._all_older else []
        values = [at.position, *oldest, list(at.gaps)]
        ((rows,),) = self._questions.rows(self._texts.count(is_later=is_later), *values)
        self._left = _Left(after, int(rows), time.monotonic())
        return int(rows)

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        position = 0
        while rows := self._of_stream(name, position, PAGE):
            for it in rows:
                position, record = it.position, self._rows.event(it)
                if record and record.stream == name and (record.version or 1) > after:
                    cursor = GapCursor(position=position, id=record.event.id)
                    yield remote_event(it, record, cursor.text)

    def version(self, stream: str) -> int:
        position = FURTHEST
        while rows := self._of_stream(stream, position, LAST_ROWS, is_backwards=True):
            for it in rows:
                position, record = it.position, self._rows.event(it)
                if record and record.stream == stream:
                    return record.version or 1
        return 0

    def wait(self, timeout_s: float) -> bool:
        self._questions.rest(timeout_s)
        return False

    def interrupt(self) -> None:
        self._questions.interrupt()

    def close(self) -> None:
        self._questions.close()

    @property
    def _keeps_gaps(self) -> bool:
        return not self._numbering.is_proven

    def _settled_rows(self, at: GapCursor, limit: int) -> list[ForeignRow]:
        """The next rows, up to a number that is missing and may still come."""
        limit = limit if self._is_indexed else max(limit, WIDE_LOOK)
        while True:
            settled, oldest = self._numbering.settled, self._oldest_running()
            rows = self._rows_behind(at, limit)
            self._require_unique(rows)
            if self._is_indexed and (not rows or rows[0].position != at.position + 1):
                self._require_there(at)
            end = self._first_missing(rows, at, settled)
            if end is None:
                if oldest and len(rows) < limit:
                    self._all_older = rows[-1].position if rows else at.position, oldest
                return rows
            if not self._numbering.settle(rows[-1].position):
                return rows[:end]

    def _rows_behind(self, at: GapCursor, limit: int) -> list[ForeignRow]:
        is_later = self._is_later(at)
        oldest = [self._all_older[1]] if is_later and self._all_older else []
        gaps: list[Any] = [list(at.gaps)] if at.gaps else []
        text = self._texts.behind(has_gaps=bool(gaps), is_later=is_later)
        return self._look(text, *gaps, at.position, *oldest, limit, *([limit] if gaps else []))

    def _require_unique(self, rows: Sequence[ForeignRow]) -> None:
        """Raises NotARemote where a number stands twice, as with a sequence for each tenant."""
        twice = next((a for a, b in pairwise(rows) if a.position == b.position), None)
        if twice is not None:
            reason = said("two events there have the number {n:,}", n=twice.position)
            raise NotARemote(reason, self.address.shown)

    def _first_missing(self, rows: Sequence[ForeignRow], at: GapCursor, settled: int) -> int | None:
        """Before which of the rows a number is missing that is not settled."""
        if not self._numbering.waits:
            return None
        last = at.position
        for place, it in enumerate(rows):
            if it.position > last + 1 and it.position - 1 > settled:
                return place
            last = max(last, it.position)
        return None

    def _oldest_running(self) -> str:
        if not self.tables.preset.transaction:
            return ""
        return str(self._questions.rows(SQL(_OLDEST))[0][0])

    def _is_later(self, at: GapCursor) -> bool:
        return self._all_older is not None and at.position >= self._all_older[0]

    def _counted_down(self, before: str | None, after: str, rows: int) -> None:
        left = self._left
        if left and left.cursor == before:
            self._left = _Left(after, max(0, left.rows - rows), left.at)

    def _of_stream(
        self, name: str, position: int, limit: int, *, is_backwards: bool = False
    ) -> list[ForeignRow]:
        preset = self.tables.preset
        names = preset.stream_names(name)
        text = self._texts.of_stream(names=len(names), is_backwards=is_backwards)
        return self._look(text, *self._texts.stream_values(names), position, limit)

    def _rows_where(self, condition: str, values: tuple[object, ...]) -> Iterator[Row]:
        return (it.row for it in self._look(self._texts.where(condition), *values))

    def _look(self, text: Composed, *values: Any) -> list[ForeignRow]:
        return list(rows_of(*self._questions.named_rows(text, *values)))

    def _has_index(self) -> bool:
        order = self.tables.theirs[self.tables.preset.layout.order]
        ((is_so,),) = self._questions.rows(SQL(_INDEXED), self.tables.oid, order)
        return bool(is_so)

    def _at(self, cursor: str | None) -> GapCursor:
        """Raises RemoteReplaced for a cursor of another kind of store."""
        found = read_cursor(cursor)
        if found is None:
            reason = said("its cursor is not one of {title}", title=self.tables.preset.title)
            raise RemoteReplaced(reason, self.address.shown)
        return found

    def _require_there(self, at: GapCursor) -> None:
        """Raises RemoteReplaced when the event of a cursor is gone, or another one is there."""
        if at == GapCursor():
            return
        found = [self._rows.event(it) for it in self._look(self._texts.at(), at.position)]
        if not any(it is not None and it.event.id == at.id for it in found):
            raise replaced(at.position, self.address)
