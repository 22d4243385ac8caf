"""The lines of a text, each with its number and the place of its first byte; of wide encodings as
UTF-8. A line that is too long is cut, and its rest is passed over. Lines end with LF or CR LF; in a
text without any LF in its beginning CR alone ends them."""

import codecs
import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

from store.reading.json_stream import LONGEST_LINE
from store.reading.raw_file import CHUNK_BYTES


class Line(NamedTuple):
    """A line of the file, as UTF-8, with its line end."""

    number: int  # from 1
    offset: int  # of its first byte in the decompressed file
    text: bytes


def lines_of(stream: BinaryIO, offset: int) -> Iterator[Line]:
    """Lines of UTF-8, the first of which begins at `offset`."""
    read = partial(stream.readline, LONGEST_LINE + 1)
    for number, text in enumerate(iter(read, b""), 1):
        size = len(text)
        if size > LONGEST_LINE and text[-1:] != b"\n":
            size += _skip_line(stream)
        yield Line(number, offset, text)
        offset += size


def _skip_line(stream: BinaryIO) -> int:
    """Leave the rest of a line out; returns its length."""
    skipped = 0
    while rest := stream.readline(CHUNK_BYTES):
        skipped += len(rest)
        if rest[-1:] == b"\n":
            break
    return skipped


def ends_with_cr(head: bytes) -> bool:
    """Whether the lines of a text end with CR alone, by its beginning."""
    return b"\r" in head and b"\n" not in head


def cr_lines_of(pieces: Iterator[bytes], offset: int) -> Iterator[Line]:
    """Lines of UTF-8 that end with CR alone, given with LF in its place."""
    rest, number, passed = b"", 0, 0
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\r")
        for text in whole:
            number += 1
            yield Line(number, offset, text[: LONGEST_LINE + 1] + b"\n")
            offset += passed + len(text) + 1
            passed = 0
        if len(rest) > 2 * LONGEST_LINE:
            passed += len(rest) - LONGEST_LINE - 1
            rest = rest[: LONGEST_LINE + 1]
    if rest:
        yield Line(number + 1, offset, rest[: LONGEST_LINE + 1])


def wide_lines_of(stream: BinaryIO, encoding: str, offset: int) -> Iterator[Line]:
    """Lines of another encoding. Raises UnicodeDecodeError."""
    text = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
    try:
        read = partial(text.readline, LONGEST_LINE + 1)
        for number, line in enumerate(iter(read, ""), 1):
            yield Line(number, offset, line.encode())
            offset += len(line.encode(encoding))
            if len(line) > LONGEST_LINE and line[-1:] != "\n":
                offset += _skip_wide_line(text, encoding)
    finally:
        text.detach()  # or it would close the file with it


def _skip_wide_line(text: io.TextIOWrapper, encoding: str) -> int:
    """Leave the rest of a line out; returns its length in the file."""
    skipped = 0
    while rest := text.readline(CHUNK_BYTES):
        skipped += len(rest.encode(encoding))
        if rest[-1:] == "\n":
            break
    return skipped


def as_utf_8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text as UTF-8. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in pieces:
        if text := decoder.decode(piece):  # half a character gives none yet
            yield text.encode()
    decoder.decode(b"", final=True)
