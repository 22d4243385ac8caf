"""The members of a zip archive that may hold events. Their names are labels and nothing more.

Folders, links, and what systems put beside files (`.DS_Store`, `__MACOSX/`) are no members here.
"""

import io
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from store.errors import UnreadableSource
from store.failure import FULL
from store.words import said

MOST_MEMBERS: Final = 10_000
_ENCRYPTED: Final = 0x1
_READ: Final = (ZIP_STORED, ZIP_DEFLATED)


def members_of(packed: io.BufferedReader, path: Path) -> tuple[str, ...]:
    """Their names in the archive's order, each once. Raises UnreadableSource when it is damaged,
    has none, or more than MOST_MEMBERS."""
    with _opened(packed, path) as archive:
        found = tuple(dict.fromkeys(it.filename for it in _files(archive)))
    if not found:
        raise UnreadableSource(said("the zip archive contains no file"), path)
    if len(found) > MOST_MEMBERS:
        what = said(
            "the zip archive contains {count:,} files, more than {most_members:,}",
            count=len(found),
            most_members=MOST_MEMBERS,
        )
        raise UnreadableSource(what, path)
    return found


def opened_member(packed: io.BufferedReader, path: Path, member: str | None) -> IO[bytes]:
    """The member with this name, or the first one. Raises UnreadableSource."""
    archive = _opened(packed, path)
    found = next((it for it in _files(archive) if member in (None, it.filename)), None)
    if found is None:
        what = (
            said("contains no file")
            if member is None
            else said("contains no file {member!r}", member=member)
        )
        raise UnreadableSource(said("the zip archive {what}", what=what), path)
    name = found.filename
    if found.flag_bits & _ENCRYPTED:
        error = UnreadableSource(
            said("the file {name!r} of the zip archive is encrypted", name=name), path
        )
        error.hint = said("Unpack it with its password first, then import its content.")
        raise error
    if found.compress_type not in _READ:
        error = UnreadableSource(
            said("the file {name!r} uses an unsupported compression method", name=name), path
        )
        error.hint = said("Unpack it first, then import its content.")
        raise error
    try:
        return archive.open(found)
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableSource(
            said("the zip archive is damaged ({error})", error=error), path
        ) from error


def _files(archive: ZipFile) -> Iterator[ZipInfo]:
    for it in archive.infolist():
        parts = it.filename.split("/")
        is_link = stat.S_ISLNK(it.external_attr >> 16)
        is_beside = parts[0] == "__MACOSX" or parts[-1].startswith(".")
        if not (it.is_dir() or is_link or is_beside):
            yield it


def _opened(packed: io.BufferedReader, path: Path) -> ZipFile:
    try:
        return ZipFile(packed)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise UnreadableSource(
            said("the zip archive is damaged ({error})", error=error), path
        ) from error
    except (BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise UnreadableSource(
            said("the zip archive is damaged ({error})", error=error), path
        ) from error
