"""OCEL 2.0 as a SQLite file. Its times have no offset, so every one is flagged as naive.

An event is put together of rows of several tables. What lacks its other half is told: an event
without a row of its type is rejected with that reason, other rows are passed over.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
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
from store.reading.ocel_sqlite_rows import AT_ONCE, OcelRows
from store.reading.ocel_write_sqlite import write_sqlite
from store.reading.passed_over import PassedOver
from store.reading.rows import (
    count,
    has_rowid,
    json_of,
    named_rows,
    quoted_name,
    rejected_row,
    rows,
    skipped_tables,
    text_of,
)
from store.reading.signs import Tables
from store.reading.source import Source
from store.words import said

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
_DANGLING: Final = """
SELECT eo.ocel_event_id, eo.ocel_object_id FROM event_object eo
LEFT JOIN event e ON e.ocel_id = eo.ocel_event_id
WHERE e.ocel_id IS NULL OR ifnull(eo.ocel_object_id, '') = ''
"""
_OF_NO_EVENT: Final = """
SELECT t.ocel_id FROM {table} t LEFT JOIN event e ON e.ocel_id = t.ocel_id
AND e.ocel_type IN (SELECT ocel_type FROM event_map_type WHERE 'event_' || ocel_type_map = ?)
WHERE e.ocel_id IS NULL
"""
_AGAIN: Final = "SELECT ocel_id, count(*) - 1 FROM {table} GROUP BY 1 HAVING count(*) > 1"


def read(source: Source) -> Iterator[Record]:
    """Every event and every change of an object."""
    return records_of(_log(source), source)


def _log(source: Source) -> OcelLog:
    objects, single, passed = source.once(_overview)
    return OcelLog(
        objects=objects,
        changes=objects.changes(),
        single=single,
        events=_events(source),
        passed_over=passed.records(),
    )


def _overview(source: Source) -> tuple[OcelObjects, dict[str, int], PassedOver]:
    """The objects with their changes, how many events relate to exactly one of each type, and what
    belongs to no event."""
    _index(source)
    objects, passed = OcelObjects(source.scratch()), PassedOver()
    for id_, type_ in rows(source, "SELECT ocel_id, ocel_type FROM object"):
        if not objects.add(str(id_), str(type_)):
            passed.add("other_rows", said("table 'object': {id_!r} occurs twice", id_=id_))
    objects.change(_changes(source, passed))
    _look_for_halves(source, passed)
    single = dict.fromkeys(objects.types, 0)
    single |= {str(type_): events for type_, events in rows(source, _SINGLE)}
    if source.sample.has_table("object_object"):
        source.notes["relationships"] = [
            [str(it) for it in row] for row in rows(source, "SELECT * FROM object_object")
        ]
    return objects, single, passed


def _look_for_halves(source: Source, passed: PassedOver) -> None:
    """Rows that no event or object is put together of."""
    for event, thing in rows(source, _DANGLING):
        passed.add(
            "relations",
            said("of event {event!r} to object {thing!r}", event=event, thing=thing)[:200],
        )
    tables = sorted({*_tables(source, "event").values()})
    for table in tables:
        quoted = quoted_name(table)
        for (id_,) in rows(source, _OF_NO_EVENT.format(table=quoted), [table]):
            passed.add(
                "other_rows",
                said("table {table!r}: {id_!r} is not an event of this type", table=table, id_=id_)[
                    :200
                ],
            )
        for id_, more in rows(source, _AGAIN.format(table=quoted)):
            text = said("table {table!r}: {id_!r} occurs more than once", table=table, id_=id_)[
                :200
            ]
            passed.add("other_rows", text, count=more)
    read = (*_TABLES, *tables, *_tables(source, "object").values(), "object_object")
    for it in skipped_tables(source, read=read):
        passed.add(it.kind, it.text, count=it.count)


def _index(source: Source) -> None:
    """In our copy of the file: it need not have the indexes by which events are put together."""
    tables = [("event_object", "ocel_event_id"), ("event", "ocel_id")]
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
    found = enumerate(rows(source, f"SELECT ocel_id, ocel_type FROM event{order}"), 1)
    belonging = OcelRows(source)
    while some := list(islice(found, AT_ONCE)):
        belonging.load((id_, tables.get(str(type_))) for _, (id_, type_) in some)
        source.reached(some[-1][0], of=total)
        for number, row in some:
            try:
                yield _event(source, number, row, tables, belonging)
            except Unusable as reason:
                yield rejected_row(number, row, reason)


def _event(
    source: Source,
    number: int,
    row: tuple[Any, ...],
    tables: Mapping[str, str],
    belonging: OcelRows,
) -> OcelEvent:
    id_, type_ = text_of(row[0], "ocel_id"), text_of(row[1], "ocel_type")
    if type_ not in tables:
        raise Unusable(_why_no_table(source, type_))
    columns = belonging.columns(tables[type_], row[0])
    if columns is None:
        raise Unusable(said("table {tables!r} has no row for the event", tables=tables[type_]))
    time = columns.get("ocel_time")
    return OcelEvent(
        number=number,
        offset=-1,
        id=id_,
        type=type_,
        time=None if time is None else text_of(time, "ocel_time"),
        attributes=_attributes(columns),
        relations=[
            Relation(object_id=text_of(it[0], "ocel_object_id"), qualifier=_qualifier(it[1]))
            for it in belonging.relations(row[0])
        ],
        extras={},
    )


def _qualifier(value: object) -> str | None:
    return None if value is None else text_of(value, "ocel_qualifier")


def _why_no_table(source: Source, type_: str) -> str:
    sql = "SELECT ocel_type_map FROM event_map_type WHERE ocel_type = ?"
    mapped = next(rows(source, sql, [type_]), None)
    if mapped is None:
        return said("its type {type_!r} is not in the table 'event_map_type'", type_=type_)
    return said(
        "there is no table 'event_{mapped}' for its type {type_!r}", mapped=mapped[0], type_=type_
    )


def _attributes(columns: Mapping[str, Any]) -> dict[str, str]:
    """A column that is NULL is an attribute that was not set."""
    return {
        name: json_of(value)
        for name, value in columns.items()
        if name not in _NOT_ATTRIBUTES and value is not None
    }


def _changes(source: Source, passed: PassedOver) -> Iterator[Change]:
    """A row without ocel_changed_field holds what the object began with; nothing, when none of its
    columns is set."""
    number = 0
    for table in dict.fromkeys(_tables(source, "object").values()):
        for columns in named_rows(source, f"SELECT * FROM {quoted_name(table)}"):
            number += 1
            try:
                attributes = _set_by(columns)
            except Unusable as reason:
                text = said(
                    "table {table!r}: object {ocel_id!r}: {reason}",
                    table=table,
                    ocel_id=columns["ocel_id"],
                    reason=reason,
                )
                passed.add("other_rows", text[:200], line=number)
                continue
            if attributes:
                time = str(columns.get("ocel_time") or "1970-01-01 00:00:00")
                yield Change(
                    number=number,
                    object_id=str(columns["ocel_id"]),
                    time=time,
                    attributes=attributes,
                )


def _set_by(columns: Mapping[str, Any]) -> dict[str, str]:
    """The attributes that a row of an object sets: all, or the one that changed, to nothing even.

    Raises Unusable.
    """
    changed = columns.get("ocel_changed_field")
    if changed is None:
        return _attributes(columns)
    if changed not in columns or changed in _NOT_ATTRIBUTES:
        raise Unusable(said("there is no column {changed!r} to change", changed=changed))
    return {changed: json_of(columns[changed])}


FORMAT: Final = Format(
    name="ocel2-sqlite",
    title=said("OCEL 2.0, SQLite"),
    suffixes=(".ocel2.sqlite", ".sqlite", ".db"),
    signs=(Tables(tables=_TABLES),),
    read=read,
    write=write_sqlite,
    choices=(choice_of_leader(_log),),
)
