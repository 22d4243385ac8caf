"""A checksum of everything an event's row says, so that a flipped byte can be named.

CRC-32 (ISO-HDLC, as zlib has it) finds every change within any 32 consecutive bits. It guards
against damage, not against a forger, who could write a fitting one.
"""

from zlib import crc32


def checksum(*facts: str | int | None) -> int:
    """Over position, stream, version, type, id, recorded-at, its offset, the running maximum,
    occurred-at, its offset, data, metadata and source, in this order.
    """
    return crc32("\x1f".join(map(str, facts)).encode("utf-8", "surrogatepass"))
