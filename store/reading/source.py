"""A file to import: unpacked where it is packed, sampled, read with byte offsets and progress.

The file is only ever read. How it is packed is told by its first bytes, not by its name; UTF-16
and UTF-32 are turned into UTF-8, and a byte order mark is skipped.
"""

import codecs
import io
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from store.errors import Cancelled, UnreadableSource, WrongRules
from store.reading.copied_content import copied_content
from store.reading.document_keys import keys_of_document
from store.reading.git_history import GitHistory, is_git, repository_of
from store.reading.json_stream import goes_on_behind_line
from store.reading.packed import (
    ALL,
    LIMITED,
    MAGIC_BYTES,
    MEMBER,
    UNPACK,
    ZIP_MAGIC,
    packing_of,
    unpacked,
)
from store.reading.parquet_source import PARQUET_MAGIC, parquet_sample
from store.reading.raw_file import CHUNK_BYTES, RawBytes, RawFile
from store.reading.sample import Sample, look_at
from store.reading.sqlite_source import (
    SQLITE_MAGIC,
    copied_database,
    scratch_database,
    tables_of,
)
from store.reading.text_lines import (
    Line,
    as_utf_8,
    cr_lines_of,
    ends_with_cr,
    lines_of,
    wide_lines_of,
)
from store.reading.unmarked_encoding import unmarked_encoding
from store.reading.zip_members import members_of
from store.sqlite.interruption import STEPS
from store.words import said

