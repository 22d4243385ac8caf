"""OCEL 1.0 as a SQLite file, as pm4py writes it: tables of events, objects and relations."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.errors import UnreadableSource
from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.ocel1 import BEGINNING, without_prefix
from store.reading.ocel2_mapping import (
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.passed_over import PassedOver
from store.reading.rows import (
    count,
    has_rowid,
    json_of,
    named_rows,
    rejected_row,
    rows,
    skipped_tables,
    text_of,
)
from store.reading.signs import Tables
from store.reading.source import Source
from store.words import said

_EVENT: Final = frozenset({"eid", "activity", "timestamp"})
_OBJECT: Final = frozenset({"oid", "type"})
_TABLES: Final = {
    "EVENTS": ("ocel:eid", "ocel:activity", "ocel:timestamp"),
    "RELATIONS": ("ocel:eid", "ocel:oid"),
    "OBJECTS": ("ocel:oid", "ocel:type"),
}
_SINGLE: Final = """
SELECT type, count(*) FROM (
    SELECT r."ocel:eid", o."ocel:type" AS type FROM RELATIONS r
    JOIN OBJECTS o ON o."ocel:oid" = r."ocel:oid"
    GROUP BY 1, 2 HAVING count(DISTINCT r."ocel:oid") = 1)
GROUP BY type
"""
_RELATIONS: Final = 'SELECT * FROM RELATIONS WHERE "ocel:eid" = ? ORDER BY rowid'
_DANGLING: Final = """
SELECT r."ocel:eid", r."ocel:oid" FROM RELATIONS r
LEFT JOIN EVENTS e ON e."ocel:eid" = r."ocel:eid" WHERE e."ocel:eid" IS NULL
"""
_INDEXES: Final = (
    'CREATE INDEX IF NOT EXISTS foldline_1 ON RELATIONS ("ocel:eid")',
    'CREATE INDEX IF NOT EXISTS foldline_2 ON EVENTS ("ocel:eid")',
    'CREATE INDEX IF NOT EXISTS foldline_3 ON OBJECTS ("ocel:oid")',
)


def read(source: Source) -> Iterator[Record]:
    """Every event, and what every object began with."""
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
    """The objects with what they began with, how many events relate to exactly one of each type,
    and what belongs to no event. Raises UnreadableSource where columns are missing."""
    for table, columns in _TABLES.items():
        if not source.sample.has_table(table, *columns):
            reason = said(
                "table {table!r} does not have all of the columns {columns}",
                table=table,
                columns=", ".join(columns),
            )
            raise UnreadableSource(reason, source.path)
    for sql in _INDEXES:  # in our copy of the file
        next(rows(source, sql), None)
    objects, passed = OcelObjects(source.scratch()), PassedOver()
    for number, row in enumerate(_named(source, "SELECT * FROM OBJECTS"), 1):
        try:
            _take_object(number, row, objects, passed)
        except Unusable as reason:
            passed.add(
                "other_rows", said("table 'OBJECTS': {reason}", reason=reason)[:200], line=number
            )
    for event, thing in rows(source, _DANGLING):
        passed.add(
            "relations",
            said("of event {event!r} to object {thing!r}", event=event, thing=thing)[:200],
        )
    for it in skipped_tables(source, read=tuple(_TABLES)):
        passed.add(it.kind, it.text, count=it.count)
    single = dict.fromkeys(objects.types, 0)
    single |= {str(type_): events for type_, events in rows(source, _SINGLE)}
    return objects, single, passed


def _named(source: Source, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    for columns in named_rows(source, sql, *values):
        yield {without_prefix(name): value for name, value in columns.items()}


def _take_object(
    number: int, columns: Mapping[str, Any], objects: OcelObjects, passed: PassedOver
) -> None:
    id_, type_ = text_of(columns["oid"], "ocel:oid"), text_of(columns["type"], "ocel:type")
    attributes = _attributes(columns, _OBJECT)
    if not objects.add(id_, type_):
        passed.add(
            "other_rows", said("table 'OBJECTS': {id_!r} occurs twice", id_=id_), line=number
        )
    if attributes:
        change = Change(number=number, object_id=id_, time=BEGINNING, attributes=attributes)
        objects.change([change])


def _events(source: Source) -> Iterator[OcelEvent | Rejected]:
    total = count(source, "EVENTS")
    order = " ORDER BY rowid" if has_rowid(source, "EVENTS") else ""
    for number, columns in enumerate(_named(source, f"SELECT * FROM EVENTS{order}"), 1):
        source.reached(number, of=total)
        try:
            yield _event(source, number, columns)
        except Unusable as reason:
            shown = [columns[name] for name in ("eid", "activity", "timestamp")]
            yield rejected_row(number, shown, reason)


def _event(source: Source, number: int, columns: Mapping[str, Any]) -> OcelEvent:
    time = columns["timestamp"]
    return OcelEvent(
        number=number,
        offset=-1,
        id=text_of(columns["eid"], "ocel:eid"),
        type=text_of(columns["activity"], "ocel:activity"),
        time=None if time is None else text_of(time, "ocel:timestamp"),
        attributes=_attributes(columns, _EVENT),
        relations=[_relation(it) for it in _named(source, _RELATIONS, columns["eid"])],
        extras={},
    )


def _relation(columns: Mapping[str, Any]) -> Relation:
    qualifier = columns.get("qualifier")
    return Relation(
        object_id=text_of(columns["oid"], "ocel:oid"),
        qualifier=None if qualifier is None else text_of(qualifier, "ocel:qualifier"),
    )


def _attributes(columns: Mapping[str, Any], others: frozenset[str]) -> dict[str, str]:
    """A column that is NULL is an attribute that was not set."""
    return {
        name: json_of(value)
        for name, value in columns.items()
        if name not in others and value is not None
    }


FORMAT: Final = Format(
    name="ocel1-sqlite",
    title=said("OCEL 1.0, SQLite"),
    suffixes=(".sqlite", ".db"),
    signs=(
        Tables(tables=_TABLES),
        Tables(tables={"EVENTS": ()}, confidence=0.9),
    ),
    read=read,
    choices=(choice_of_leader(_log),),
)
