"""Put events in the order that a person has chosen, however many there are, and tell late ones.

They are written into an empty database beside the memory and read back in order: what is equal
keeps the order of the file. Records that are no events come first.
"""

import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any, Final, TypeAlias

from store import json_text
from store.filter.tree import Field
from store.reading.format import Incoming, Record
from store.reading.sqlite_source import scratch_database
from store.shaping.facts import Documents, readable_field, texts_of
from store.shaping.rules import ORDERS
from store.times import format_moment, parse_moment
from store.words import said

Tell: TypeAlias = Callable[[Incoming, str], None]  # an event, and what is said of it
Key: TypeAlias = tuple[int, int | float, str]  # kind of value, number, text

_NUMBER, _TIME, _TEXT, _NOTHING = range(4)  # in this order where values are of several kinds
_LARGEST: Final = 2**63 - 1  # that SQLite has as a whole number
_TABLE: Final = "CREATE TABLE waiting (kind INTEGER, number, text TEXT, record BLOB)"
_ADD: Final = "INSERT INTO waiting VALUES (?, ?, ?, ?)"
_IN_ORDER: Final = "SELECT record FROM waiting ORDER BY kind, number, text, rowid"


def in_order(
    records: Iterable[Record], order: str, *, unordered: Tell, late: Tell
) -> Iterator[Record]:
    """The records in an order: one of ORDERS, or a field. `unordered` hears of events without what
    it goes by, which come last, `late` of those that occurred before one that stands ahead."""
    placed = records if order == "file" else _sorted(records, key_of(order), unordered)
    latest_us: int | None = None
    for it in placed:
        if isinstance(it, Incoming) and (at_us := it.event.occurred_at_us) is not None:
            if latest_us is not None and at_us < latest_us:
                at = format_moment(at_us, it.event.occurred_offset_min)
                late(
                    it,
                    said(
                        "event {id} of {at} comes after one of {latest_us}",
                        id=it.event.id,
                        at=at,
                        latest_us=format_moment(latest_us),
                    ),
                )
            latest_us = at_us if latest_us is None else max(latest_us, at_us)
        yield it


def key_of(order: str) -> Callable[[Incoming], Key]:
    """What an event is sorted by. Raises WrongRules."""
    if order == "recorded":
        return lambda it: _moment_key(it.event.recorded_at_us)
    if order == "occurred":
        return lambda it: _moment_key(it.event.occurred_at_us)
    if order == "position":
        return lambda it: _place_key(it.origin.cursor)
    assert order not in ORDERS
    field = readable_field(order, of="order")
    return lambda it: _field_key(field, it)


def _sorted(
    records: Iterable[Record], key: Callable[[Incoming], Key], unordered: Tell
) -> Iterator[Record]:
    passing: list[Record] = []

    def rows() -> Iterator[tuple[int, int | float, str, bytes]]:
        for it in records:
            if not isinstance(it, Incoming):
                passing.append(it)
                continue
            kind, number, text = key(it)
            if kind == _NOTHING:
                unordered(it, said("event {id}", id=it.event.id))
            yield kind, number, text, pickle.dumps(it, pickle.HIGHEST_PROTOCOL)

    with scratch_database() as db:
        db.execute(_TABLE)
        db.executemany(_ADD, rows())
        yield from passing
        with closing(db.execute(_IN_ORDER)) as found:
            for (record,) in found:
                yield pickle.loads(record)


def _moment_key(at_us: int | None) -> Key:
    return (_NOTHING, 0, "") if at_us is None else (_TIME, at_us, "")


def _place_key(cursor: str | None) -> Key:
    """A number by its value; of any other place the numbers in it, so 9 stands before 10."""
    if cursor is None:
        return (_NOTHING, 0, "")
    if cursor.isdecimal() and int(cursor) <= _LARGEST:
        return (_NUMBER, int(cursor), "")
    padded = re.sub(r"\d+", lambda it: it.group().zfill(20), cursor)
    return (_TEXT, 0, padded.encode("utf-8", "replace").decode())


def _field_key(field: Field, incoming: Incoming) -> Key:
    documents = Documents(data=incoming.event.data_json, metadata=incoming.event.metadata_json)
    found = [it for it in texts_of(field, incoming, documents) if it != "null"]
    return _value_key(json_text.decode(found[0])) if found else (_NOTHING, 0, "")


def _value_key(value: Any) -> Key:
    """Numbers by value, texts that are times by the moment, all other texts by their characters."""
    match value:
        case int() if abs(value) <= _LARGEST:
            return (_NUMBER, int(value), "")
        case int() | Decimal():
            return (_NUMBER, float(Decimal(value)), "")
        case str():
            try:
                return (_TIME, parse_moment(value).at_us, "")
            except (ValueError, OverflowError):
                return (_TEXT, 0, value.encode("utf-8", "replace").decode())
    return (_TEXT, 0, json_text.encode(value))
