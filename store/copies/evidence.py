"""What can be read of a damaged log: its events, each held against its checksum.

A query comes first, which knows the -wal too. What it does not reach is carved from the pages.
Names of streams and types are found the same way; which name an event has is decided by its
checksum, as is which streams it is linked into.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from store.copies.carving import Value, carve
from store.errors import Cancelled
from store.sqlite.chain import checksum, event_bytes, unchained_checksum

UNREADABLE: Final = (sqlite3.Error, UnicodeDecodeError)  # what SQLite makes of damaged pages
CHOICES: Final = 10  # streams of which some may be those that an event is linked into
FEW: Final = 3  # links of an event that are looked for among more than that
SPAN: Final = 2_000  # positions asked for at once
PLAUSIBLE: Final = 1_000_000  # what numbers a file of any size may state
COLUMNS: Final = 15  # of an event; 14 where there was no chain
EVENTS: Final = """
SELECT position, stream_id, version, type_id, id, recorded_at_us, recorded_offset_min,
       recorded_max_us, occurred_at_us, occurred_offset_min, data, metadata, source, checksum,
       {chain} FROM events WHERE position BETWEEN ? AND ?
"""
NAMES: Final = "SELECT id, name FROM {table} WHERE id BETWEEN ? AND ?"
LINKS: Final = "SELECT position, stream_id FROM links WHERE position BETWEEN ? AND ?"
LINKS_BY_STREAM: Final = "SELECT position, stream_id FROM links NOT INDEXED"
HEADS: Final = (
    "SELECT max(position) FROM events",
    "SELECT max(last_position) FROM imports",
    "SELECT max(last_position) FROM command_outcomes",
    "SELECT max(position) FROM beside_chain",
)

Stored = Sequence[Any]  # a row of EVENTS


class Readable(Struct, frozen=True, kw_only=True):
    """An event that is what was written."""

    position: int
    facts: tuple[Any, ...]  # stream, version, running maximum, type, id, times, texts, source
    links: tuple[str, ...]


class Lost(Struct, frozen=True, kw_only=True):
    """An event that is not, or of which nothing was found."""

    position: int
    stream: str = ""  # empty: not known
    version: int = 0
    is_damaged: bool = False  # its row is there, and not what was written


class Evidence(Struct, kw_only=True):
    """Names and links as far as they were found; several where it is not clear which is right."""

    streams: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    types: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    links: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # asked for
    pairs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # carved
    turned: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    carved: dict[int, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    head: int = 0  # the highest position that anything tells of


class Excavation:
    """One damaged file. `db` is None where SQLite cannot open it at all."""

    def __init__(
        self, path: Path, db: sqlite3.Connection | None, *, is_cancelled: Callable[[], bool]
    ) -> None:
        self._path, self._db, self._is_cancelled = path, db, is_cancelled
        self._chain = "chain"
        # Ids and positions are dense, and a row takes more than a byte: a greater number is damage,
        # and counting up to it might take for ever.
        self._highest = max(path.stat().st_size, PLAUSIBLE)
        self.found = Evidence()

    def look(self) -> None:
        """Find names, links and the head; carve the pages where a query does not reach all."""
        if self._db is not None:
            with suppress(*UNREADABLE):
                columns = [it[1] for it in self._db.execute("PRAGMA table_info(events)")]
                self._chain = "chain" if "chain" in columns else "NULL"
            self.found.head = max([0, *(self._number(it) for it in HEADS)])
            self._names("streams", self.found.streams)
            self._names("types", self.found.types)
            for links in (self._rows(LINKS, self.found.head), self._whole(LINKS_BY_STREAM)):
                for position, stream_id in links:
                    self.found.links[position].add(stream_id)
        missing = {it.position for it in self.events() if isinstance(it, Lost)}
        if missing or not self.found.head:
            self._carve(missing)

    def events(self) -> Iterator[Readable | Lost]:
        """Every position up to the head, in order."""
        sql = EVENTS.format(chain=self._chain)
        can_be_asked = self._can_be_asked(sql)
        for first in range(1, self.found.head + 1, SPAN):
            if self._is_cancelled():
                raise Cancelled
            last = min(first + SPAN - 1, self.found.head)
            asked = self._between(sql, first, last) if can_be_asked else []
            rows = {row[0]: row for row in asked}
            for position in range(first, last + 1):
                stored = [rows[position]] if position in rows else []
                yield self._judged(position, [*stored, *self.found.carved.get(position, ())])

    def _judged(self, position: int, rows: Sequence[Stored]) -> Readable | Lost:
        for row in rows:
            if (event := self._read(row)) is not None:
                return event
        if not rows:
            return Lost(position=position)
        names = self.found.streams.get(rows[0][1], set())
        known = next(iter(names)) if len(names) == 1 else ""
        version = rows[0][2] if isinstance(rows[0][2], int) else 0
        return Lost(position=position, stream=known, version=version, is_damaged=True)

    def _read(self, row: Stored) -> Readable | None:
        """The event of a row, if there are names and links with which it fits its checksum."""
        position, stream_id, version, type_id, id_, *more = row
        *facts, stored, chain = more
        names = product(self.found.streams.get(stream_id, ()), self.found.types.get(type_id, ()))
        for stream, type_ in names:
            said = (position, stream, version, type_, id_, *facts)
            for links in self._link_choices(position) if chain is not None else [()]:
                if _sum(said, links, is_chained=chain is not None) == stored:
                    if chain is None:  # what it is linked into is not in its checksum
                        links = next(iter(self._link_choices(position)))
                    recorded, offset, latest, *others = facts
                    kept = (stream, version, latest, type_, id_, recorded, offset, *others)
                    return Readable(position=position, facts=kept, links=links)
        return None

    def _link_choices(self, position: int) -> Iterator[tuple[str, ...]]:
        """What a query says first; then some of what was carved, as a pair of numbers that
        stood in an index may be no link."""
        asked = self.found.links.get(position, set[int]())
        yield from self._named(asked)
        turned = self.found.turned.get(position, set[int]())
        likely = asked | self.found.pairs.get(position, set[int]())
        likely |= turned if len(turned) <= CHOICES else set()
        likely &= self.found.streams.keys()
        most = len(likely) if len(likely) <= CHOICES else FEW
        for count in range(most, -1, -1):
            for some in combinations(sorted(likely), count):
                yield from self._named(some)

    def _named(self, streams: Iterable[int]) -> Iterator[tuple[str, ...]]:
        yield from product(*(sorted(self.found.streams.get(it, ())) for it in streams))

    def _names(self, table: str, into: dict[int, set[str]]) -> None:
        (highest,) = self._one(f"SELECT max(id) FROM {table}") or (0,)
        known = min(highest, self._highest) if isinstance(highest, int) else 0
        for id_, name in self._rows(NAMES.format(table=table), known):
            into[id_].add(name)

    def _number(self, sql: str) -> int:
        (number,) = self._one(sql) or (0,)
        return number if isinstance(number, int) and 0 <= number <= self._highest else 0

    def _one(self, sql: str) -> Sequence[Any] | None:
        with suppress(*UNREADABLE):
            if self._db is not None:
                row: Sequence[Any] | None = self._db.execute(sql).fetchone()
                return row
        return None

    def _whole(self, sql: str) -> Iterator[Stored]:
        """As far as it can be read."""
        if self._db is not None:
            with suppress(*UNREADABLE):
                # Not the cursor: it may be let go after its connection is closed.
                yield from map(tuple, self._db.execute(sql))

    def _rows(self, sql: str, highest: int) -> Iterator[Stored]:
        """In spans, what cannot be read left out. None where there is no such table."""
        if not self._can_be_asked(sql):
            return
        for first in range(1, highest + 1, SPAN):
            yield from self._between(sql, first, min(first + SPAN - 1, highest))

    def _can_be_asked(self, sql: str) -> bool:
        try:
            if self._db is not None:
                self._db.execute(f"EXPLAIN {sql}", [1, 0]).fetchall()
        except UNREADABLE:  # its tables are not known any more
            return False
        return self._db is not None

    def _between(self, sql: str, first: int, last: int) -> list[Stored]:
        """The rows of a span; of one that cannot be read, those of its halves."""
        if self._db is None:
            return []
        try:
            return self._db.execute(sql, [first, last]).fetchall()
        except UNREADABLE:
            if first == last:
                return []
        middle = (first + last) // 2
        return [*self._between(sql, first, middle), *self._between(sql, middle + 1, last)]

    def _carve(self, missing: set[int]) -> None:
        known = self.found.head
        for rowid, values in carve(self._path):
            if self._is_cancelled():
                raise Cancelled
            if rowid is None:
                self._note_pair(values)
            elif len(values) == 2 and values[0] is None and isinstance(values[1], str):
                self.found.streams[rowid].add(values[1])
                self.found.types[rowid].add(values[1])
            elif _is_event(values) and rowid > 0 and (rowid in missing or rowid > known):
                chain = values[COLUMNS - 1] if len(values) == COLUMNS else None
                self.found.carved[rowid].append((rowid, *values[1 : COLUMNS - 1], chain))
        likely = [it for it, rows in self.found.carved.items() if any(map(self._read, rows))]
        self.found.head = max([known, *likely])

    def _note_pair(self, values: Sequence[Value]) -> None:
        """A row of an index of two numbers may be a link, in either order."""
        match values:
            case (int(one), int(other)):
                self.found.pairs[other].add(one)
                self.found.turned[one].add(other)


def _is_event(values: Sequence[Value]) -> bool:
    if len(values) not in (COLUMNS - 1, COLUMNS) or values[0] is not None:
        return False
    numbers = all(isinstance(values[at], int) for at in (1, 2, 3, 5, 7, 8, 13))
    return numbers and all(isinstance(values[at], str) for at in (4, 10, 11))


def _sum(facts: tuple[Any, ...], links: tuple[str, ...], *, is_chained: bool) -> int:
    try:
        if is_chained:
            return checksum(event_bytes(*facts, links=links))
        return unchained_checksum(*facts)
    except (TypeError, ValueError, OverflowError):  # of another kind than anything we write
        return -1