SAMPLE_BYTES: Final = 64 * 1024
LINES_A_PULSE: Final = 4_096
WIDE_ENCODINGS: Final = (  # UTF-32 first: its little-endian mark begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

UTF_8: Final = "utf-8"
_MARKED: Final = {"utf-8-sig": UTF_8, "utf-16": "utf-16-le", "utf-32": "utf-32-le"}

T = TypeVar("T")


class Source:
    """An event file that is open for reading; use it with `with`, from one thread.

    Raises UnreadableSource when the file is missing, a folder, empty, cut short, damaged or
    not to be read; its text says which.
    """

    def __init__(
        self,
        path: Path,
        *,
        choices: Mapping[str, str] | None = None,
        encoding: str = "",
        member: str | None = None,
    ) -> None:
        """`encoding` of the text, as Python names it; empty: as its first bytes say, or UTF-8.
        `member` of a zip archive; None: as the choices say, else its only one, or the first."""
        self.path = path
        self._encoding = plain_encoding(encoding)
        self.choices = dict(choices or {})
        chosen = self.choices.get(MEMBER, ALL)
        self._member = member if member is not None or chosen == ALL else chosen
        self.notes: dict[str, object] = {}  # what a reader decided; goes into the manifest
        self.pulse: Callable[[], None] = lambda: None  # called while it is read; may raise
        self.is_glance = False  # only the first records are asked for: no need to sort them all
        self._closing = ExitStack()
        self._raw: RawBytes = self._closing.enter_context(closing(_raw(path)))
        self._head = self._first_bytes()
        self.packing = packing_of(self._head)  # how the file is packed, in words; empty: it is not
        # For people; of a member that is named, behind that of its archive.
        self.name = repository_of(path).name if is_git(path) else path.name
        if self._member is not None and self._head == ZIP_MAGIC:
            self.name = f"{path.name}/{self._member}"
            self.path = Path(f"{path}/{self._member}")  # in messages
        self._share: float | None = None
        self._found: dict[Callable[[Source], Any], Any] = {}
        self._sample: Sample | None = None
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and remove what was copied."""
        self._closing.close()

    @property
    def bytes_read(self) -> int:
        """How far reading has come, in bytes of the file as it lies on the disk."""
        if self._share is not None:
            return int(self._share * self.total_bytes)
        return self._raw.position

    @property
    def total_bytes(self) -> int:
        """Of the file as it lies on the disk."""
        return self._raw.total_bytes

    @property
    def members(self) -> tuple[str, ...]:
        """The files of a zip archive by name; none where it is no such archive."""
        return self.once(Source._look_for_members) if self._head == ZIP_MAGIC else ()

    def _look_for_members(self) -> tuple[str, ...]:
        return members_of(self._raw.start(self._go), self.path)

    def _first_bytes(self) -> bytes:
        """Raises what starting to read does; then nothing is left open."""
        try:
            return self._raw.start(self._go).peek(MAGIC_BYTES)[:MAGIC_BYTES]
        except BaseException:
            self.close()
            raise

    def _go(self) -> None:
        self.pulse()

    def reached(self, done: int, *, of: int) -> None:
        """Tell how far a reader has come that took the file in as a whole."""
        self._share = done / of if of else 1.0

    @property
    def sample(self) -> Sample:
        """What the first 64 KiB show."""
        if self._sample is None:
            self._sample = self._take_sample()
        return self._sample

    def closer_look(self) -> Sample | None:
        """What more of a JSON document shows than the sample does; None of anything else.

        Raises UnreadableSource where it is not JSON.
        """
        sample, shape = self.sample, self.sample.shape
        is_one_line = shape == "lines" and sample.is_whole and b"\n" not in sample.head.strip()
        if shape not in ("array", "object") and not is_one_line:
            return None
        keys = keys_of_document(self.pieces(), self.path, is_array=shape == "array")
        return replace(sample, keys=keys)

    def lines(self) -> Iterator[Line]:
        """Every line from the start; one longer than LONGEST_LINE is cut."""
        has_cr_alone = ends_with_cr(self.sample.head)
        if has_cr_alone:
            self.notes["line_ends"] = "CR"
        yield from self._lines(has_cr_alone=has_cr_alone)

    def _lines(self, *, has_cr_alone: bool = False) -> Iterator[Line]:
        with self._said_plainly():
            stream, encoding, offset = self._text_start()
            if has_cr_alone:
                lines = cr_lines_of(self.pieces(), offset)
            elif encoding is None:
                lines = lines_of(stream, offset)
            else:
                lines = wide_lines_of(stream, encoding, offset)
            for line in lines:
                if not line.number % LINES_A_PULSE:
                    self.pulse()
                yield line

    def pieces(self) -> Iterator[bytes]:
        """The bytes from the start, decompressed, as UTF-8 without a byte order mark."""
        with self._said_plainly():
            stream, encoding, _ = self._text_start()
            pieces = self._pulsing(iter(partial(stream.read, CHUNK_BYTES), b""))
            yield from pieces if encoding is None else as_utf_8(pieces, encoding)

    def plain_lines(self, offset: int, *, before: int) -> Iterator[Line]:
        """The lines of a file that is neither compressed nor wide, from one that begins at
        `offset` on; `before` are the lines before it. Once this is read, `lines` begins anew."""
        with self._said_plainly():
            stream = self._raw.start(self._go)
            head = stream.peek(len(codecs.BOM_UTF8))
            start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
            stream.seek(max(offset, start))
            for line in lines_of(stream, max(offset, start)):
                yield line._replace(number=line.number + before)

    def plain_pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """The bytes of the file as it lies on the disk, from `offset` on, by the `size`."""
        with self._said_plainly():
            stream = self._raw.start(self._go)
            stream.seek(offset)
            yield from iter(partial(stream.read, size), b"")

    @property
    def wide_encoding(self) -> str:
        """The encoding that the first bytes tell, or that was named, unless it is UTF-8."""
        with self._said_plainly():
            return self._text_start()[1] or ""

    def _pulsing(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.pulse()
            yield piece

    def database(self) -> sqlite3.Connection:
        """A connection to a copy of the SQLite file, its -wal included; closed with the source."""
        if self._database is None:
            unpacked = self._start() if self.packing else None
            with self._said_plainly():
                copied = copied_database(self.path, unpacked=unpacked, pulse=lambda: self.pulse())
                self._database = self._closing.enter_context(copied)
            self._database.set_progress_handler(self._go_on, STEPS)
        return self._database

    def plain_file(self) -> Path:
        """A file that can be read from its end: the one that was named, or where it is packed a
        copy of what is in it, which is gone with the source."""
        return self.once(Source._copy_of_content) if self.packing else self.path

    def _copy_of_content(self) -> Path:
        with self._said_plainly():
            return self._closing.enter_context(copied_content(self._start(), lambda: self.pulse()))

    def _go_on(self) -> int:
        """Asked while a statement runs; SQLite would drop what is raised here."""
        try:
            self.pulse()
        except Exception:  # the edge: whoever meets the interruption asks again
            return 1
        return 0

    def scratch(self) -> sqlite3.Connection:
        """A new, empty database for what a reader has to look up; gone with the source."""
        return self._closing.enter_context(scratch_database())

    def once(self, make: Callable[["Source"], T]) -> T:
        """What `make` finds out about the file; a second call gives the same."""
        if make not in self._found:
            self._found[make] = make(self)
        found: T = self._found[make]
        return found

    def sha256(self) -> str:
        """The hash of the file as it lies on the disk."""
        with self._said_plainly():
            return self._raw.sha256(self._go)

    def _take_sample(self) -> Sample:
        with self._said_plainly():
            start = self._start()
            if start.peek(16)[:16] == SQLITE_MAGIC:
                tables = tables_of(self.database(), self.path)
                return look_at(b"", is_whole=False, name=self.name, tables=tables)
            if start.peek(MAGIC_BYTES)[:MAGIC_BYTES] == PARQUET_MAGIC:
                return parquet_sample(self.plain_file(), self.path, name=self.name)
            stream, encoding, _ = self._text_start()
            head = stream.read(SAMPLE_BYTES)
            is_whole = not stream.read(1)
        if encoding is not None:
            head = head.decode(encoding, "ignore").encode()
        elif wide := unmarked_encoding(head):
            raise self._unmarked(wide)
        if not head.strip():
            raise UnreadableSource(said("the file is empty"), self.path)
        is_cut = not is_whole and b"\n" not in head.lstrip() and head.lstrip()[:1] == b"{"
        later = self._behind_first_line() if is_cut else ()
        return look_at(head, is_whole=is_whole, name=self.name, later=later)

    def _unmarked(self, encoding: str) -> UnreadableSource:
        what = said(
            "the text looks like {encoding} without a byte order mark", encoding=encoding.upper()
        )
        error = UnreadableSource(what, self.path)
        error.hint = said(
            "Choose this encoding, on the command line with --encoding {encoding}.",
            encoding=encoding,
        )
        return error

    def _behind_first_line(self) -> tuple[bytes, ...]:
        """Some whole lines behind the first one, which is longer than the sample; none when it is
        the beginning of a document that goes on in them."""
        found, size = list[bytes](), 0
        for line in islice((it for it in self._lines() if not it.text.isspace()), 1, None):
            found.append(line.text)
            size += len(line.text)
            if size > SAMPLE_BYTES:
                break
        until = line.offset if found else 0
        if found and goes_on_behind_line(self.pieces(), self.path, until=until):
            return ()
        return tuple(found)

    def _start(self) -> io.BufferedReader:
        """The unpacked bytes from the first one on."""
        self._share = None
        raw = self._raw.start(self._go)
        if not self.packing:
            return raw
        return unpacked(
            raw,
            self.path,
            size=self.total_bytes,
            member=self._member,
            is_limited=self.choices.get(UNPACK, LIMITED) == LIMITED,
        )

    def _text_start(self) -> tuple[io.BufferedReader, str | None, int]:
        """The bytes behind the byte order mark, the encoding unless UTF-8, and the offset."""
        stream = self._start()
        head = stream.peek(4)[:4]
        for mark, encoding in WIDE_ENCODINGS:
            if head.startswith(mark) and self._encoding in ("", encoding):
                return stream, encoding, len(stream.read(len(mark)))
        if self._encoding not in ("", UTF_8):
            return stream, self._encoding, 0
        mark = codecs.BOM_UTF8 if head.startswith(codecs.BOM_UTF8) else b""
        return stream, None, len(stream.read(len(mark)))

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        """Turn the ways in which reading fails into one sentence each."""
        try:
            yield
        except UnicodeDecodeError as error:
            if self._encoding:
                what = said(
                    "the file is not text in {encoding}: {reason}",
                    encoding=self._encoding,
                    reason=error.reason,
                )
                raise WrongRules([("encoding", what)]) from error
            reason = said("the text is not valid {encoding}", encoding=error.encoding.upper())
            raise UnreadableSource(reason, self.path) from error
        except OSError as error:
            reason = said("the file cannot be read ({strerror})", strerror=error.strerror)
            raise UnreadableSource(reason, self.path) from error


def stopped_when(is_cancelled: Callable[[], bool]) -> Callable[[], None]:
    """A pulse that raises Cancelled once somebody has asked to stop."""

    def pulse() -> None:
        if is_cancelled():
            raise Cancelled

    return pulse


def plain_encoding(name: str) -> str:
    """The encoding without its mark, which is looked for anyway. Raises WrongRules."""
    try:
        found = codecs.lookup(name).name if name else ""
        "a".encode(found or UTF_8)
    except (LookupError, ValueError):
        raise WrongRules(
            [("encoding", said("unknown text encoding {name!r}", name=name))]
        ) from None
    return _MARKED.get(found, found)


def _raw(path: Path) -> RawBytes:
    return GitHistory(path) if is_git(path) else RawFile(path)
