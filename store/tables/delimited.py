"""Rows of separated values: CSV as RFC 4180, Excel and PostgreSQL write it; PostgreSQL's text form.

An empty cell without quotation marks is NULL and an empty one within them is an empty text, which
is how PostgreSQL tells the two apart. Tabs with `\\N` in the beginning are PostgreSQL's text form:
there a backslash escapes, and quotation marks are characters like others. Lines may end with CR LF,
LF, or CR alone.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final

from store.errors import UnreadableSource
from store.reading.format import Rejected
from store.reading.header_line import SEPARATORS, likeliest_separator
from store.reading.json_records import EXCERPT
from store.reading.json_stream import LONGEST_LINE
from store.reading.source import Source
from store.tables.cell_row import NOT_UTF_8, CellRow, Rows
from store.tables.text_form import row_of
from store.words import said

SEPARATOR: Final = "separator"
_QUOTED_NOTHING: Final = re.compile(rb'(?:^|[,;\t|])""(?:[,;\t|]|\r?$)', re.MULTILINE)
_NULL: Final = re.compile(rb"(^|\t)\\N(\t|\r?$)", re.MULTILINE)


def delimited_rows(source: Source, *, separator: str = "") -> Rows:
    """Every row, that of the names included; blank lines are none. `separator` is one of the names
    in SEPARATORS; empty: the likeliest."""
    name = separator or likeliest_separator(source.sample.head)
    source.notes[SEPARATOR] = name
    if is_text_form(source, name):
        yield from _text_form(source)
    else:
        yield from _CsvRows(source, SEPARATORS[name]).rows()


def is_text_form(source: Source, separator: str) -> bool:
    """Whether a file is in PostgreSQL's text form: tabs, and a NULL in its beginning."""
    return separator == "tab" and _NULL.search(source.sample.head) is not None


def tells_null(source: Source) -> bool:
    """Whether the beginning of a file has an empty text in quotation marks, so that its writer
    tells one from nothing at all."""
    return _QUOTED_NOTHING.search(source.sample.head) is not None


def names_of(rows: Rows, source: Source) -> list[str]:
    """The first row. Raises UnreadableSource where it names no columns, or two alike."""
    first = next(rows, None)
    cells = first.cells if isinstance(first, CellRow) else ()
    names = [(it or "").strip() for it in cells]
    twice = sorted({it for it in names if names.count(it) > 1})
    if not names or not all(names):
        raise UnreadableSource(said("a column of the CSV file has no name"), source.path)
    if twice:
        raise UnreadableSource(said("two columns are named {twice!r}", twice=twice[0]), source.path)
    return names


def _text_form(source: Source) -> Rows:
    for line in source.lines():
        text = line.text.rstrip(b"\r\n")
        if text == b"\\.":
            return
        if text:
            yield row_of(line.number, line.offset, text)


class _CsvRows:
    """The rows of a CSV file. The lines of the row that is being read are kept, for only they show
    whether an empty cell stood in quotation marks."""

    def __init__(self, source: Source, separator: str) -> None:
        self._source = source
        self._separator = separator
        one = re.escape(separator)
        self._cell = re.compile(rf'("(?:[^"]|"")*+"|[^{one}"]*+)({one}|\Z)')
        self._quoted_nothing = re.compile(rf'(?:\A|{one})""(?:{one}|\Z)')
        self._taken: list[str] = []
        self._offset = 0
        self._number = 0
        self._is_utf_8 = True

    def rows(self) -> Rows:
        """All of them."""
        csv.field_size_limit(LONGEST_LINE)
        rows = csv.reader(self._lines(), delimiter=self._separator, strict=True)
        while True:
            self._taken.clear()
            self._is_utf_8 = True
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield self._rejected(said("this is not CSV ({error})", error=error))
                continue
            if cells is None:
                return
            if not cells:
                continue
            if not self._is_utf_8:
                yield self._rejected(NOT_UTF_8)
                continue
            told = self._with_nulls(cells) if "" in cells else cells
            yield CellRow(self._number, self._offset, told)

    def _lines(self) -> Iterator[str]:
        for line in self._source.lines():
            if not self._taken:
                self._number, self._offset = line.number, line.offset
            try:
                text = line.text.decode()
            except UnicodeDecodeError:
                text = line.text.decode("utf-8", "replace")
                self._is_utf_8 = False
            self._taken.append(text)
            yield text

    def _with_nulls(self, cells: list[str]) -> Sequence[str | None]:
        """NULL for what is empty and has no quotation marks."""
        raw = "".join(self._taken).rstrip("\r\n")
        if not self._quoted_nothing.search(raw):
            return [it or None for it in cells]
        stated = self._as_written(raw)
        if len(stated) != len(cells):  # something stands before or behind a quotation mark
            return cells
        return [it if it or mark else None for it, mark in zip(cells, stated, strict=True)]

    def _as_written(self, raw: str) -> list[str]:
        """The cells with their quotation marks, as far as they can be told."""
        found, at = [], 0
        while cell := self._cell.match(raw, at):
            found.append(cell.group(1))
            at = cell.end()
            if not cell.group(2):
                break
        return found

    def _rejected(self, reason: str) -> Rejected:
        excerpt = "".join(self._taken)[:EXCERPT].strip()
        return Rejected(line=self._number, offset=self._offset, reason=reason, excerpt=excerpt)
