"""How one library keeps events in tables: which tables and columns, in which order, and what a row
says. A layout is described once, and so read from CSV, from a dump and from a SQLite file."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from store.reading.format import Incoming
from store.reading.header_line import plain_name, plain_names
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.tables.cells import Row

States: TypeAlias = Callable[[RawRecord, Row], StatedEvent | Incoming | Skipped]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table, or several partitions of it.

    `name` is a pattern of the table's name without its schema, in small letters; what its group
    `app` matches tells stores of one layout apart. Spelling does not matter: `globalIndex` is
    `global_index`.
    """

    name: str
    columns: tuple[str, ...]  # it has at least
    others: tuple[str, ...] = ()  # that are looked at where they are there
    only: bool = False  # no column beside those
    spellings: Mapping[str, str] = field(default_factory=dict)  # other names, plain, of columns

    def named(self, columns: Iterable[str]) -> list[str]:
        """The columns of a table as they are called here."""
        own = {plain_name(it): it for it in (*self.columns, *self.others)} | dict(self.spellings)
        return [own.get(plain_name(it), it) for it in columns]

    def fits(self, table: str, columns: frozenset[str]) -> str | None:
        """What tells its store from others of this layout; None when it is no such table."""
        found = re.fullmatch(self.name, table.lower())
        if found is None:
            return None
        plain, wanted = plain_names(self.named(columns)), plain_names(self.columns)
        if not wanted <= plain or (self.only and plain - wanted - plain_names(self.others)):
            return None
        return found.groupdict().get("app") or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The tables of one library.

    `events` has a row an event; of a layout of several tables `joined` are the others, by the
    names that `query` gives them beside `events`. `states` makes, for each reading, the function
    that says what a row means.
    """

    name: str
    title: str  # for people
    events: Part
    order: str  # the column of whole numbers that puts the events in order
    states: Callable[[Source], States]
    joined: Mapping[str, Part] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()  # of `joined`, that may be missing
    query: str = ""  # of a layout of several tables; gives rows in order
    telling: str = ""  # a pattern of the name of a table that no other library has
    snapshots: str = ""  # a pattern of the names of tables that hold them
    header: tuple[str, ...] = ()  # columns of a CSV file, where they are not those of `events`

    @property
    def needed(self) -> tuple[Part, ...]:
        """The parts without which there is no such store."""
        joined = (it for name, it in self.joined.items() if name not in self.optional)
        return (self.events, *joined)

    @property
    def csv_columns(self) -> tuple[str, ...]:
        """That a CSV file of it has at least; none where rows of one table alone say too little."""
        return self.header or (() if self.joined else self.events.columns)

    def fits_header(self, names: Iterable[str]) -> bool:
        """Whether these are the columns of a CSV file of it."""
        wanted = plain_names(self.csv_columns)
        return bool(wanted) and wanted <= plain_names(self.events.named(names))
