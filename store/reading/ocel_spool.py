"""Events on their way into an object-centric log, put by until types and objects are known.

An event relates to its home stream and to the streams that it is linked into: each is an object,
of the type that an import said, or else of its category. Types of events have an attribute for each
member of their data, typed by all values that it has.
"""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from store import json_text
from store.events import RecordedEvent
from store.reading.carried import CARRIED, METADATA, VERSION, carried_text, metadata_beside
from store.reading.format import Outgoing
from store.reading.plain_attributes import (
    LONGEST_NAME,
    Plain,
    in_xml,
    is_in_xml,
    plain_attributes,
)
from store.reading.sqlite_source import scratch_database
from store.times import format_moment

MOST_ATTRIBUTES: Final = 200  # of a type of events; what more there are is carried alone
HOME, LINK = "stream", "link"  # qualifiers, where an import said no other
_TABLE: Final = "CREATE TABLE objects (id TEXT PRIMARY KEY, type TEXT NOT NULL)"
_ADD: Final = "INSERT OR IGNORE INTO objects VALUES (?, ?)"
_LENGTH: Final = 8  # bytes in front of an event that is put by
_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Outgoing)


class Tie(NamedTuple):
    """An event's relation to an object."""

    object_id: str
    qualifier: str


class OcelOut(Struct, frozen=True, kw_only=True):
    """One event as an object-centric log has it."""

    outgoing: Outgoing
    id: str
    type: str
    time: str  # in UTC
    data: dict[str, Plain]  # attributes that are members of its data
    beside: dict[str, str]  # further attributes, all texts
    ties: list[Tie]

    def carried(self, *, has_data: bool) -> str:
        """The value of the attribute that carries what the others do not give back."""
        event = self.outgoing.event
        is_named = (self.id, self.type) == (event.id, event.type)
        return carried_text(self.outgoing, has_data=has_data, is_named=is_named)


@contextmanager
def ocel_spool() -> Iterator["OcelSpool"]:
    """A new one, with a file and a database of its own, which are gone afterwards."""
    with tempfile.TemporaryFile() as file, scratch_database() as db:
        db.execute(_TABLE)
        db.execute("BEGIN")
        yield OcelSpool(file, db)


class OcelSpool:
    """`take` all events first, then ask."""

    def __init__(self, file: IO[bytes], db: sqlite3.Connection) -> None:
        self._file = file
        self._db = db
        self.event_types: dict[str, dict[str, str]] = {}  # → attribute → its type
        self.count = 0

    def take(self, events: Iterable[Outgoing]) -> None:
        """Put all of them by."""
        for outgoing in events:
            encoded = _encoder.encode(outgoing)
            self._file.write(len(encoded).to_bytes(_LENGTH, "little"))
            self._file.write(encoded)
            self._declare(outgoing.event)
            self._db.executemany(_ADD, _objects(outgoing))
            self.count += 1

    def object_types(self) -> list[str]:
        """Each once."""
        return [
            name for (name,) in self._db.execute("SELECT DISTINCT type FROM objects ORDER BY 1")
        ]

    def objects(self) -> Iterator[tuple[str, str]]:
        """Ids and types."""
        # Not the cursor itself: a generator that is let go would close it.
        yield from map(tuple, self._db.execute("SELECT id, type FROM objects ORDER BY rowid"))

    def type_of(self, object_id: str) -> str:
        """Of an object that is there."""
        asked = "SELECT type FROM objects WHERE id = ?"
        found: str = self._db.execute(asked, [object_id]).fetchone()[0]
        return found

    def events(self) -> Iterator[OcelOut]:
        """All of them, in their order, with the attributes that are declared of their types."""
        self._file.seek(0)
        while size := self._file.read(_LENGTH):
            yield self._out(_decoder.decode(self._file.read(int.from_bytes(size, "little"))))

    def _declare(self, event: RecordedEvent) -> None:
        """Note the attributes of an event, each with a type that holds all of its values."""
        declared = self.event_types.setdefault(in_xml(event.type), {CARRIED: "string"})
        declared.setdefault(VERSION, "integer")
        data = plain_attributes(event.data_json)
        found = {name: it.kind for name, it in data.items() if _is_name(name)}
        found |= dict.fromkeys(_beside(event), "string")
        for name, kind in found.items():
            known = declared.get(name)
            if known is None and len(declared) < MOST_ATTRIBUTES:
                if all(it.casefold() != name.casefold() for it in declared):
                    declared[name] = kind
            elif known is not None and known != kind:
                declared[name] = "float" if {known, kind} == {"integer", "float"} else "string"

    def _out(self, outgoing: Outgoing) -> OcelOut:
        event = outgoing.event
        type_ = in_xml(event.type)
        declared = self.event_types[type_]
        data = plain_attributes(event.data_json)
        return OcelOut(
            outgoing=outgoing,
            id=in_xml(event.id),
            type=type_,
            time=format_moment(event.occurred_at_us, 0),
            data={name: it for name, it in data.items() if name in declared and _is_name(name)},
            beside={
                VERSION: str(event.version),
                **{name: it for name, it in _beside(event).items() if name in declared},
            },
            ties=_ties(outgoing),
        )


def _is_name(name: str) -> bool:
    """Whether a member can be an attribute, in all encodings and with ours beside it."""
    plain = name.casefold()
    return bool(
        name.strip()
        and len(name) <= LONGEST_NAME
        and is_in_xml(name)
        and not plain.startswith(("ocel_", "ocel:", METADATA))
        and plain not in (CARRIED, VERSION)
    )


def _beside(event: RecordedEvent) -> dict[str, str]:
    return {
        name: it
        for name, it in metadata_beside(event).items()
        if is_in_xml(name) and is_in_xml(it) and len(name) <= LONGEST_NAME
    }


def _said_of_objects(event: RecordedEvent) -> dict[str, tuple[str | None, str | None]]:
    """Object → its type and qualifier, as an import of such a log said them."""
    said: list[Any] = []
    if '"objects"' in event.metadata_json:
        said += _list(json_text.decode(event.metadata_json).get("objects"))
    if event.source_json is not None and '"home"' in event.source_json:
        extras = json_text.decode(event.source_json).get("extras")
        said += [extras.get("home")] if isinstance(extras, dict) else []
    found = (it for it in said if isinstance(it, dict) and isinstance(it.get("id"), str))
    return {it["id"]: (_text(it.get("type")), _text(it.get("qualifier"))) for it in found}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and is_in_xml(value) else None


def _objects(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    said = _said_of_objects(outgoing.event)
    for stream in (outgoing.event.stream, *outgoing.links):
        type_ = said.get(stream, (None, None))[0]
        yield in_xml(stream), type_ or in_xml(stream.partition("-")[0] or stream)


def _ties(outgoing: Outgoing) -> list[Tie]:
    said, home = _said_of_objects(outgoing.event), outgoing.event.stream
    found: dict[str, Tie] = {}
    for stream in (home, *outgoing.links):
        qualifier = said.get(stream, (None, None))[1]
        usual = HOME if stream == home else LINK
        found.setdefault(in_xml(stream), Tie(in_xml(stream), qualifier or usual))
    return list(found.values())
