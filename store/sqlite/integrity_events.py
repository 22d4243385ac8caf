"""The pass over the events: each row against its checksum, and against the one before it.

Rows come in chunks, and what is whole is judged in a few steps. A chunk that cannot be read is
asked for again event by event, so that one damaged page hides no more than what stands on it.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from hashlib import sha256
from typing import Any, Final, TypeAlias
from zlib import crc32

from store.errors import Cancelled
from store.sqlite import schema
from store.sqlite.chain import BEGINNING, chained, checksum, event_bytes, pack, unchained_checksum
from store.sqlite.integrity_report import REPORTED, Problem
from store.sqlite.interruption import is_interruption
from store.sqlite.wide_rows import NotTaken, WideRows
from store.words import said

CHUNK: Final = 2_000
_ROWS: Final = """
SELECT {chain}, e.checksum, e.position, coalesce(s.name, ''), e.version,
       coalesce(t.name, ''), e.id, e.recorded_at_us, e.recorded_offset_min, e.recorded_max_us,
       e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e LEFT JOIN streams s ON s.id = e.stream_id LEFT JOIN types t ON t.id = e.type_id
"""
_NEXT: Final = "SELECT min(position) FROM events WHERE position > ?"
_LINKS: Final = """
SELECT l.position, coalesce(s.name, '') FROM links l LEFT JOIN streams s ON s.id = l.stream_id
ORDER BY l.position
"""
_NO_LINKS: Final = ((),)
_UNKNOWN: Final = b""  # the chain before a row whose predecessor is not there: nothing follows it
_FAR: Final = 2**63 - 1  # the highest number that a row can have
_END: Final = _FAR + 1  # behind every position
_NEVER: Final = -(2**63)

Row: TypeAlias = tuple[Any, ...]
Problems: TypeAlias = Generator[Problem, None, bool]  # returns whether there is more


class EventsPass:
    """One pass over the events of a log, from one thread, in the caller's transaction."""

    def __init__(
        self, db: sqlite3.Connection, *, unchained: int, tell: Callable[[int], None]
    ) -> None:
        """The first `unchained` events were recorded before the chain began."""
        self.events = 0  # that could be read
        self.unchained = 0  # of these, recorded before the chain
        self.ids = 0  # the exclusive or of the hashes of id and position of each
        self.is_readable = True
        self._db, self._tell, self._unchained = db, tell, unchained
        has_chain = schema.version_of(db) >= schema.CHAINED_SINCE
        self._rows = _ROWS.format(chain="e.chain" if has_chain else "NULL")
        self._wide = WideRows(db)
        self._links = _Links(db)
        self._position = 0  # of the event judged last
        self._previous = BEGINNING  # its chain
        self._computed = _UNKNOWN  # and what that should be, where it is not
        self._latest_us = _NEVER  # the running maximum with it
        self._is_after_suspect = False  # whose chain may be another's, too
        self._suspects: list[tuple[Row, list[str]]] = []  # told at the end

    def problems(self) -> Iterator[Problem]:
        """Everything wrong with the events, those that are not what was recorded at the end."""
        while (yield from self._readable()):
            self.is_readable = False
            if not (yield from self._one_by_one()):
                break
        yield from self._judged_suspects()

    def _readable(self) -> Problems:
        """Judge as far as rows can be read."""
        after: int | None = self._position
        try:
            while after is not None and after < _FAR:
                rows = self._between(after, min(after + CHUNK, _FAR))
                yield from self._chunk(rows)
                self._tell(self.events)
                after = after + CHUNK if rows else self._gap_behind(after)
        except sqlite3.DatabaseError as error:
            if is_interruption(error):
                raise
            return True
        return False

    def _between(self, after: int, last: int) -> list[Row]:
        """The rows of some positions, in order. Raises sqlite3.DatabaseError, Cancelled."""
        between = f"{self._rows} WHERE e.position > ? AND e.position <= ?"
        try:
            return self._wide.of(between, [after, last])
        except NotTaken:
            self._db.execute(between, [after, last]).fetchall()  # which says what is wrong
            raise Cancelled from None  # nothing is: a signal has stopped it

    def _gap_behind(self, position: int) -> int | None:
        """The position before the next event, where the ones asked for are not there."""
        found = self._db.execute(_NEXT, [position]).fetchone()[0]
        return None if found is None else int(found) - 1

    def _one_by_one(self) -> Problems:
        """Judge the next events, each asked for on its own."""
        last = self._last()
        upto = min(self._position + CHUNK, last)
        lost: list[int] = []
        for position in range(self._position + 1, upto + 1):
            try:
                rows = self._db.execute(f"{self._rows} WHERE e.position = ?", [position]).fetchall()
            except sqlite3.OperationalError as error:
                if is_interruption(error):
                    raise
                yield from self._undecodable(position, lost, error)
            except sqlite3.DatabaseError:
                lost.append(position)
            else:
                if rows:
                    yield from _lost(lost)
                    yield from self._chunk(rows)
        yield from _lost(lost)
        if lost:
            self._step_over(upto)
        return upto < last

    def _undecodable(
        self, position: int, lost: list[int], error: sqlite3.OperationalError
    ) -> Iterator[Problem]:
        """A text that is no UTF-8 is a changed row; anything else is unreadable."""
        if "decode" not in str(error):
            lost.append(position)
            return
        yield from _lost(lost)
        if position > self._position + 1:
            self._step_over(position - 1)
        text = said(
            "the event at position {position} was altered (not valid text)",
            position=position,
        )
        yield Problem(position=position, kind="changed", text=text)
        self._step_over(position)
        self.events += 1

    def _step_over(self, position: int) -> None:
        self._position, self._previous, self._computed = position, _UNKNOWN, _UNKNOWN
        self._latest_us = _NEVER

    def _last(self) -> int:
        try:
            found = self._db.execute("SELECT max(position) FROM events").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if is_interruption(error):
                raise
            return self._position + CHUNK
        return int(found or 0)

    def _chunk(self, rows: list[Row]) -> Iterator[Problem]:
        ids = self.ids
        expected, previous, latest_us, linked = self._state()
        for row in rows:
            position = row[2]
            ids ^= hash((row[6], position))
            content = pack(row[2:] + _NO_LINKS)
            chain = sha256(previous + content).digest()
            if (
                chain == row[0]
                and position == expected
                and position < linked
                and crc32(content) == row[1]
                and latest_us <= row[9]
            ):
                expected, previous, latest_us = position + 1, chain, row[9]
            else:
                self._position, self._previous, self._latest_us = expected - 1, previous, latest_us
                yield from self._judged(row)
                expected, previous, latest_us, linked = self._state()
        self._position, self._previous, self._latest_us = expected - 1, previous, latest_us
        self.events += len(rows)
        self.ids = ids

    def _state(self) -> tuple[int, bytes, int, int]:
        return self._position + 1, self._previous, self._latest_us, self._links.next_position

    def _judged(self, row: Row) -> Iterator[Problem]:
        """What is wrong with a row that is not simply the next one."""
        position, expected = row[2], self._position + 1
        links = self._links.of(position)
        if position != expected and self._fits(row, expected, links):
            text = said(
                "the event recorded at position {expected} is now at position {position}",
                expected=expected,
                position=position,
            )
            yield Problem(position=expected, kind="reordered", text=text)
            self._follow(row, expected)
            return
        if position < expected:
            text = said(
                "position {position} comes after position {before}",
                position=position,
                before=self._position,
            )
            yield Problem(position=position, kind="reordered", text=text)
            return
        if position > expected:
            yield _missing(expected, position - 1)
            self._step_over(position - 1)
        is_suspect = not self._fits(row, position, links)
        if not is_suspect:
            if fault := self._fault(row, links):
                yield fault
        elif len(self._suspects) < REPORTED:
            self._suspects.append((row, links))
        else:
            yield _changed(row)
        self._follow(row, position)
        self._is_after_suspect = is_suspect
        if is_suspect:
            self._latest_us = _NEVER

    def _fault(self, row: Row, links: list[str]) -> Problem | None:
        """Of a row that is what was recorded: it may still not follow the one before it."""
        position, chain, facts = row[2], row[0], row[2:]
        where = said("the event at position {position}", position=position)
        content = event_bytes(*facts, links=links)
        should_be = chained(self._previous, content) if self._previous else _UNKNOWN
        if chain is None:
            self.unchained += 1
            if position > self._unchained:
                self._computed = should_be
                text = said(
                    "{where} has no chain, although the log was already chained when it was "
                    "recorded",
                    where=where,
                )
                return Problem(position=position, kind="chain", text=text)
        elif self._is_broken(chain, should_be, content):
            self._computed = should_be
            text = said(
                "{where} does not follow the one before it (its chain differs)", where=where
            )
            return Problem(position=position, kind="chain", text=text)
        self._computed = _UNKNOWN
        recorded_us, maximum_us = row[7], row[9]
        if self._latest_us == _NEVER and position > 1:
            return None
        least_us = min(recorded_us, maximum_us) if position == 1 else self._latest_us
        if not least_us <= maximum_us <= max(recorded_us, least_us):
            text = said("{where} has a wrong running maximum of recorded-at", where=where)
            return Problem(position=position, kind="time", text=text)
        return None

    def _is_broken(self, chain: bytes, should_be: bytes, content: bytes) -> bool:
        """Whether it is told here: not where the event before it is not there, or is told."""
        if not self._previous or self._is_after_suspect or chain == should_be:
            return False
        return chain != chained(self._computed, content)

    def _follow(self, row: Row, position: int) -> None:
        self._position = position
        is_chain = isinstance(row[0], bytes) and len(row[0]) == len(BEGINNING)
        self._previous = row[0] if is_chain else BEGINNING if row[0] is None else _UNKNOWN
        self._latest_us = row[9] if isinstance(row[9], int) else self._latest_us

    def _judged_suspects(self) -> Iterator[Problem]:
        """Rows that are not what was recorded at their place: were they moved, or changed?"""
        for row, links in self._suspects:
            origin = next(
                (it for it in self._suspects if it[0] is not row and self._was_at(row, links, it)),
                None,
            )
            if origin is None:
                yield _changed(row)
            else:
                text = said(
                    "the event at position {row} was recorded at position "
                    "{origin}: rows were reordered",
                    row=row[2],
                    origin=origin[0][2],
                )
                yield Problem(position=row[2], kind="reordered", text=text)

    def _was_at(self, row: Row, links: list[str], origin: tuple[Row, list[str]]) -> bool:
        """Whether a row is what was recorded at the position of another, or in its whole place."""
        place, their_links = origin
        return any(
            self._fits(row, place[2], them, place=within)
            for them in (links, their_links)
            for within in (None, place)
        )

    def _fits(self, row: Row, position: int, links: list[str], *, place: Row | None = None) -> bool:
        is_unchained = row[0] is None and position <= self._unchained
        return _fits(row, position, links, is_unchained=is_unchained, place=place)


