"""Text of two or four bytes a character without a byte order mark: known by its zeros.

It is named to a person, and never read so by itself: other bytes can look like it.
"""

from typing import Final

LOOKED_AT: Final = 1_024  # bytes
FEWEST: Final = 8  # bytes from which on it can be told
MOSTLY: Final = 0.7  # of the characters are ASCII: names, digits and signs
WIDE: Final = (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2))


def unmarked_encoding(head: bytes) -> str:
    """The encoding that the beginning of a text seems to have, as Python names it; empty where it
    is of bytes as usual."""
    if b"\0" not in head[:FEWEST]:
        return ""
    return next((name for name, size in WIDE if _is_mostly_ascii(head, name, size)), "")


def _is_mostly_ascii(head: bytes, encoding: str, size: int) -> bool:
    content = head[: min(len(head), LOOKED_AT) // size * size]
    if len(content) < FEWEST:
        return False
    text = content.decode(encoding, "replace")
    usual = sum(it.isascii() and (it.isprintable() or it in "\t\r\n") for it in text)
    return usual >= MOSTLY * len(text)
