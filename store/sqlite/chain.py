"""The hash chain over events: what of an event is hashed, in which bytes, and onto what.

The bytes of an event are the MessagePack array of its position, stream, version, type, id,
recorded-at, its offset, the running maximum, occurred-at, its offset, data, metadata, source and
the streams that it is linked into, sorted by their UTF-8 bytes. Each value is in its shortest form,
so different events never have the same bytes. An event's chain is the SHA-256 of the previous
event's chain and these bytes: whoever knows the last one can tell whether any event before it was
changed, taken out, put in or moved. docs/file-format.md states it for other programs.

The checksum is the CRC-32 of the same bytes. It needs no previous event, so it tells which row is
damaged beside a gap, but not a forger, who could write a fitting one.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from zlib import crc32

import msgspec

BEGINNING: Final = bytes(32)  # what the first event that is chained follows

pack: Final = msgspec.msgpack.Encoder().encode


def event_bytes(*facts: str | int | None, links: Iterable[str] = ()) -> bytes:
    """What is hashed of one event; `facts` are the thirteen from position to source, in order."""
    return pack((*facts, sorted_links(links)))


def sorted_links(links: Iterable[str]) -> tuple[str, ...]:
    """Streams that an event is linked into, each once, in the order in which they are hashed.

    Code points sort as UTF-8 bytes do.
    """
    return tuple(sorted(set(links))) if links else ()


def chained(previous: bytes, content: bytes) -> bytes:
    """The chain of what follows `previous`."""
    return sha256(previous + content).digest()


def checksum(content: bytes) -> int:
    """Of the bytes of one event, without what is before it."""
    return crc32(content)


def unchained_checksum(*facts: str | int | None) -> int:
    """The checksum of an event that was recorded before the chain began; same thirteen facts."""
    return crc32("\x1f".join(map(str, facts)).encode("utf-8", "surrogatepass"))
