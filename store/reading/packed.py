"""Files that are packed: gzip, Zstandard, and the members of a zip archive.

All are told by their first bytes. Nothing is ever written by a name that stands in an archive: a
member is read as a stream. How much may come out of a file is limited, unless a person says that
there is no limit, so a file that was made to fill memory or disk is refused in time.
"""

import gzip
import io
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple, cast
from zipfile import BadZipFile

from store.errors import UnreadableSource
from store.reading.raw_file import CHUNK_BYTES
from store.reading.zip_members import opened_member
from store.words import said

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdError, ZstdFile
else:
    from backports.zstd import ZstdError, ZstdFile

LAYERS: Final = 2  # a packed file within a packed file is read, and none within that
TIMES: Final = 200  # as long as the packed file may come out of it,
FLOOR_BYTES: Final = 64 * 1024 * 1024  # or this many bytes, whatever is more
ZIP_MAGIC: Final = b"PK\x03\x04"
MAGIC_BYTES: Final = 4

# The choices that a packed file leaves to a person: its limit, and the files of an archive.
MEMBER: Final = "member"
ALL: Final = "all"
UNPACK: Final = "unpack"
UNPACK_TITLE: Final = said("Unpacked size ({times} times the file's)", times=TIMES)
LIMITED: Final = "limited"
UNLIMITED: Final = "unlimited"


class Packing(NamedTuple):
    """One way to pack."""

    title: str
    magic: bytes
    opened: Callable[[BinaryIO], Any]


PACKINGS: Final = (
    Packing(
        said("gzip file"), b"\x1f\x8b", lambda packed: gzip.GzipFile(fileobj=packed, mode="rb")
    ),
    Packing(said("Zstandard file"), b"\x28\xb5\x2f\xfd", lambda packed: ZstdFile(packed, "r")),
)
_DAMAGED: Final = (zlib.error, gzip.BadGzipFile, ZstdError, BadZipFile, NotImplementedError)


def packing_of(head: bytes) -> str:
    """What the beginning of a file says of how it is packed, for people; empty when it is not."""
    if head.startswith(ZIP_MAGIC):
        return said("zip archive")
    return next((it.title for it in PACKINGS if head.startswith(it.magic)), "")


def unpacked(
    packed: io.BufferedReader, path: Path, *, size: int, member: str | None, is_limited: bool
) -> io.BufferedReader:
    """What comes out of a file, or the file itself where it is not packed. `member` is that of a
    zip archive; None: its only one, or the first.

    Reading it raises UnreadableSource when the file is cut short or damaged, and when more comes
    out of it than TIMES times its `size`.
    """
    most = max(size * TIMES, FLOOR_BYTES) if is_limited else None
    found = packed
    for _ in range(LAYERS):
        found, is_packed = _layer(found, path, member=member, most=most)
        if not is_packed:
            return found
        member = None
    if title := packing_of(found.peek(MAGIC_BYTES)[:MAGIC_BYTES]):
        raise UnreadableSource(
            said("a {title} inside {layers} others is not supported", title=title, layers=LAYERS),
            path,
        )
    return found


def _layer(
    packed: io.BufferedReader, path: Path, *, member: str | None, most: int | None
) -> tuple[io.BufferedReader, bool]:
    """What comes out of one layer, and whether there was one."""
    head = packed.peek(MAGIC_BYTES)[:MAGIC_BYTES]
    if head.startswith(ZIP_MAGIC):
        if not packed.seekable() or isinstance(packed.raw, _Unpacking):
            raise UnreadableSource(
                said("a zip archive inside a packed file is not supported"), path
            )
        inner, title = opened_member(packed, path, member), said("zip archive")
    else:
        packing = next((it for it in PACKINGS if head.startswith(it.magic)), None)
        if packing is None:
            return packed, False
        inner, title = packing.opened(packed), packing.title
    raw = _Unpacking(inner, path, title=title, most=most)
    return io.BufferedReader(raw, CHUNK_BYTES), True


class _Unpacking(io.RawIOBase):
    """Counts what comes out, and tells what goes wrong in a sentence."""

    def __init__(self, inner: IO[bytes], path: Path, *, title: str, most: int | None) -> None:
        super().__init__()
        self._inner, self._path, self._title, self._most = inner, path, title, most
        self._came = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._inner.read(len(buffer))
        except EOFError as error:
            raise UnreadableSource(
                said("the {title} is truncated", title=self._title), self._path
            ) from error
        except _DAMAGED as error:
            what = said("the {title} is damaged ({error})", title=self._title, error=error)
            raise UnreadableSource(what, self._path) from error
        self._came += len(piece)
        if self._most is not None and self._came > self._most:
            raise too_much(self._title, self._most, self._path)
        cast(memoryview, buffer)[: len(piece)] = piece
        return len(piece)


def too_much(title: str, most: int, path: Path) -> UnreadableSource:
    """The error to raise where more comes out of a file than it may."""
    error = UnreadableSource(
        said("the {title} unpacks to more than {most:,} bytes", most=most, title=title), path
    )
    error.hint = said(
        "That is more than {times} times its size, which is typical of a "
        "malicious file. If you trust it: --choice {unpack}={unlimited}",
        times=TIMES,
        unpack=UNPACK,
        unlimited=UNLIMITED,
    )
    return error
