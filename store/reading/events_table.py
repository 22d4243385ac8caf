"""Events as rows of separated values: every column of the log, payloads byte for byte.

The columns are those of Foldline's own lines, in their order; data, metadata, links and source are
JSON. Every cell stands in quotation marks, so that nothing in it reads as anything else.

A program for sheets takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and runs it.
With the guard such a cell, and one that begins with an apostrophe, has an apostrophe before it; the
column `guard` says so, and a reader takes it away again.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO, Final

from store import json_text
from store.events import RecordedEvent
from store.formats.canonical_jsonl import incoming_of
from store.provenance import dated_here
from store.reading.fields import Unusable, json_value
from store.reading.format import Outgoing, Record
from store.reading.header_line import SEPARATORS
from store.reading.json_records import RawRecord, rejected
from store.reading.source import Source
from store.tables.cell_row import CellRow, wrong_width
from store.tables.delimited import delimited_rows, names_of
from store.times import format_moment

COLUMNS: Final = (
    *("position", "stream", "stream_version", "type", "id", "occurred_at", "recorded_at"),
    *("data", "metadata", "links", "source"),
)
GUARD: Final = "guard"
MARK: Final = "'"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", MARK)
_NUMBERS: Final = frozenset({"position", "stream_version"})
_JSON: Final = frozenset({"data", "metadata", "links", "source"})


def reader(separator: str) -> Callable[[Source], Iterator[Record]]:
    """What reads a file with this separator, one of the names in SEPARATORS."""
    return partial(_read, separator=separator)


def writer(separator: str, *, is_guarded: bool) -> Callable[[Iterable[Outgoing], BinaryIO], int]:
    """What writes one."""
    return partial(_write, separator=separator, is_guarded=is_guarded)


def _read(source: Source, *, separator: str) -> Iterator[Record]:
    rows = delimited_rows(source, separator=separator)
    names = names_of(rows, source)
    is_guarded = GUARD in names
    for row in rows:
        if not isinstance(row, CellRow):
            yield row
        elif len(row.cells) != len(names):
            yield wrong_width(row, len(names))
        else:
            cells = [_bare(it or "", is_guarded=is_guarded) for it in row.cells]
            yield _record(row, dict(zip(names, cells, strict=True)))


def _record(row: CellRow, cells: Mapping[str, str]) -> Record:
    record = RawRecord(row.number, row.offset, "\x1f".join(cells.values()).encode())
    told = {name: it for name, it in cells.items() if it and name != GUARD}
    try:
        members = {name: _json(name, it) for name, it in told.items()}
        return incoming_of(record, members)
    except Unusable as reason:
        return rejected(record, reason)


def _json(name: str, cell: str) -> str:
    if name in _NUMBERS or name in _JSON:
        return json_value(cell, name)
    return json_text.encode(cell)


def _write(events: Iterable[Outgoing], file: BinaryIO, *, separator: str, is_guarded: bool) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    rows = csv.writer(text, delimiter=SEPARATORS[separator], quoting=csv.QUOTE_ALL)
    rows.writerow((*COLUMNS, GUARD) if is_guarded else COLUMNS)
    try:
        written = 0
        for outgoing in events:
            cells = _cells(outgoing)
            rows.writerow([*map(_guarded, cells), MARK] if is_guarded else cells)
            written += 1
        text.flush()
        return written
    finally:
        text.detach()  # or it would close the file with it


def _cells(outgoing: Outgoing) -> Sequence[str]:
    it, links = outgoing.event, outgoing.links
    occurred, recorded = _times(it)
    return (
        *(str(it.position), it.stream, str(it.version), it.type, it.id, occurred, recorded),
        *(it.data_json, it.metadata_json, json_text.encode(links) if links else ""),
        it.source_json or "",
    )


def _times(event: RecordedEvent) -> tuple[str, str]:
    """Both; of an event that got them when it was imported, none."""
    if event.source_json is not None and dated_here(event.source_json):
        return "", ""
    occurred = format_moment(event.occurred_at_us, event.occurred_offset_min)
    return occurred, format_moment(event.recorded_at_us, event.recorded_offset_min)


def _guarded(cell: str) -> str:
    return f"{MARK}{cell}" if cell.startswith(DANGEROUS) else cell


def _bare(cell: str, *, is_guarded: bool) -> str:
    return cell[1:] if is_guarded and cell.startswith(MARK) else cell
