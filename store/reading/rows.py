"""Rows of a foreign SQLite file: tables by their own names, values as JSON, ends in one place."""

import sqlite3
from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from store import json_text
from store.reading.fields import Unusable
from store.reading.format import Rejected
from store.reading.remarks import Skipped
from store.reading.source import Source
from store.reading.sqlite_source import damaged
from store.sqlite.interruption import is_interruption
from store.words import counted, said


def rows(source: Source, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query. Raises UnreadableSource when the file turns out damaged."""
    try:
        # Not the cursor itself: a generator that is let go closes it, which a closed file refuses.
        yield from map(tuple, source.database().execute(sql, list(values)))
    except sqlite3.DatabaseError as error:
        raise _reason(source, error) from error


def named_rows(source: Source, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    """The same, by the names of the columns."""
    cursor = source.database().cursor()
    cursor.row_factory = sqlite3.Row
    try:
        yield from (dict(row) for row in cursor.execute(sql, values))
    except sqlite3.DatabaseError as error:
        raise _reason(source, error) from error


def _reason(source: Source, error: sqlite3.DatabaseError) -> Exception:
    """Why a statement ended. Raises what the pulse raises, where that has stopped it."""
    if is_interruption(error):
        source.pulse()
    return damaged(source.path, error)


def quoted_name(name: str) -> str:
    """A table or column name as SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def has_rowid(source: Source, table: str) -> bool:
    """Whether the rows have a number of their own, in the order in which they were added. Raises
    UnreadableSource when the file turns out damaged."""
    try:
        source.database().execute(f"SELECT rowid FROM {quoted_name(table)} LIMIT 0")
    except sqlite3.DatabaseError as error:
        if str(error).startswith("no such column"):
            return False
        raise damaged(source.path, error) from error
    return True


def count(source: Source, table: str) -> int:
    """How many rows a table has."""
    found: int = next(rows(source, f"SELECT count(*) FROM {quoted_name(table)}"))[0]
    return found


def skipped_tables(source: Source, *, read: Collection[str]) -> Iterator[Skipped]:
    """Every other table of the file that has rows: what is not read is told."""
    for name in sorted(source.sample.tables.keys() - set(read)):
        if not name.startswith("sqlite_") and (found := count(source, name)):
            yield Skipped(
                kind="other_rows",
                text=said(
                    "table {name!r}, {found}",
                    name=name,
                    found=counted("{count:,} row", "{count:,} rows", found),
                ),
                count=found,
            )


def text_of(value: object, name: str) -> str:
    """What should be a text that holds something. Raises Unusable."""
    if value is None or value == "":
        raise Unusable(said("the row has no {name}", name=name))
    if isinstance(value, bytes):
        raise Unusable(said("{name} is not text", name=name))
    found = str(value)
    try:
        found.encode()
    except UnicodeEncodeError:
        raise Unusable(said("{name} is not valid UTF-8", name=name)) from None
    return found


def json_of(value: object) -> str:
    """A column's value as JSON."""
    if isinstance(value, bytes):
        return opaque_json(value)
    try:
        return json_text.encode(value.encode().decode() if isinstance(value, str) else value)
    except UnicodeEncodeError:
        raise Unusable(said("a text of the row is not valid UTF-8")) from None


def opaque_json(content: bytes) -> str:
    """Bytes that nobody here can read, as a payload."""
    return f'{{"data_encoding":"base64","data_base64":"{b64encode(content).decode()}"}}'


def rejected_row(number: int, row: Sequence[object], reason: object) -> Rejected:
    """What stands in the report for a row that cannot be used."""
    shown = ", ".join(repr(it)[:60] for it in row)
    excerpt = shown.encode("utf-8", "replace").decode()[:200]
    return Rejected(line=number, offset=-1, reason=str(reason), excerpt=excerpt)
