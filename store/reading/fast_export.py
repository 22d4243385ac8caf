"""The stream of `git fast-export`, command by command; contents of files are passed over.

Source: git-fast-import(1), "Input Format".
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.errors import UnreadableSource
from store.reading.text_lines import ends_with_cr
from store.words import said

LONGEST_MESSAGE: Final = 16 * 1024 * 1024  # bytes of a commit's message
LONGEST_LINE: Final = 1024 * 1024


class Commit(Struct, kw_only=True):
    """One `commit` command, its texts as bytes. `changes` are its file commands as they stand."""

    number: int  # of the commit in the file, from 1
    offset: int  # of its first byte
    ref: bytes
    mark: bytes = b""
    oid: bytes = b""
    author: bytes = b""
    committer: bytes = b""
    encoding: bytes = b"utf-8"
    message: bytes = b""
    parents: list[bytes] = []
    changes: list[bytes] = []


class FastExport:
    """`commits` once. Raises UnreadableSource where the stream is cut short or no fast-export."""

    def __init__(self, pieces: Iterator[bytes], path: Path) -> None:
        self._pieces, self._path = pieces, path
        self._held = b""
        self._at = self._passed = 0
        self.others = 0  # tags and resets, which tell no change

    def commits(self) -> Iterator[Commit]:
        """Every commit in the order of the stream."""
        number, line = 0, self._line()
        if line is not None and ends_with_cr(line):
            raise self._bad(said("the lines end with CR alone, where git writes LF"))
        while line is not None:
            if line.startswith(b"commit "):
                number += 1
                begin = self._at - len(line) - 1
                usual = self._usual(begin, number)
                if usual is not None:
                    yield usual
                    line = self._line()
                    continue
                commit = Commit(number=number, offset=self._offset, ref=line[7:])
                line = self._fill(commit)
                yield commit
            else:
                line = self._pass(line)

    def _usual(self, begin: int, number: int) -> Commit | None:
        """A commit as git writes it, of which all is held and what follows begins; None of any
        other, which is read line by line."""
        held = self._held
        head = _HEAD.match(held, begin)
        if head is None:
            return None
        start, size = head.end(), int(head[7])
        body = _BODY.match(held, start + size) if size <= LONGEST_MESSAGE else None
        if body is None or b" inline " in body[3]:
            return None
        self._at = body.end()
        return Commit(
            number=number,
            offset=self._passed + begin + len(head[1]) + 8,
            ref=head[1],
            mark=head[2],
            oid=head[3] or b"",
            author=head[4] or b"",
            committer=head[5],
            encoding=head[6] or b"utf-8",
            message=held[start : start + size],
            parents=[it for it in (body[1], *_MERGE.findall(body[2])) if it is not None],
            changes=body[3].split(b"\n")[:-1],
        )

    @property
    def _offset(self) -> int:
        return self._passed + self._at

    def _pass(self, line: bytes) -> bytes | None:
        if line.startswith(b"data "):
            self._data(line, keep=False)
        elif line.startswith((b"tag ", b"reset ")):
            self.others += 1
        return self._line()

    def _fill(self, commit: Commit) -> bytes | None:
        """Take what belongs to a commit; returns the first line that does not."""
        while (line := self._line()) is not None:
            word, _, stated = line.partition(b" ")
            if word == b"data":
                commit.message = self._data(line, keep=True)
            elif word in (b"from", b"merge"):
                commit.parents.append(stated)
            elif word in (b"M", b"D", b"R", b"C", b"deleteall"):
                commit.changes.append(line)
                if line.startswith(b"M") and b" inline " in line:
                    self._inline()
            elif word in _OF_COMMIT:
                setattr(commit, _OF_COMMIT[word], stated)
            elif line and word != b"N":
                return line
        return None

    def _inline(self) -> None:
        line = self._line()
        if line is None or not line.startswith(b"data "):
            raise self._bad(said("an inline file has no data"))
        self._data(line, keep=False)

    def _data(self, line: bytes, *, keep: bool) -> bytes:
        """The bytes behind `data N`; those of a file are read and not kept."""
        digits = line[5:]
        if not digits.isdigit():
            raise self._bad(said("data without a byte count (data <<) is not supported"))
        left = int(digits)
        if keep and left > LONGEST_MESSAGE:
            raise self._bad(
                said(
                    "a message is longer than {longest_message:,} bytes",
                    longest_message=LONGEST_MESSAGE,
                )
            )
        kept = []
        while left:
            if self._at == len(self._held) and not self._more():
                raise self._bad(said("the file ends inside data"))
            taken = self._held[self._at : self._at + left]
            self._at += len(taken)
            left -= len(taken)
            if keep:
                kept.append(taken)
        return b"".join(kept)

    def _line(self) -> bytes | None:
        """The next line without its end; None behind the last one."""
        while (end := self._held.find(b"\n", self._at)) < 0:
            if len(self._held) - self._at > LONGEST_LINE:
                raise self._bad(
                    said("a line is longer than {longest_line:,} bytes", longest_line=LONGEST_LINE)
                )
            if not self._more():
                rest, self._at = self._held[self._at :], len(self._held)
                return rest or None
        line, self._at = self._held[self._at : end], end + 1
        return line

    def _more(self) -> bool:
        piece = next(self._pieces, b"")
        self._passed += self._at
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)

    def _bad(self, reason: str) -> UnreadableSource:
        return UnreadableSource(
            said("{reason}, at byte {offset:,}", reason=reason, offset=self._offset), self._path
        )


_HEAD: Final = re.compile(
    rb"commit ([^\n]*)\nmark ([^\n]*)\n(?:original-oid ([^\n]*)\n)?(?:author ([^\n]*)\n)?"
    rb"committer ([^\n]*)\n(?:encoding ([^\n]*)\n)?data (\d{1,9})\n"
)
_MERGE: Final = re.compile(rb"merge ([^\n]*)\n")
# Behind the message: its parents, its changes, and the command that follows.
_BODY: Final = re.compile(
    rb"\n?(?:from ([^\n]*)\n)?((?:merge [^\n]*\n)*)((?:[MDRC] [^\n]*\n|deleteall\n)*)\n*"
    rb"(?=commit |reset |tag |blob\n)"
)
_OF_COMMIT: Final = {
    b"mark": "mark",
    b"original-oid": "oid",
    b"author": "author",
    b"committer": "committer",
    b"encoding": "encoding",
}
