"""New inputs from old ones: bytes, lines, JSON values, and rows and pages of SQLite files."""

import codecs
import gzip
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

from tests.fuzz.json_mutations import changed_json
from tests.fuzz.sqlite_mutations import MAGIC, changed_database

Mutation: TypeAlias = Callable[[bytes, Sequence[bytes], Random], bytes]
LARGEST: Final = 128 * 1024  # bytes of an input
TOKENS: Final = (
    *(b"\x00", b"\x1b", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"\r\n", b"\r", b"\n\n"),
    *("\u2028".encode(), "\u202e".encode(), "\ud800".encode("utf-8", "surrogatepass"), b"\xc3"),
    *(b"{", b"}", b"[", b"]", b'"', b":", b",", b"{}", b"[]", b"null", b"true", b"NaN", b"-"),
    *(b"1e400", b"-0", b"0.10", b"1E-999999999", b"9" * 30, b"9" * 5000, b"[" * 3000),
    *(b"9223372036854775807", b"9223372036854775808", b"-1", b"\\ud800", b"\\u0000", b"\\"),
    *(b"2026-02-30T00:00:00Z", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:60-14:00"),
    *(b"2026-03-14T09:41:09.9219999999z", b"-00:00", b" UTC", b" and ", b" not ", b" in (", b")"),
    *(
        b" between ",
        b"~",
        b"*",
        b"?",
        b"(" * 120,
        b"data.",
        b"metadata.",
        b'"a"',
        b"'",
        b"recorded",
    ),
)


def mutated(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    """Some changes behind one another."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 4, 8))):
        choice = random.choice(_fitting(data))
        data = choice(data, corpus, random)[:LARGEST]
    return data


def _fitting(data: bytes) -> tuple[Mutation, ...]:
    if data.startswith(MAGIC):
        return _ROWS
    return _TEXTS if data.lstrip()[:1] in (b"{", b"[") else _BYTES


def _flipped(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    changed = bytearray(data or b"\0")
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _overwritten(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    at, _ = _span(data, random)
    new = random.choice((b"\0", b"\xff", b"\x7f", b"\x80", random.randbytes(4)))
    return data[:at] + new + data[at + len(new) :]


def _inserted(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    at, _ = _span(data, random)
    return data[:at] + random.choice(TOKENS) + data[at:]


def _replaced(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    at, end = _span(data, random)
    return data[:at] + random.choice(TOKENS) + data[end:]


def _cut_out(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    at, end = _span(data, random)
    return data[:at] + data[end:]


def _repeated(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    at, end = _span(data, random)
    return data[:end] + data[at:end] * random.choice((1, 1, 2, 50)) + data[end:]


def _cut_short(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _spliced(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(corpus)
    at, end = _span(data, random)
    there, until = _span(other, random)
    return data[:at] + other[there:until] + data[random.choice((at, end)) :]


def _joined(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    parts = [data, random.choice(corpus)]
    random.shuffle(parts)
    return random.choice((b"", b"\n", b"\r\n")).join(parts)


def _lines_changed(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    others = random.choice(corpus).splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, random.choice(lines))
        case 2:
            lines.insert(at, random.choice(others))
        case _:
            random.shuffle(lines)
    return b"".join(lines)


def _wrapped(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    """In another encoding, or packed."""
    match random.randrange(5):
        case 0:
            return gzip.compress(data, mtime=0)
        case 1:
            return codecs.BOM_UTF8 + data
        case 2:
            return codecs.BOM_UTF16_LE + data.decode("utf-8", "replace").encode("utf-16-le")
        case 3:
            return codecs.BOM_UTF32_BE + data.decode("utf-8", "replace").encode("utf-32-be")
        case _:
            return data.replace(b"\n", b"\r\n")


def _json_changed(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    return changed_json(data, random.choice(corpus), random)


def _database_changed(data: bytes, _corpus: Sequence[bytes], random: Random) -> bytes:
    return changed_database(data, random)


def _span(data: bytes, random: Random) -> tuple[int, int]:
    """A place, and another one that is seldom far behind it."""
    at = random.randint(0, len(data))
    return at, min(len(data), at + int(random.paretovariate(0.6)))


_BYTES: Final[tuple[Mutation, ...]] = (
    *(_flipped, _overwritten, _inserted, _replaced, _cut_out, _repeated, _cut_short),
    *(_spliced, _joined, _lines_changed, _wrapped),
)
_TEXTS: Final = (*_BYTES, *(_json_changed,) * 12)
_ROWS: Final = (
    *(_flipped, _overwritten, _cut_short, _wrapped, _spliced),
    *(_database_changed,) * 12,
)
