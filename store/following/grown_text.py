"""The lines that a text file has grown by, read as a file of their own.

A line counts once it is ended: what its program is writing just now comes with the next look.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.errors import NotFollowed, SourceReplaced
from store.reading import json_members
from store.reading.sample import Sample
from store.reading.source import Source
from store.reading.text_lines import Line
from store.words import said

PIECE_BYTES: Final = 1 << 20  # of text that become one batch
ASKED_BYTES: Final = 4_096  # of the beginning, and of what was read last, that have to be the same


class TextMark(Struct, frozen=True, kw_only=True):
    """How far a file was read."""

    offset: int = 0  # in bytes
    lines: int = 0  # that were read
    digest: str = ""  # of the beginning, and of what stands before the offset


class GrownText(Source):
    """A file of JSON Lines, of which `lines` gives those of the piece that was chosen last.

    Raises NotFollowed, UnreadableSource.
    """

    def __init__(self, path: Path, *, choices: Mapping[str, str], mark: TextMark) -> None:
        super().__init__(path, choices=choices)
        self._behind = self.end = mark  # where the piece begins and ends
        try:
            self._require_plain()
        except BaseException:
            self.close()
            raise

    @property
    def sample(self) -> Sample:
        """A file of one line so far is one of lines."""
        found = super().sample
        is_one = found.shape == "object" and _is_object(found.head.lstrip().partition(b"\n")[0])
        return replace(found, shape="lines") if is_one else found

    @property
    def bytes_left(self) -> int:
        """That are there behind the piece, whole lines or not."""
        return max(self.path.stat().st_size - self.end.offset, 0)

    def require_same(self) -> None:
        """Raises SourceReplaced when the file does not begin with what was read of it."""
        if self.end.offset and self._digest(self.end.offset) != self.end.digest:
            raise SourceReplaced(said("it does not begin with what was read before"), self.path)

    def next_piece(self) -> bool:
        """Choose the lines behind the last piece; False when there is no whole one."""
        self._behind = self.end
        offset, lines = self._grown(self._behind.offset)
        if offset == self._behind.offset:
            return False
        lines += self._behind.lines
        self.end = TextMark(offset=offset, lines=lines, digest=self._digest(offset))
        return True

    def lines(self) -> Iterator[Line]:
        """Those of the piece, numbered in the file."""
        mark = self._behind
        for line in self.plain_lines(mark.offset, before=mark.lines):
            if line.offset >= self.end.offset:
                return
            yield line

    def _grown(self, start: int) -> tuple[int, int]:
        """Where the last whole line of a piece ends, and how many lines it has: one, where that is
        longer than a piece."""
        at, lines = start, 0
        for piece in self.plain_pieces(start, PIECE_BYTES):
            end = piece.rfind(b"\n") + 1
            if end:
                return at + end, lines + piece.count(b"\n", 0, end)
            at += len(piece)
        return start, 0

    def _digest(self, offset: int) -> str:
        """Of what stands at the beginning and right before an offset."""
        found = hashlib.sha256()
        for start in (0, max(offset - ASKED_BYTES, 0)):
            piece = next(self.plain_pieces(start, ASKED_BYTES), b"")
            found.update(piece[: offset - start])
        return found.hexdigest()

    def _require_plain(self) -> None:
        if self.packing:
            raise NotFollowed(said("a compressed file can only be read as a whole"), self.path)
        if encoding := self.wide_encoding:
            raise NotFollowed(
                said("the text is in {encoding}, not in UTF-8", encoding=encoding.upper()),
                self.path,
            )


def _is_object(line: bytes) -> bool:
    try:
        json_members.members(line.decode())
    except ValueError:
        return False
    return True
