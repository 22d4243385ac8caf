"""The SQLite file of python eventsourcing 9.x.

Layout read from files that version 9.5.6 wrote: stored_events(originator_id, originator_version,
topic, state); the order is the rowid. A state is JSON whose typed values are wrapped as
{"_type_": …, "_data_": …}: the payload shows them unwrapped, the source keeps the very state.
States that are compressed are unpacked; those that are encrypted, or no JSON object whatever they
begin with, are kept as base64. Snapshots are not events, and are told. A file may hold the events
of several applications, a table each: they are read one after another.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from store.errors import NotFollowed, UnreadableSource
from store.reading.fields import Unusable
from store.reading.format import Format, GrownRow, Incoming, Record
from store.reading.passed_over import PassedOver
from store.reading.pyeventsourcing_row import NAME, incoming
from store.reading.pyeventsourcing_write import LOSSES, write
from store.reading.remarks import Skipped
from store.reading.rows import (
    has_rowid,
    quoted_name,
    rejected_row,
    rows,
    skipped_tables,
)
from store.reading.signs import Columns, Tables
from store.reading.source import Source
from store.words import said

TABLE: Final = "stored_events"
SNAPSHOT: Final = "snapshot"  # in the name of a table of these
COLUMNS: Final = ("originator_id", "originator_version", "topic", "state")
ROWS: Final = "SELECT rowid, originator_id, originator_version, topic, state FROM {table}"
ROWS_AFTER: Final = f"{ROWS} WHERE rowid > ? ORDER BY rowid"
UNNUMBERED: Final = "SELECT NULL, originator_id, originator_version, topic, state FROM {table}"
BY_NAME: Final = f"{UNNUMBERED} ORDER BY originator_id, originator_version"
ONE: Final = f"{UNNUMBERED} WHERE originator_id = ? AND originator_version = ?"
BY_TIME: Final = "timestamp in the state, originator_id, originator_version"
Row: TypeAlias = tuple[Any, ...]


def read(source: Source) -> Iterator[Record]:
    """Every stored event in the order of its rowid; where the table has none, in the order of the
    times in the states, which the import's manifest then says."""
    tables, before = _tables(source), 0
    for table in tables:
        is_numbered = has_rowid(source, table)
        source.notes["order"] = "rowid" if is_numbered else BY_TIME
        if is_numbered:
            found = rows(source, f"{ROWS.format(table=quoted_name(table))} ORDER BY rowid")
        else:
            found = _by_time(source, quoted_name(table))
        for line, row in enumerate(found, before + 1):
            yield _record(line, row)
            before = line
    snapshots = [it for it in _alike(source) if SNAPSHOT in it]
    yield from _skipped(source, snapshots)
    yield from skipped_tables(source, read=(*tables, *snapshots))


def rows_after(source: Source, keys: Mapping[str, int]) -> Iterator[GrownRow]:
    """The events behind a rowid of each table."""
    for table in _tables(source):
        if not has_rowid(source, table):
            raise NotFollowed(
                said("the rows of {table} have no order of arrival", table=table),
                source.path,
            )
        sql = ROWS_AFTER.format(table=quoted_name(table))
        for row in rows(source, sql, (keys.get(table, 0),)):
            yield GrownRow(table, row[0], _record(row[0], row))


def _by_time(source: Source, table: str) -> Iterator[Row]:
    """The rows of a table that has no order over its streams. In a stream versions count, so an
    event whose clock has stepped back, or that says no time, stands behind the one before it."""
    places = source.scratch()
    places.execute("CREATE TABLE places (at_us, originator, version)")
    previous, at_us = None, 0
    for row in rows(source, BY_NAME.format(table=table)):
        if row[1] != previous:
            previous, at_us = row[1], -(1 << 62)
        at_us = max(at_us, _moment(row))
        places.execute("INSERT INTO places VALUES (?, ?, ?)", (at_us, *row[1:3]))
    for place in places.execute("SELECT * FROM places ORDER BY at_us, originator, version"):
        yield from rows(source, ONE.format(table=table), place[1:])


def _moment(row: Row) -> int:
    record = _record(0, row)
    at_us = record.event.occurred_at_us if isinstance(record, Incoming) else None
    return -(1 << 62) if at_us is None else at_us


def _skipped(source: Source, tables: Iterable[str]) -> Iterator[Skipped]:
    passed = PassedOver()
    for table in tables:
        sql = f"SELECT originator_id, originator_version FROM {quoted_name(table)}"
        for originator, version in rows(source, sql):
            text = said(
                "stream {originator!r} at version {version}",
                originator=str(originator)[:100],
                version=version,
            )
            passed.add("snapshots", text.encode("utf-8", "replace").decode())
    yield from passed.records()


def _record(line: int, row: Row) -> Record:
    rowid, originator, version, topic, state = row
    try:
        return incoming(line, rowid, originator, version, topic, state)
    except Unusable as reason:
        return rejected_row(line, (originator, version, topic), reason)


def _tables(source: Source) -> list[str]:
    """stored_events, and every table with exactly its columns (other applications' names)."""
    usual = [TABLE] if source.sample.has_table(TABLE, *COLUMNS) else []
    others = (it for it in _alike(source) if SNAPSHOT not in it and it != TABLE)
    found = [*usual, *others]
    if not found:
        raise UnreadableSource(said("the file has no table of stored events"), source.path)
    return found


def _alike(source: Source) -> list[str]:
    """The tables with exactly these columns, by name: of events, and of snapshots."""
    wanted = frozenset(COLUMNS)
    return sorted(name for name, columns in source.sample.tables.items() if columns == wanted)


FORMAT: Final = Format(
    name=NAME,
    title=said("python eventsourcing, SQLite"),
    suffixes=(".sqlite",),
    signs=(Tables(tables={TABLE: COLUMNS}), Columns(columns=COLUMNS, not_named=SNAPSHOT)),
    read=read,
    rows_after=rows_after,
    write=write,
    losses=LOSSES,
)
