"""OCEL 2.0 as a SQLite file. Its times have no offset, so every one is flagged as naive."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.ocel2_mapping import (
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.rows import count, has_rowid, json_of, quoted_name, rejected_row, rows, text_of
from store.reading.signs import Tables
from store.reading.source import Source

_NOT_ATTRIBUTES: Final = frozenset({"ocel_id", "ocel_time", "ocel_changed_field"})
_TABLES: Final = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_object": ("ocel_event_id", "ocel_object_id"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
}
_SINGLE: Final = """
SELECT type, count(*) FROM (
    SELECT eo.ocel_event_id, o.ocel_type AS type FROM event_object eo
    JOIN object o ON o.ocel_id = eo.ocel_object_id
    GROUP BY 1, 2 HAVING count(DISTINCT eo.ocel_object_id) = 1)
GROUP BY type
"""
_RELATIONS: Final = """
SELECT ocel_object_id, ocel_qualifier FROM event_object WHERE ocel_event_id = ?
"""


def read(source: Source) -> Iterator[Record]:
    """Every event and every change of an object."""
    return records_of(_log(source), source)


def _log(source: Source) -> OcelLog:
    objects, single = source.once(_overview)
    return OcelLog(
        objects=objects, changes=objects.changes(), single=single, events=_events(source)
    )


def _overview(source: Source) -> tuple[OcelObjects, dict[str, int]]:
    """The objects with their changes, and how many events relate to exactly one of each type."""
    _index(source)
    objects = OcelObjects(source.scratch())
    for id_, type_ in rows(source, "SELECT ocel_id, ocel_type FROM object"):
        objects.add(str(id_), str(type_))
    objects.change(_changes(source))
    single = dict.fromkeys(objects.types, 0)
    single |= {str(type_): events for type_, events in rows(source, _SINGLE)}
    if source.sample.has_table("object_object"):
        source.notes["relationships"] = [
            [str(it) for it in row] for row in rows(source, "SELECT * FROM object_object")
        ]
    return objects, single


def _index(source: Source) -> None:
    """In our copy of the file: it need not have the indexes by which events are put together."""
    tables = [("event_object", "ocel_event_id")]
    tables += [(name, "ocel_id") for name in _tables(source, "event").values()]
    for number, (table, column) in enumerate(tables):
        name = f"foldline_{number}"
        sql = f"CREATE INDEX IF NOT EXISTS {name} ON {quoted_name(table)} ({column})"
        next(rows(source, sql), None)


def _tables(source: Source, kind: str) -> dict[str, str]:
    """Event or object type → the table with its attributes, where there is one."""
    found = rows(source, f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type")
    names = {str(type_): f"{kind}_{mapped}" for type_, mapped in found}
    return {type_: it for type_, it in names.items() if source.sample.has_table(it, "ocel_id")}


def _events(source: Source) -> Iterator[OcelEvent | Rejected]:
    tables, total = _tables(source, "event"), count(source, "event")
    order = " ORDER BY rowid" if has_rowid(source, "event") else ""
    found = rows(source, f"SELECT ocel_id, ocel_type FROM event{order}")
    for number, row in enumerate(found, 1):
        source.reached(number, of=total)
        try:
            yield _event(source, number, row, tables)
        except Unusable as reason:
            yield rejected_row(number, row, reason)


def _event(
    source: Source, number: int, row: tuple[Any, ...], tables: Mapping[str, str]
) -> OcelEvent:
    id_, type_ = text_of(row[0], "ocel_id"), text_of(row[1], "ocel_type")
    columns = _columns_of(source, tables[type_], row[0]) if type_ in tables else {}
    time = columns.get("ocel_time")
    return OcelEvent(
        number=number,
        offset=-1,
        id=id_,
        type=type_,
        time=None if time is None else text_of(time, "ocel_time"),
        attributes=_attributes(columns),
        relations=[
            Relation(object_id=text_of(it, "ocel_object_id"), qualifier=_qualifier(qualifier))
            for it, qualifier in rows(source, _RELATIONS, [row[0]])
        ],
        extras={},
    )


def _qualifier(value: object) -> str | None:
    return None if value is None else text_of(value, "ocel_qualifier")


def _columns_of(source: Source, table: str, id_: object) -> dict[str, Any]:
    """The row with an event's time and attributes; empty when it is missing."""
    return next(_mappings(source, f"SELECT * FROM {quoted_name(table)} WHERE ocel_id = ?", id_), {})


def _mappings(source: Source, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    cursor = source.database().cursor()
    cursor.row_factory = sqlite3.Row
    yield from (dict(row) for row in cursor.execute(sql, values))


def _attributes(columns: Mapping[str, Any]) -> dict[str, str]:
    """A column that is NULL is an attribute that was not set."""
    return {
        name: json_of(value)
        for name, value in columns.items()
        if name not in _NOT_ATTRIBUTES and value is not None
    }


def _changes(source: Source) -> Iterator[Change]:
    """A row without ocel_changed_field holds what the object began with."""
    number = 0
    for table in _tables(source, "object").values():
        for columns in _mappings(source, f"SELECT * FROM {quoted_name(table)}"):
            number += 1
            changed = columns.get("ocel_changed_field")
            attributes = {
                name: text
                for name, text in _attributes(columns).items()
                if changed is None or name == changed
            }
            if attributes:
                time = str(columns.get("ocel_time") or "1970-01-01 00:00:00")
                yield Change(
                    number=number,
                    object_id=str(columns["ocel_id"]),
                    time=time,
                    attributes=attributes,
                )


FORMAT: Final = Format(
    name="ocel2-sqlite",
    title="OCEL 2.0, SQLite",
    suffixes=(".ocel2.sqlite", ".sqlite", ".db"),
    signs=(Tables(tables=_TABLES),),
    read=read,
    choices=(choice_of_leader(_log),),
)
