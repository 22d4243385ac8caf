"""One JSON document of any size, read piece by piece: each value as the very bytes it has.

Only as much is kept as the value that is asked for, and that no longer than LONGEST_LINE; of a
longer one the rest is passed over, so that any reader refuses it.
"""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from store.errors import UnreadableSource
from store.reading.json_members import value_end
from store.reading.json_runs import run_of
from store.words import said

LONGEST_LINE: Final = 64 * 1024 * 1024  # a longer one is cut, and so refused by any reader
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_SCALAR_END: Final = re.compile(r"[ \t\n\r,\]}]")
_STRUCTURE: Final = re.compile(r'[{}\[\]]|"')
_IN_TEXT: Final = re.compile(r'\\.?|"', re.DOTALL)
_NEAR_END: Final = 16  # characters in which a value that is cut off may look wrong


def goes_on_behind_line(pieces: Iterator[bytes], path: Path, *, until: int) -> bool:
    """Whether the beginning of a document is one object that reaches beyond its first line: here
    up to the byte `until`, or to its end. What is read is not kept."""
    document = JsonStream(pieces, path)
    try:
        for _ in document.members():
            document.skip()
            if document.offset >= until:
                return True
        return not document.sign()
    except UnreadableSource:
        return document.offset >= until


class RawValue(NamedTuple):
    """One value, not yet looked into."""

    offset: int  # of its first byte
    text: bytes  # longer than LONGEST_LINE when it was cut


