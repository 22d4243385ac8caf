"""Wikimedia EventStreams as they come over HTTP: server-sent events, saved to a file.

The `id` of one is the place in all its topics from which a client goes on; it is kept as the
event's place in its source. Comments and `retry` say nothing of events.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import structs

from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.json_records import RawRecord, members_of, rejected
from store.reading.server_sent import ServerSent, server_sent
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.stated_event import incoming
from store.reading.wikimedia_event import wikimedia_event
from store.words import said


def read(source: Source) -> Iterator[Record]:
    """Every change in the file's order."""
    for it in server_sent(source):
        yield _record(it)


def _record(sent: ServerSent) -> Record:
    record = RawRecord(sent.number, sent.offset, sent.data)
    try:
        stated = wikimedia_event(record, members_of(record))
        return incoming(record, structs.replace(stated, cursor=sent.id or stated.cursor))
    except Unusable as reason:
        return rejected(record, reason)


FORMAT: Final = Format(
    name="wikimedia-sse",
    title=said("Wikimedia EventStreams, server-sent events"),
    suffixes=(".sse",),
    signs=(
        Text(
            starts=(b"event:", b"id:", b"data:", b":", b"retry:"),
            holds=(b"data:", b'"$schema"', b'"meta"'),
            confidence=0.96,
        ),
    ),
    read=read,
)