class _Links:
    """The streams that each event is linked into, asked by position, in order."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._rows: Iterator[tuple[int, str]] = iter(())
        self._next = (_END, "")
        try:
            self._rows = db.execute(_LINKS)
            self._step()
        except sqlite3.DatabaseError as error:
            self._end(error)

    @property
    def next_position(self) -> int:
        """Of the next event that has any."""
        return self._next[0]

    def of(self, position: int) -> list[str]:
        """Those of one event."""
        found = []
        while self._next[0] <= position:
            if self._next[0] == position:
                found.append(self._next[1])
            try:
                self._step()
            except sqlite3.DatabaseError as error:
                self._end(error)
        return found

    def _step(self) -> None:
        """What is no position is told where the file's structure is checked, like what cannot be
        read."""
        self._next = next((it for it in self._rows if type(it[0]) is int), (_END, ""))

    def _end(self, error: sqlite3.DatabaseError) -> None:
        """What cannot be read is told where the file's structure is checked."""
        if is_interruption(error):
            raise error
        self._next = (_END, "")


def _fits(
    row: Row, position: int, links: list[str], *, is_unchained: bool, place: Row | None = None
) -> bool:
    """Whether a row's checksum is that of its facts at a position, or in a place of a stream."""
    facts = [*row[2:]]
    facts[0] = position
    if place is not None:
        facts[1], facts[2] = place[3], place[4]
    if is_unchained:
        return bool(unchained_checksum(*facts) == row[1])
    return bool(checksum(event_bytes(*facts, links=links)) == row[1])


def _changed(row: Row) -> Problem:
    text = said("the event at position {row} was altered (its checksum differs)", row=row[2])
    return Problem(position=row[2], kind="changed", text=text)


def _missing(first: int, last: int) -> Problem:
    words = (
        said("position {first} is", first=first)
        if first == last
        else said("positions {first} to {last} are", first=first, last=last)
    )
    return Problem(position=first, kind="missing", text=said("{words} missing", words=words))


def _lost(positions: list[int]) -> Iterator[Problem]:
    """Tell the unreadable ones in a row as one, and forget them."""
    if positions:
        first, last = positions[0], positions[-1]
        where = (
            said("position {first}", first=first)
            if first == last
            else said("positions {first} to {last}", first=first, last=last)
        )
        text = said("{where} cannot be read: a page of the file is damaged", where=where)
        positions.clear()
        yield Problem(position=first, kind="unreadable", text=text)
