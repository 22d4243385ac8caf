"""Rows of a CSV file: each is the data of an event; a mapping names its stream and type.

The first row names the columns. Every value is a text; a conversion makes a number of it.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import Final

from store import json_text
from store.errors import UnreadableSource
from store.events import NewEvent
from store.reading.format import Choice, Format, Incoming, Options, Record, Rejected
from store.reading.identity import minted_id
from store.reading.json_records import EXCERPT
from store.reading.json_stream import LONGEST_LINE
from store.reading.signs import HeaderLine
from store.reading.source import Source

NAME: Final = "csv-rows"
SEPARATOR: Final = "separator"
SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


class _Lines:
    """The lines of a source as text, and where the one that was given last begins."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines()
        self.offset = 0
        self.is_first = True  # of the row that is being read

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if self.is_first:
            self.offset, self.is_first = line.offset, False
        return line.text.decode("utf-8", "surrogateescape")


def read(source: Source) -> Iterator[Record]:
    """Every row behind the first as an event without stream and type, or a rejection."""
    separator = source.choices.get(SEPARATOR) or _likeliest(source)
    source.notes[SEPARATOR] = separator
    csv.field_size_limit(LONGEST_LINE)
    lines = _Lines(source)
    rows = csv.reader(lines, delimiter=SEPARATORS[separator], strict=True)
    names = _names(next(rows, []), source)
    while True:
        line, lines.is_first = rows.line_num + 1, True
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Rejected(line=line, offset=lines.offset, reason=f"this is not CSV ({error})")
            continue
        if cells is None:
            return
        if cells:
            yield _record(names, cells, line, lines.offset)


def _names(cells: Sequence[str], source: Source) -> list[str]:
    names = [it.strip() for it in cells]
    twice = sorted({it for it in names if names.count(it) > 1})
    if not names or not all(names):
        raise UnreadableSource("a column of the CSV file has no name", source.path)
    if twice:
        raise UnreadableSource(f"two columns are named {twice[0]!r}", source.path)
    return names


def _record(names: Sequence[str], cells: Sequence[str], line: int, offset: int) -> Record:
    excerpt = ",".join(cells)[:EXCERPT].encode("utf-8", "replace").decode()
    if len(cells) != len(names):
        reason = f"the row has {len(cells):,} values, and there are {len(names):,} columns"
        return Rejected(line=line, offset=offset, reason=reason, excerpt=excerpt)
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        reason = "the row is not valid UTF-8: name its encoding"
        return Rejected(line=line, offset=offset, reason=reason, excerpt=excerpt)
    text = json_text.encode(dict(zip(names, cells, strict=True)))
    return Incoming(
        stream="",
        event=NewEvent(type="", data_json=text, id=minted_id(NAME, line, text)),
        line=line,
        offset=offset,
        has_minted_id=True,
    )


def _separator_options(source: Source) -> Options:
    return Options(values=tuple(SEPARATORS), default=_likeliest(source))


def _likeliest(source: Source) -> str:
    """The one that stands most often in the first line."""
    line = source.sample.head.lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(SEPARATORS, key=lambda it: line.count(SEPARATORS[it]))


FORMAT: Final = Format(
    name=NAME,
    title="CSV, mapped by you",
    suffixes=(".csv", ".tsv"),
    signs=(HeaderLine(confidence=0.89),),
    read=read,
    choices=(Choice(name=SEPARATOR, title="Values are separated by", options=_separator_options),),
    is_bare=True,
)
