"""Logs of process mining of any size, the same at every run, as other programs write them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from store.sqlite.connect import connect

TYPES: Final = ("Placed", "Paid", "Packed", "Shipped")
NOTE: Final = "noted on the way"
CUSTOMERS: Final = 500
BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(seconds=37, microseconds=1)
TABLES: Final = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
"""


class _Event(NamedTuple):
    id: str
    type: str
    at: str
    amount: int
    order: str
    item: str


def write_files(folder: Path, count: int) -> None:
    """One file of so many events for each format, named like it."""
    folder.mkdir()
    makers: dict[str, Callable[[Path, int], None]] = {
        "ocel2-json": _json,
        "ocel2-xml": _xml,
        "ocel2-sqlite": _sqlite,
        "xes": _xes,
    }
    for name, make in makers.items():
        make(folder / name, count)


def _events(count: int) -> Iterator[_Event]:
    """Four of each order, one after the other; items come again."""
    for number in range(count):
        at = (BEGAN + STEP * number).isoformat(timespec="microseconds")
        item = f"item-{number % (count // 10 or 1)}"
        type_ = TYPES[number % 4]
        yield _Event(f"e{number}", type_, at, number, f"order-{number // 4}", item)


def _objects(count: int) -> Iterator[tuple[str, str]]:
    yield from ((f"order-{it}", "Order") for it in range((count + 3) // 4))
    yield from ((f"item-{it}", "Item") for it in range(count // 10 or 1))
    yield from ((f"customer-{it}", "Customer") for it in range(CUSTOMERS))


def _json(path: Path, count: int) -> None:
    attributes = [{"name": "amount", "type": "integer"}, {"name": "note", "type": "string"}]
    objects: list[dict[str, Any]] = [
        {"name": it, "attributes": []} for it in ("Order", "Item", "Customer")
    ]
    types = [{"name": it, "attributes": attributes} for it in TYPES]
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"objectTypes":{json.dumps(objects)},"eventTypes":{json.dumps(types)},')
        things = ({"id": id_, "type": type_} for id_, type_ in _objects(count))
        file.write(f'"objects":[{",".join(map(json.dumps, things))}],\n"events":[')
        for number, it in enumerate(_events(count)):
            file.write((",\n" if number else "\n") + json.dumps(_json_event(it)))
        file.write("]}\n")


def _json_event(it: _Event) -> dict[str, Any]:
    return {
        "id": it.id,
        "type": it.type,
        "time": it.at,
        "attributes": [
            {"name": "amount", "value": str(it.amount)},
            {"name": "note", "value": NOTE},
        ],
        "relationships": [
            {"objectId": it.order, "qualifier": "order"},
            {"objectId": it.item, "qualifier": "item"},
        ],
    }


def _xml(path: Path, count: int) -> None:
    declared = '<attribute name="amount" type="integer"/><attribute name="note" type="string"/>'
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log><object-types>')
        for name in ("Order", "Item", "Customer"):
            file.write(f'<object-type name="{name}"><attributes/></object-type>')
        file.write("</object-types><event-types>")
        for name in TYPES:
            file.write(
                f'<event-type name="{name}"><attributes>{declared}</attributes></event-type>'
            )
        file.write("</event-types>\n<objects>\n")
        for id_, type_ in _objects(count):
            file.write(f'<object id="{id_}" type="{type_}"><attributes/></object>\n')
        file.write("</objects>\n<events>\n")
        for it in _events(count):
            file.write(
                f'<event id="{it.id}" type="{it.type}" time="{it.at}"><attributes>'
                f'<attribute name="amount">{it.amount}</attribute>'
                f'<attribute name="note">{NOTE}</attribute></attributes><objects>'
                f'<relationship object-id="{it.order}" qualifier="order"/>'
                f'<relationship object-id="{it.item}" qualifier="item"/></objects></event>\n'
            )
        file.write("</events></log>\n")


def _sqlite(path: Path, count: int) -> None:
    with closing(connect(path)) as db:
        db.executescript(TABLES)
        db.execute("BEGIN")
        for kind, names in (("event", TYPES), ("object", ("Order", "Item", "Customer"))):
            more = "ocel_time TEXT, amount INTEGER, note TEXT" if kind == "event" else "ocel_time"
            for name in names:
                db.execute(f"INSERT INTO {kind}_map_type VALUES (?, ?)", (name, name))
                db.execute(f"CREATE TABLE {kind}_{name} (ocel_id TEXT PRIMARY KEY, {more})")
        for id_, type_ in _objects(count):
            db.execute("INSERT INTO object VALUES (?, ?)", (id_, type_))
            db.execute(f"INSERT INTO object_{type_} VALUES (?, '1970-01-01 00:00:00')", (id_,))
        for it in _events(count):
            at = it.at.replace("T", " ")
            db.execute("INSERT INTO event VALUES (?, ?)", (it.id, it.type))
            row = (it.id, at, it.amount, NOTE)
            db.execute(f"INSERT INTO event_{it.type} VALUES (?, ?, ?, ?)", row)
            ties = ((it.id, it.order, "order"), (it.id, it.item, "item"))
            db.executemany("INSERT INTO event_object VALUES (?, ?, ?)", ties)
        db.execute("COMMIT")


def _xes(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('<log xes.version="2.0" xmlns="http://www.xes-standard.org/">\n')
        for number, it in enumerate(_events(count)):
            if number % 4 == 0:
                end = "</trace>\n" if number else ""
                file.write(f'{end}<trace><string key="concept:name" value="{it.order}"/>\n')
            file.write(
                f'<event><string key="concept:name" value="{it.type}"/>'
                f'<date key="time:timestamp" value="{it.at}"/>'
                f'<int key="amount" value="{it.amount}"/>'
                f'<string key="item" value="{it.item}"/><string key="note" value="{NOTE}"/>'
                "</event>\n"
            )
        file.write("</trace></log>\n")
