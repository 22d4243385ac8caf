"""Rows of Message DB's table `messages` as JSON, one an event.

Positions count from 0 in their stream, `global_position` from 1 with gaps. `time` is when the
transaction began, in UTC without saying so. A row names what caused it by stream and position: its
id is given where that row stands before it in the file. Layout read from rows that version 1.3.0
wrote; the metadata is Eventide's convention.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, Final, TypeVar

from store.events import RecordedEvent
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Outgoing, Record
from store.reading.identity import uuid_of
from store.reading.json_members import json_object, members, one_line
from store.reading.json_records import RawRecord
from store.reading.losses import LINKS, NO_UUID, SOURCE
from store.reading.own_member import (
    REPEATED,
    keeps_names,
    occurred_text,
    recorded_text,
    with_ours,
    without_ours,
)
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, rest, utc
from store.times import format_moment
from store.words import said

T = TypeVar("T")

_KNOWN: Final = (
    *("global_position", "position", "time", "stream_name", "type", "data", "metadata", "id"),
)
_CORRELATION: Final = "correlationStreamName"
_CAUSE: Final = ("causationMessageStreamName", "causationMessagePosition")
_RENAMED: Final = {_CORRELATION: "correlation_id", _CAUSE[0]: "causation_id"}


def read(source: Source) -> Iterator[Record]:
    """Every row, in the file's order."""
    seen = SeenRows(source.scratch())

    def states(_: RawRecord, row: dict[str, str]) -> StatedEvent:
        return stated(row, seen)

    return read_stated(source, states)


class SeenRows:
    """The ids of the rows before, by stream and position."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE TABLE seen (stream, position, id, PRIMARY KEY (stream, position))")

    def add(self, stream: str, position: int, id_: str) -> None:
        """Remember a row."""
        self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (stream, position, id_))

    def id(self, stream: str, position: int) -> str | None:
        """Of the row at that place; None when it was not seen."""
        asked = "SELECT id FROM seen WHERE stream = ? AND position = ?"
        found = self._db.execute(asked, (stream, position)).fetchone()
        return None if found is None else str(found[0])


def stated(row: Mapping[str, str], seen: SeenRows) -> StatedEvent:
    """What a row says, of names and JSON texts; its id is remembered for those behind it."""
    stream = fields.required_text(row, "stream_name")
    position, id_ = fields.number(row, "position"), fields.required_text(row, "id")
    stated = dict(members(fields.object_text(row, "metadata") or "{}"))
    stated, carried = without_ours(stated) or (stated, {})
    ours = {} if keeps_names(carried) else _ours(stated, seen)
    if position is not None:
        seen.add(stream, position, id_)
    absent = [quoted(it) for it in ("data", "metadata") if row.get(it, "null") == "null"]
    return StatedEvent(
        stream=stream,
        type=fields.required_text(row, "type"),
        id=id_,
        data=row.get("data", "null"),
        metadata={**stated, **{name: it for name, it in ours.items() if name not in stated}},
        occurred=fields.text(carried, "occurred_at"),
        recorded=fields.text(carried, "recorded_at") or utc(fields.text(row, "time")),
        version=None if position is None else position + 1,
        cursor=fields.number(row, "global_position"),
        beyond={**({"absent": f"[{','.join(absent)}]"} if absent else {}), **rest(row, *_KNOWN)},
    )


def _ours(stated: Mapping[str, str], seen: SeenRows) -> dict[str, str]:
    """Correlation and cause under our names; a convention, so what does not meet it is left as it
    is."""
    ours = {}
    if (correlation := _meant(fields.text, stated, _CORRELATION)) is not None:
        ours["correlation_id"] = quoted(correlation)
    stream = _meant(fields.text, stated, _CAUSE[0])
    position = _meant(fields.number, stated, _CAUSE[1])
    if stream is not None and position is not None:
        ours["causation_id"] = quoted(seen.id(stream, position) or f"{stream}/{position}")
    return ours


def _meant(
    taken: Callable[[Mapping[str, str], str], T | None], stated: Mapping[str, str], name: str
) -> T | None:
    try:
        return taken(stated, name)
    except Unusable:
        return None


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One row a line, as a query of the table gives them. Message DB wants UUIDs as ids and keeps
    one time, in UTC; what it does not say of both of ours is carried in the metadata."""
    written = 0
    for outgoing in events:
        event = outgoing.event
        row = {
            "global_position": str(event.position),
            "position": str(event.version - 1),
            "time": quoted(format_moment(event.recorded_at_us, None)),
            "stream_name": quoted(event.stream),
            "type": quoted(event.type),
            "data": one_line(event.data_json),
            "metadata": _metadata(event),
            "id": quoted(uuid_of(event.id)),
        }
        file.write(f"{json_object(row)}\n".encode())
        written += 1
    return written


def _metadata(event: RecordedEvent) -> str:
    """Under our own names: a correlation of ours is the name of no stream there."""
    times = _times(event)
    return with_ours(event.metadata_json, times, renamed=_RENAMED, adds_theirs=False)


def _times(event: RecordedEvent) -> dict[str, str]:
    """The times that `time` does not say."""
    recorded = (event.recorded_at_us, event.recorded_offset_min)
    found = {} if event.recorded_offset_min == 0 else {"recorded_at": recorded_text(event)}
    if (event.occurred_at_us, event.occurred_offset_min) != recorded:
        found["occurred_at"] = occurred_text(event)
    return found


FORMAT: Final = Format(
    name="message-db-rows",
    title=said("Message DB rows, JSON Lines"),
    suffixes=(".jsonl",),
    signs=(UsualKeys(names=("global_position", "position", "stream_name"), confidence=0.95),),
    read=read,
    grows_by_lines=True,
    write=write,
    losses=(NO_UUID, LINKS, SOURCE, REPEATED),
)
