"""An import's preview and report in words."""

from collections.abc import Mapping
from typing import Any, Final

from store.reading.detect import formats
from store.transfer.report import odd_counts

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


def preview_rows(preview: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """A row a record; a rejected line tells why in place of its type."""
    return [_row(record) for record in preview["records"]]


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """What happened, then what was odd, then the lines that could not be used."""
    lines = [
        f"{report['stored']:,} events stored of {report['read']:,} read, "
        f"in {report['seconds']:.1f} s."
    ]
    odd = [f"{report[it.name]:,} {it.window}" for it in odd_counts() if report.get(it.name)]
    if odd:
        lines.append("; ".join(odd) + ".")
    bad = report.get("bad_lines", [])
    lines += [f"line {it['line']:,}, byte {it['offset']:,}: {it['reason']}" for it in bad[:NAMED]]
    if len(bad) > NAMED:
        lines.append(f"… and {report['rejected'] - NAMED:,} more")
    return lines


def _row(record: Mapping[str, Any]) -> tuple[str, ...]:
    if "reason" in record:
        return (str(record["line"]), f"{NO_EVENT} {record['reason']}", "", "", "")
    keys = ("line", "stream", "type", "occurred_at", "id")
    return tuple(str(record.get(key) or "") for key in keys)