class JsonStream:
    """A place in a JSON document that moves on from value to value.

    `pieces` are its bytes, as UTF-8. A piece is read only when what is there has been used up.
    Raises UnreadableSource as soon as it comes to what is not JSON, or not UTF-8.
    """

    def __init__(
        self, pieces: Iterator[bytes], path: Path, *, longest: int = LONGEST_LINE, begin: int = 0
    ) -> None:
        """`begin` is the offset of the first byte."""
        self._pieces = pieces
        self._path = path
        self._longest = longest
        self._check = codecs.getincrementaldecoder("utf-8")()
        # One character a byte: JSON's own signs are ASCII, and places are offsets.
        self._text = ""
        self._at = 0
        self._passed = begin  # bytes before _text
        self._read = 0  # bytes in all
        self._looked_through = -1  # _passed when a run of elements was looked for
        self._is_whole = False

    @property
    def offset(self) -> int:
        """Of the next byte."""
        return self._passed + self._at

    @property
    def held(self) -> int:
        """Bytes that are in memory."""
        return len(self._text)

    def sign(self) -> str:
        """What the next value begins with, or the sign between values; empty at the end."""
        while True:
            match = _BLANKS.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._more()

    def value(self) -> RawValue:
        """The next value."""
        self.sign()
        offset, end = self.offset, self._value_end()
        if end is None:
            return RawValue(offset, self._cut())
        text = self._text[self._at : end].encode("latin-1")
        self._at = end
        return RawValue(offset, text)

    def elements(self) -> Iterator[RawValue]:
        """Every element of the array that comes next."""
        self._expect("[")
        if self.sign() != "]":
            yield from self._run()
            yield self.value()
            while self.sign() == ",":
                self._at += 1
                yield from self._run()
                yield self.value()
        self._expect("]")

    def members(self) -> Iterator[str]:
        """The name of every member of the object that comes next.

        Whoever asks takes the member's value before the next name.
        """
        self._expect("{")
        if self.sign() != "}":
            yield self._name()
            while self.sign() == ",":
                self._at += 1
                yield self._name()
        self._expect("}")

    def skip(self) -> None:
        """Pass over the next value, keeping no more of an array than an element, and of an object
        than the value of a member."""
        sign = self.sign()
        if sign == "[":
            for _ in self.elements():
                pass
        elif sign == "{":
            for _ in self.members():
                self.value()
        else:
            self.value()

    def end(self) -> None:
        """Nothing may follow."""
        if self.sign():
            raise self._not_json(said("unexpected text at byte {offset}", offset=self.offset))

    def _run(self) -> Iterator[RawValue]:
        """The elements that are in memory as a whole, but for the last one; looked for once in what
        is in memory."""
        if self._passed == self._looked_through:
            return
        self.sign()
        self._looked_through = self._passed
        while run := run_of(self._text, self._at):
            offset = self.offset
            self._at += len(run.content)
            for at, text in run.elements():
                yield RawValue(offset + at, text)

    def _name(self) -> str:
        if self.sign() != '"':
            raise self._not_json(said("expected a name at byte {offset}", offset=self.offset))
        name: str = json.loads(self.value().text)
        self._expect(":")
        return name

    def _expect(self, sign: str) -> None:
        if self.sign() != sign:
            raise self._not_json(
                said("expected {sign} at byte {offset}", sign=sign, offset=self.offset)
            )
        self._at += 1

    def _value_end(self) -> int | None:
        """Where the next value ends in the text; None when it is too long to be kept."""
        while True:
            try:
                end = value_end(self._text, self._at)
                if self._is_whole or not self._may_go_on(end):
                    return end
            except json.JSONDecodeError as error:
                if self._is_whole or not self._may_be_cut(error):
                    place = self._passed + error.pos
                    raise self._not_json(
                        said("{msg} at byte {place}", msg=error.msg, place=place)
                    ) from None
            except ValueError as error:
                raise self._not_json(
                    said("{error}, in the value at byte {place:,}", error=error, place=self.offset)
                ) from None
            if len(self._text) - self._at > self._longest:
                return None
            self._more()

    def _may_go_on(self, end: int) -> bool:
        """Whether a number that ends here may have more digits, or an exponent."""
        rest = self._text[end : end + _NEAR_END]
        return end + len(rest) == len(self._text) and not rest.strip("+-.eE")

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether what looks wrong may be right once more has been read."""
        is_near_end = error.pos >= len(self._text) - _NEAR_END
        return is_near_end or error.msg.startswith("Unterminated string")

    def _more(self) -> None:
        """Read on: as much again as is kept, so that a long value is not scanned too often."""
        parts = [self._text[self._at :]]
        wanted, got = max(len(parts[0]), 1), 0
        while got < wanted and not self._is_whole:
            piece = next(self._pieces, b"")
            self._is_whole = not piece
            self._require_utf_8(piece)
            parts.append(piece.decode("latin-1"))
            got += len(piece)
        self._passed += self._at
        self._text, self._at = "".join(parts), 0

    def _require_utf_8(self, piece: bytes) -> None:
        waiting = len(self._check.getstate()[0])
        try:
            self._check.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            reason = said(
                "byte {read} of the document is not valid UTF-8",
                read=self._read - waiting + error.start,
            )
            raise UnreadableSource(reason, self._path) from error
        self._read += len(piece)

    def _cut(self) -> bytes:
        """The beginning of a value that is too long; goes on behind it."""
        kept = self._text[self._at : self._at + self._longest + 1].encode("latin-1")
        if kept[:1] not in (b"{", b"[", b'"'):
            self._pass_to(_SCALAR_END)
            return kept
        depth = 0
        while True:
            sign = self._pass_to(_STRUCTURE)
            self._at += 1
            if sign == '"':
                self._pass_text()
            else:
                depth += 1 if sign in "{[" else -1
            if not depth:
                return kept

    def _pass_text(self) -> None:
        """Behind the end of a text of which the first quote is passed."""
        while (sign := self._pass_to(_IN_TEXT)) != '"':
            if len(sign) == 1:  # a backslash is the last byte that is there
                self._more()
                sign = self._text[:2]
            self._at += len(sign)
        self._at += 1

    def _pass_to(self, wanted: re.Pattern[str]) -> str:
        """Go on to the first match, which is not passed itself."""
        while True:
            match = wanted.search(self._text, self._at)
            if match:
                self._at = match.start()
                return match.group()
            if self._is_whole:
                raise self._not_json(said("it ends inside a value"))
            self._at = len(self._text)
            self._more()

    def _not_json(self, reason: str) -> UnreadableSource:
        return UnreadableSource(
            said("the document is not valid JSON ({reason})", reason=reason), self._path
        )
