"""Changes of rows as Debezium writes them: `{"before", "after", "source", "op", …}`, one a line.

Three shapes are read: bare, inside `payload` beside a `schema`, and Avro's JSON, where a value is
wrapped in its type (`{"long": 1}`). A stream is a row, `schema.table/key`; its key is the row's
field `id`, or the whole row where it has none. These are changes of rows, not facts of a domain: a
snapshot's reads (`r`) tell no change. Layout: Debezium 2.x, change events of relational databases.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.epoch_times import of_milliseconds
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated
from store.words import said

NAME: Final = "debezium"
TYPES: Final = {"c": "RowCreated", "u": "RowUpdated", "d": "RowDeleted", "r": "RowRead"}
_WRAPPED: Final = re.compile(r"[a-z]+|[\w.]+\.[\w.]+")  # a type of Avro, or a record's full name
_SIMPLE: Final = frozenset({"long", "int", "string", "boolean", "float", "double", "bytes"})


def read(source: Source) -> Iterator[Record]:
    """Every change in the file's order; messages of another kind are told."""
    return read_stated(source, _stated)


def _stated(record: RawRecord, line: dict[str, str]) -> StatedEvent | Skipped:
    envelope = dict(members(line["payload"])) if _is_object(line.get("payload")) else line
    op = fields.text({"op": _bare(envelope.get("op", "null"))}, "op")
    if op not in TYPES:
        text = said("unsupported kind of message {op!r}", op=op)
        return Skipped(kind="messages", text=text, line=record.number, offset=record.offset)
    before, after = _row(envelope, "before"), _row(envelope, "after")
    source = dict(members(_bare(envelope.get("source", "{}"))))
    row = before if after is None else after
    if row is None:
        raise Unusable(said("the change has neither before nor after"))
    stream = f"{_table(source)}/{_key(row)}"
    place = _place(source)
    return StatedEvent(
        stream=stream,
        type=TYPES[op],
        key=(NAME, stream, op, place, json_object(row)),
        data=json_object(row),
        metadata=_metadata(envelope, source),
        occurred=_time(source),
        recorded=_time(envelope),
        cursor=place,
        beyond={"debezium": json_object(source), **_was(before, after)},
    )


def _is_object(text: str | None) -> bool:
    return text is not None and text.startswith("{")


def _bare(text: str) -> str:
    """A value without Avro's wrapper around it."""
    if not text.startswith("{"):
        return text
    found = members(text)
    if len(found) == 1 and _WRAPPED.fullmatch(found[0][0]):
        name, inner = found[0]
        if name in _SIMPLE or "." in name:
            return inner
    return text


def _row(envelope: Mapping[str, str], name: str) -> dict[str, str] | None:
    text = _bare(envelope.get(name, "null"))
    if text == "null":
        return None
    if not text.startswith("{"):
        raise Unusable(said("{name} is not a row", name=name))
    return {column: _bare(value) for column, value in members(text)}


def _was(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> dict[str, str]:
    """The row before it was updated, where the database tells it; of a deletion it is the data."""
    return {"before": json_object(before)} if before is not None and after is not None else {}


def _table(source: Mapping[str, str]) -> str:
    names = [fields.text({"it": _bare(source.get(it, "null"))}, "it") for it in ("db", "schema")]
    table = fields.text({"table": _bare(source.get("table", "null"))}, "table")
    return ".".join(it for it in (*names, table) if it) or "rows"


def _key(row: Mapping[str, str]) -> str:
    text = row.get("id")
    return json_object(row) if text is None else text.strip('"')


def _place(source: Mapping[str, str]) -> str:
    """Where the change stands in the log of its database."""
    for name in ("lsn", "gtid", "scn", "pos", "sequence"):
        if (text := _bare(source.get(name, "null"))) != "null":
            return f"{name} {text.strip(chr(34))}"
    return ""


def _metadata(envelope: Mapping[str, str], source: Mapping[str, str]) -> dict[str, str]:
    transaction = _bare(envelope.get("transaction", "null"))
    if transaction.startswith("{"):
        id_ = dict(members(transaction)).get("id", "null")
    else:
        id_ = _bare(source.get("txId", "null"))
    return {} if id_ == "null" else {"correlation_id": quoted(id_.strip('"'))}


def _time(record: Mapping[str, str]) -> str | None:
    ts_ms = fields.number({"ts_ms": _bare(record.get("ts_ms", "null"))}, "ts_ms")
    return None if ts_ms is None else of_milliseconds(ts_ms, "ts_ms")


FORMAT: Final = Format(
    name=NAME,
    title=said("Debezium changes of rows"),
    suffixes=(".jsonl",),
    signs=(
        UsualKeys(names=("op", "source", "before"), confidence=0.95),
        UsualKeys(names=("op", "source", "after"), confidence=0.95),
        UsualKeys(names=("schema", "payload"), confidence=0.89),
    ),
    read=read,
    grows_by_lines=True,
)
