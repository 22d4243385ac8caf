"""One state of a table: its rows by their keys, in a database that is gone with its source.

Memory does not grow with the table.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store import json_text
from store.errors import StoreError
from store.reading.fields import Unusable
from store.reading.format import Format, Incoming, Record, Rejected
from store.reading.json_members import members
from store.reading.json_records import EXCERPT
from store.reading.source import Source
from store.words import said

TABLE: Final = "CREATE TABLE state (key TEXT PRIMARY KEY, row TEXT, number) WITHOUT ROWID"
MET: Final = "CREATE TABLE met (key TEXT PRIMARY KEY) WITHOUT ROWID"


class NoSuchKey(StoreError):
    """A column that should tell rows apart is not there."""

    hint = said("Name columns that every state has.")


class TableState:
    """Of a source that is open. Use it on one thread."""

    def __init__(self, source: Source, format_: Format, key: Sequence[str]) -> None:
        self._source, self._format, self._key = source, format_, tuple(key)
        self._db: sqlite3.Connection = source.scratch()
        self._db.execute(TABLE)
        self._db.execute(MET)
        self._db.execute("BEGIN")

    def load(self) -> Iterator[Record]:
        """Take all rows in; those that cannot be used are given back. Raises NoSuchKey."""
        for record, key, _ in self._rows():
            if key is None:
                yield record
                continue
            assert isinstance(record, Incoming)
            values = (key, record.event.data_json, record.line)
            if not self._db.execute(
                "INSERT OR IGNORE INTO state VALUES (?, ?, ?)", values
            ).rowcount:
                yield twice(record, key)

    def rows(self) -> Iterator[tuple[Record, str | None, Mapping[str, str]]]:
        """Each row with its key and fields; a record that is no usable row has no key. Of rows
        with one key all but the first are rejected. Raises NoSuchKey."""
        for record, key, fields in self._rows():
            if key is not None and not self._is_first(key):
                assert isinstance(record, Incoming)
                yield twice(record, key), None, {}
            else:
                yield record, key, fields

    def row(self, key: str) -> Mapping[str, str] | None:
        """The fields of a row that was loaded, as JSON texts by name."""
        found = self._db.execute("SELECT row FROM state WHERE key = ?", [key]).fetchone()
        return None if found is None else dict(members(found[0]))

    def meet(self, key: str) -> None:
        """A later state has a row of this key."""
        self._db.execute("INSERT OR IGNORE INTO met VALUES (?)", [key])

    def unmet(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Keys and rows that no later state has, in the order of this one."""
        asked = "SELECT key, row FROM state WHERE key NOT IN (SELECT key FROM met) ORDER BY number"
        for key, row in self._db.execute(asked):
            yield key, dict(members(row))

    def _is_first(self, key: str) -> bool:
        values = [key]
        return bool(self._db.execute("INSERT OR IGNORE INTO met VALUES (?)", values).rowcount)

    def _rows(self) -> Iterator[tuple[Record, str | None, Mapping[str, str]]]:
        for record in self._format.read(self._source):
            if not isinstance(record, Incoming):
                yield record, None, {}
                continue
            try:
                fields = dict(members(record.event.data_json))
                key = self._key_of(fields)
            except (Unusable, ValueError) as reason:
                yield rejected(record, str(reason)), None, {}
            else:
                yield record, key, fields

    def _key_of(self, fields: Mapping[str, str]) -> str:
        missing = [it for it in self._key if it not in fields]
        if missing:
            names = ", ".join(fields)
            raise NoSuchKey(
                said("{file} has no column {column!r}. Its columns are {names}").format(
                    file=self._source.name, column=missing[0], names=names
                )
            )
        found = [_plain(fields[it]) for it in self._key]
        if not all(found):
            raise Unusable(said("the row has no {key}", key=", ".join(self._key)))
        return "/".join(found)


def _plain(value: str) -> str:
    """A value of a key as a text: a JSON text without its quotes; nothing for null."""
    if value == "null":
        return ""
    return str(json_text.decode(value)) if value.startswith('"') else value


def twice(record: Incoming, key: str) -> Rejected:
    """A row whose key another row has."""
    return rejected(record, said("another row has the key {key!r}", key=key))


def rejected(record: Incoming, reason: str) -> Rejected:
    """A row that cannot be used, and why."""
    return Rejected(
        line=record.line,
        offset=record.offset,
        reason=reason,
        excerpt=record.event.data_json[:EXCERPT],
    )
