"""Rows of Message DB's table `messages` as JSON, one an event.

Positions count from 0 in their stream, `global_position` from 1 with gaps. `time` is when the
transaction began, in UTC without saying so. A row names what caused it by stream and position: its
id is given where that row stands before it in the file. Layout read from rows that version 1.3.0
wrote; the metadata is Eventide's convention.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, Final, Protocol, TypeVar

from msgspec import Struct

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

KNOWN: Final = (
    *("global_position", "position", "time", "stream_name", "type", "data", "metadata", "id"),
)
KEPT: Final = 4_096  # rows at hand
_CORRELATION: Final = "correlationStreamName"
_CAUSE: Final = ("causationMessageStreamName", "causationMessagePosition")
_RENAMED: Final = {_CORRELATION: "correlation_id", _CAUSE[0]: "causation_id"}


def read(source: Source) -> Iterator[Record]:
    """Every row, in the file's order."""
    seen = SeenRows(source.scratch())

    def states(_: RawRecord, row: dict[str, str]) -> StatedEvent:
        return stated(row, seen)

    return read_stated(source, states)


class Seen(Protocol):
    """The ids of the rows before, by stream and position."""

    def add(self, stream: str, position: int, id_: str) -> None:
        """Remember a row, unless one of that place was seen before."""

    def id(self, stream: str, position: int) -> str | None:
        """Of the row at that place; None when it was not seen."""


class SeenRows:
    """The ids of the rows before, by stream and position; the last ones are kept at hand."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._last: dict[tuple[str, int], str] = {}
        db.execute(
            "CREATE TABLE seen (stream, position, id, PRIMARY KEY (stream, position)) WITHOUT ROWID"
        )

    def add(self, stream: str, position: int, id_: str) -> None:
        """Remember a row, unless one of that place was seen before."""
        self._last.setdefault((stream, position), id_)
        if len(self._last) >= KEPT:
            self._put_by()

    def id(self, stream: str, position: int) -> str | None:
        """Of the row at that place; None when it was not seen."""
        asked = "SELECT id FROM seen WHERE stream = ? AND position = ?"
        found = self._db.execute(asked, (stream, position)).fetchone()
        return self._last.get((stream, position)) if found is None else str(found[0])

    def _put_by(self) -> None:
        rows = sorted((*place, id_) for place, id_ in self._last.items())
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")
        self._last.clear()


class Message(Struct, frozen=True, kw_only=True):
    """What one row says. `data`, the values of `metadata` and of `beyond` are JSON texts; None is
    NULL."""

    stream: str
    type: str
    id: str
    position: int | None  # in its stream, from 0
    cursor: int | None  # over all
    time: str | None
    data: str | None
    metadata: Mapping[str, str] | None
    beyond: Mapping[str, str]


def stated(row: Mapping[str, str], seen: Seen) -> StatedEvent:
    """What a row says, of names and JSON texts; its id is remembered for those behind it."""
    metadata = fields.object_text(row, "metadata")
    data = row.get("data", "null")
    return event_of(
        Message(
            stream=fields.required_text(row, "stream_name"),
            type=fields.required_text(row, "type"),
            id=fields.required_text(row, "id"),
            position=fields.number(row, "position"),
            cursor=fields.number(row, "global_position"),
            time=utc(fields.text(row, "time")),
            data=None if data == "null" else data,
            metadata=None if metadata is None else dict(members(metadata)),
            beyond=rest(row, *KNOWN),
        ),
        seen,
    )


def event_of(message: Message, seen: Seen) -> StatedEvent:
    """The event of a row; its id is remembered for those behind it."""
    stated = message.metadata or {}
    stated, carried = without_ours(stated) or (stated, {})
    ours = {} if keeps_names(carried) else _ours(stated, seen)
    if message.position is not None:
        seen.add(message.stream, message.position, message.id)
    facts = {"data": message.data, "metadata": message.metadata}
    absent = [quoted(name) for name, it in facts.items() if it is None]
    return StatedEvent(
        stream=message.stream,
        type=message.type,
        id=message.id,
        data=message.data or "null",
        metadata={**stated, **{name: it for name, it in ours.items() if name not in stated}},
        occurred=fields.text(carried, "occurred_at"),
        recorded=fields.text(carried, "recorded_at") or message.time,
        version=None if message.position is None else message.position + 1,
        cursor=message.cursor,
        beyond={**({"absent": f"[{','.join(absent)}]"} if absent else {}), **message.beyond},
    )


def _ours(stated: Mapping[str, str], seen: Seen) -> dict[str, str]:
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
