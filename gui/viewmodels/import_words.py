"""An import's preview and report in words."""

from typing import Final

from gui.work.reports import FilePreviewed, FileRecord
from store.reading.detect import formats
from store.transfer.report import ImportReport
from store.transfer.report_lines import bad_lines, conflict_lines, odd_lines

# (name on the command line, title); the empty name stands for: find it from the content.
FORMATS: Final = (
    ("", "Found from content"),
    *((it.name, it.title) for it in formats()),
)
WRITABLE: Final = tuple(
    (it.name, it.title, it.suffixes[0]) for it in formats() if it.write is not None
)
PREVIEW_TITLES: Final = ("line", "stream", "type", "occurred at", "id")
NO_EVENT: Final = "✗"
NAMED: Final = 8  # bad lines named in the report; all of the first hundred are in --json


def preview_rows(preview: FilePreviewed) -> list[tuple[str, ...]]:
    """A row a record; a rejected line tells why in place of its type."""
    return [_row(record) for record in preview.records]


def report_lines(report: ImportReport) -> list[str]:
    """What happened, then what was odd, then where, then the lines that could not be used."""
    lines = [f"{report.stored:,} events stored of {report.read:,} read, in {report.seconds:.1f} s."]
    odd = list(odd_lines(report))
    if odd:
        lines.append("; ".join(f"{count:,} {words.window}" for words, count, _ in odd) + ".")
    for words, _, named in odd:
        lines += [f"{words.window[0].upper()}{words.window[1:]}:", *named] if named else []
    return [*lines, *bad_lines(report, most=NAMED), *conflict_lines(report, most=NAMED)]


def _row(record: FileRecord) -> tuple[str, ...]:
    if record.reason:
        return (str(record.line), f"{NO_EVENT} {record.reason}", "", "", "")
    it = record
    return (str(it.line), it.stream or "", it.type or "", it.occurred_at or "", it.id or "")
