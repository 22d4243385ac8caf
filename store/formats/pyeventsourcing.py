"""The SQLite file of python eventsourcing 9.x.

Layout read from files that version 9.5.6 wrote: stored_events(originator_id, originator_version,
topic, state); the order is the rowid. A state is JSON whose typed values are wrapped as
{"_type_": …, "_data_": …}: the payload shows them unwrapped, the source keeps the very state.
States that are compressed are unpacked; those that are encrypted, or no JSON object whatever they
begin with, are kept as base64. Snapshots are not events, and are told. A file may hold the events
of several applications, a table each: they are read one after another.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from store import json_text
from store.errors import NotFollowed, UnreadableSource
from store.events import NewEvent
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, GrownRow, Incoming, Record
from store.reading.identity import minted_id
from store.reading.passed_over import PassedOver
from store.reading.remarks import Skipped
from store.reading.repeated_keys import remarks_on
from store.reading.rows import (
    has_rowid,
    opaque_json,
    quoted_name,
    rejected_row,
    rows,
    skipped_tables,
)
from store.reading.signs import Columns, Tables
from store.reading.source import Source
from store.reading.stated_times import UNSTATED, stated_times
from store.words import said

TABLE: Final = "stored_events"
SNAPSHOT: Final = "snapshot"  # in the name of a table of these
COLUMNS: Final = ("originator_id", "originator_version", "topic", "state")
ROWS: Final = """
SELECT {order}, originator_id, originator_version, topic, state FROM {table} ORDER BY {order}
"""
ROWS_AFTER: Final = """
SELECT rowid, originator_id, originator_version, topic, state FROM {table}
WHERE rowid > ? ORDER BY rowid
"""
LARGEST_STATE: Final = 64 * 1024 * 1024  # once decompressed
ZLIB_MAGIC: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def read(source: Source) -> Iterator[Record]:
    """Every stored event in the order of its rowid; where the table has none, by id and version,
    which the import's manifest then says."""
    tables, before = _tables(source), 0
    for table in tables:
        is_numbered = has_rowid(source, table)
        source.notes["order"] = "rowid" if is_numbered else "originator_id, originator_version"
        order = "rowid" if is_numbered else "originator_id"
        sql = ROWS.format(order=order, table=quoted_name(table))
        if not is_numbered:
            sql = sql.rstrip() + ", originator_version"
        for line, row in enumerate(rows(source, sql), before + 1):
            yield _record(line, row, is_numbered=is_numbered)
            before = line
    snapshots = [it for it in _alike(source) if SNAPSHOT in it]
    yield from _skipped(source, snapshots)
    yield from skipped_tables(source, read=(*tables, *snapshots))


def rows_after(source: Source, keys: Mapping[str, int]) -> Iterator[GrownRow]:
    """The events behind a rowid of each table."""
    for table in _tables(source):
        if not has_rowid(source, table):
            raise NotFollowed(
                said("the rows of {table} have no order in which they came", table=table),
                source.path,
            )
        sql = ROWS_AFTER.format(table=quoted_name(table))
        for row in rows(source, sql, (keys.get(table, 0),)):
            yield GrownRow(table, row[0], _record(row[0], row, is_numbered=True))


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


def _record(line: int, row: tuple[Any, ...], *, is_numbered: bool) -> Record:
    rowid, originator, version, topic, state = row
    try:
        return incoming_of(line, rowid if is_numbered else None, originator, version, topic, state)
    except Unusable as reason:
        return rejected_row(line, (originator, version, topic), reason)


def incoming_of(
    line: int,
    rowid: int | None,
    originator: Any,
    version: Any,
    topic: Any,
    state: Any,
    *,
    offset: int = -1,
) -> Incoming:
    """The event of one row; `rowid` is its place in the order over all. Raises Unusable."""
    if not isinstance(originator, str) or not originator:
        raise Unusable(said("the event has no originator_id"))
    if not isinstance(topic, str) or not topic:
        raise Unusable(said("the event has no topic"))
    fields.storable(originator + topic, said("a name in the row"))
    if not isinstance(version, int):
        raise Unusable(said("originator_version is not a whole number"))
    raw, found = _payload(state)
    is_opaque, data = found is None, found or {}
    stamp = data.pop("timestamp", None)
    times = UNSTATED if stamp is None else stated_times(_time_text(stamp), None)
    beyond = [f'"topic":{quoted(topic)}']
    if not is_opaque:
        beyond.append(f'"state":{raw}')
    plain = _unwrapped(data)
    return Incoming(
        stream=originator,
        event=NewEvent(
            type=topic.rpartition(":")[2].rpartition(".")[2] or topic,
            data_json=raw if is_opaque else json_text.encode(plain),
            metadata_json=_metadata(plain),
            id=minted_id("pyeventsourcing", originator, version),
            **times.columns,
        ),
        line=line,
        offset=offset,
        version=version,
        origin=times.origin(rowid),
        beyond=",".join(beyond),
        has_minted_id=True,
        has_naive_time=times.has_naive,
        is_opaque=is_opaque,
        remarks=() if is_opaque else remarks_on(raw),
    )


def _payload(state: Any) -> tuple[str, dict[str, Any] | None]:
    """The state as JSON text and as an object; what is none as base64, and None."""
    content = state.encode("utf-8", "surrogateescape") if isinstance(state, str) else state
    if not isinstance(content, bytes):
        raise Unusable(said("the row has no state"))
    if content[:2] in ZLIB_MAGIC:
        content = _unpacked(content)
    try:
        raw = content.decode() if content.startswith(b"{") else ""
        value = json_text.decode(raw)
    except ValueError:
        value = None
    return (raw, value) if isinstance(value, dict) else (opaque_json(content), None)


def _unpacked(content: bytes) -> bytes:
    """Without compression; as it is when it only looks compressed, or would grow without end."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, LARGEST_STATE)
    except zlib.error:
        return content
    return plain if unpacking.eof else content


def _time_text(stamp: Any) -> str:
    plain = _unwrapped(stamp)
    if not isinstance(plain, str):
        raise Unusable(said("timestamp is not a time"))
    return fields.storable(plain, "timestamp")


def _unwrapped(value: Any) -> Any:
    """Typed values as what they wrap; types may hold typed values in turn."""
    if isinstance(value, dict):
        if value.keys() == {"_type_", "_data_"}:
            return _unwrapped(value["_data_"])
        return {key: _unwrapped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    return value


def _metadata(data: dict[str, Any]) -> str:
    """The library has no metadata; where a class has such fields they count as such."""
    names = ("correlation_id", "causation_id", "user")
    found = {name: data[name] for name in names if isinstance(data.get(name), str)}
    return json_text.encode(found)


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
    name="pyeventsourcing",
    title=said("python eventsourcing, SQLite"),
    suffixes=(".sqlite",),
    signs=(Tables(tables={TABLE: COLUMNS}), Columns(columns=COLUMNS, not_named=SNAPSHOT)),
    read=read,
    rows_after=rows_after,
)
