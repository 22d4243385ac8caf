"""A page of KurrentDB's Atom feed, read with `embed=body`; several pages are one a line.

A page holds its newest event first, and pages go back in time, so entries are read from the last
one of the file to the first. `data` is JSON as a text. Layout read from the server's source.
"""

from collections.abc import Iterator
from typing import Final

from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.json_members import elements
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.json_stream import JsonStream
from store.reading.kurrentdb_event import (
    SYSTEM,
    metadata_of,
    payload,
    revision,
    system_event,
    told,
    version_of,
)
from store.reading.remarks import Skipped
from store.reading.signs import OnlyRecord, UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming, rest
from store.words import said

_PUT: Final = "INSERT INTO entries VALUES (NULL, ?, ?)"
_KNOWN: Final = (
    *("eventId", "eventType", "eventNumber", "data", "metaData", "streamId", "isJson", "updated"),
    *("isMetaData", "isLinkMetaData", "isRedacted", "positionEventNumber", "positionStreamId"),
    *("title", "id", "author", "summary", "links"),
)


def read(source: Source) -> Iterator[Record]:
    """Every entry, oldest first; events of the system itself are told."""
    db = source.scratch()
    db.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, offset, text)")
    if source.sample.shape == "object":
        db.executemany(_PUT, _entries_of_one(source))
    else:
        for page in records(source):
            try:
                db.executemany(_PUT, _entries(page))
            except Unusable as reason:
                yield rejected(page, reason)
    for number, offset, text in db.execute("SELECT * FROM entries ORDER BY number DESC"):
        entry = RawRecord(number, offset, text)
        try:
            stated = _stated(entry)
            yield incoming(entry, stated) if isinstance(stated, StatedEvent) else stated
        except Unusable as reason:
            yield rejected(entry, reason)


def _entries_of_one(source: Source) -> Iterator[tuple[int, bytes]]:
    """Of the one page that the file is, which may be long: an entry at a time."""
    document, has_entries = JsonStream(source.pieces(), source.path), False
    for name in document.members():
        if name == "entries" and document.sign() == "[":
            has_entries = True
            yield from document.elements()
        else:
            document.skip()
    document.end()
    if not has_entries:
        raise UnreadableSource(said("the page has no entries"), source.path)


def _entries(page: RawRecord) -> list[tuple[int, bytes]]:
    members = members_of(page)
    try:
        return [(page.offset + it.offset, it.text.encode()) for it in elements(members["entries"])]
    except KeyError:
        raise Unusable(said("the page has no entries")) from None
    except ValueError as error:
        raise Unusable(said("the entries are not a list ({error})", error=error)) from None


def _stated(record: RawRecord) -> StatedEvent | Skipped:
    entry = members_of(record)
    if "data" not in entry and "eventType" not in entry:
        raise Unusable(said("the entry has no data: read the feed with ?embed=body"))
    type_ = fields.required_text(entry, "eventType")
    if type_.startswith(SYSTEM):
        return system_event(record, type_)
    is_redacted = entry.get("isRedacted") == "true"
    is_json = entry.get("isJson") != "false"
    data, is_opaque = payload(entry.get("data", "null"), is_json=is_json, is_folded=True)
    stream = fields.required_text(entry, "streamId")
    read_from = fields.text(entry, "positionStreamId")
    return StatedEvent(
        stream=stream,
        type=type_,
        id=fields.required_text(entry, "eventId"),
        data=data,
        metadata=metadata_of(entry.get("metaData", "null")),
        recorded=fields.text(entry, "updated"),
        version=version_of(revision(entry, "eventNumber")),
        cursor=fields.number(entry, "positionEventNumber"),
        beyond={
            **told("position_stream", read_from if read_from != stream else None),
            **({"is_redacted": "true"} if is_redacted else {}),
            **rest(entry, *_KNOWN),
        },
        is_opaque=is_opaque,
    )


FORMAT: Final = Format(
    name="kurrentdb-atom",
    title=said("KurrentDB, pages of its Atom feed"),
    suffixes=(".json",),
    signs=(
        UsualKeys(names=("streamId", "headOfStream"), confidence=0.97),
        OnlyRecord(names=("entries", "links", "selfUrl"), at_least=2, confidence=0.93),
        UsualKeys(names=("entries",), confidence=0.88),
    ),
    read=read,
)
