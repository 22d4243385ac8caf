"""What a report names of its counts, in lines for people: the same at the terminal and in the
window. All that is named is in the report's JSON."""

from collections.abc import Iterator
from typing import Final

from store.reading.format import Rejected
from store.reading.remarks import Remark
from store.transfer.report import CountWords, ImportReport, odd_counts

SHOWN: Final = 5  # lines of one kind


def odd_lines(report: ImportReport) -> Iterator[tuple[CountWords, int, list[str]]]:
    """Every count that is not nothing, and what is named of it; the last line says how many more
    there are."""
    numbers = report.numbers()
    for words in odd_counts():
        if numbers[words.name]:
            yield words, numbers[words.name], _lines(report.of_kind(words.name))


def place_of(bad: Rejected) -> str:
    """Where a record stands; rows of a database, and records of a whole, have no byte."""
    return f"line {bad.line:,}, byte {bad.offset:,}" if bad.offset >= 0 else f"row {bad.line:,}"


def _lines(named: list[Remark]) -> list[str]:
    lines = [_line(it) for it in named[:SHOWN]]
    if len(named) > SHOWN:
        lines.append("… and more: --json names the first hundred")
    return lines


def _line(remark: Remark) -> str:
    return f"line {remark.line:,}: {remark.text}" if remark.line else remark.text
