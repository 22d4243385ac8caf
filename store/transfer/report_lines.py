"""What a report names of its counts, in lines for people: the same at the terminal and in the
window. All that is named is in the report's JSON."""

from collections.abc import Iterator
from typing import Final

from store.reading.format import Rejected
from store.reading.remarks import Remark
from store.transfer.report import NAMED, CountWords, ImportReport, odd_counts
from store.words import said

SHOWN: Final = 5  # lines of one kind


def odd_lines(report: ImportReport) -> Iterator[tuple[CountWords, int, list[str]]]:
    """Every count that is not nothing, and what is named of it; the last line says how many more
    there are."""
    numbers = report.numbers()
    for words in odd_counts():
        if numbers[words.name]:
            yield words, numbers[words.name], _lines(report.of_kind(words.name))


def bad_lines(report: ImportReport, *, most: int = NAMED) -> list[str]:
    """Where a record is that holds no usable event, and why; how many more there are."""
    lines = [f"{place_of(it)}: {it.reason}" for it in report.bad_lines[:most]]
    return [*lines, *_more(report.rejected - report.ruled_out - len(lines))]


def conflict_lines(report: ImportReport, *, most: int = NAMED) -> list[str]:
    """Which events contradict what was there first; how many more there are."""
    named = report.conflict_lines[:most]
    lines = [
        said(
            "{line}, event {id}: {reason}",
            line=_row(it.line, it.offset, it.file),
            id=it.id,
            reason=it.reason,
        )
        for it in named
    ]
    return [*lines, *_more(report.conflicts - len(lines))]


def place_of(bad: Rejected) -> str:
    """Where a record stands; rows of a database, and records of a whole, have no byte."""
    row = _row(bad.line, bad.offset, bad.file)
    return said("{row}, byte {offset:,}", row=row, offset=bad.offset) if bad.offset >= 0 else row


def _lines(named: list[Remark]) -> list[str]:
    lines = [_line(it) for it in named[:SHOWN]]
    return [*lines, said("… and more")] if len(named) > SHOWN else lines


def _line(remark: Remark) -> str:
    if not remark.line:
        return f"{remark.file}: {remark.text}" if remark.file else remark.text
    return f"{_row(remark.line, remark.offset, remark.file)}: {remark.text}"


def _row(line: int, offset: int, file: str) -> str:
    row = said("line {line:,}", line=line) if offset >= 0 else said("row {line:,}", line=line)
    return f"{file}, {row}" if file else row


def _more(count: int) -> list[str]:
    return [said("… and {count:,} more", count=count)] if count > 0 else []
