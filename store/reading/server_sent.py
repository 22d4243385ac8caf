"""Server-sent events in a file: the messages of a stream of text/event-stream.

Source: the HTML standard, "Server-sent events": a message ends with an empty line, its `data`
lines are joined by line feeds, one blank behind a colon is no part of a value, a line that begins
with a colon is a comment, and an `id` holds until another one comes.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from store.reading.fields import storable
from store.reading.json_stream import LONGEST_LINE
from store.reading.source import Source

_CR: Final = b"\r"


class ServerSent(NamedTuple):
    """One message."""

    number: int  # of its first line, from 1
    offset: int  # of its first byte
    id: str  # the last one that was stated; empty: none was
    data: bytes


def server_sent(source: Source) -> Iterator[ServerSent]:
    """Every message that has data. One that the file ends in is given as far as it goes; of one
    that is longer than LONGEST_LINE the beginning is."""
    number, offset, last_id = 0, -1, ""
    data: list[bytes] = []
    size = 0
    for line in source.lines():
        text = line.text.rstrip(b"\n").rstrip(_CR)
        if not text:
            if data:
                yield ServerSent(number, offset, last_id, b"\n".join(data))
            data, size, number = [], 0, 0
            continue
        number, offset = (number, offset) if number else (line.number, line.offset)
        name, _, value = text.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"id" and b"\0" not in value:
            last_id = storable(value.decode("utf-8", "replace"), "id")
        elif name == b"data" and size <= LONGEST_LINE:
            data.append(value)
            size += len(value)
    if data:
        yield ServerSent(number, offset, last_id, b"\n".join(data))
