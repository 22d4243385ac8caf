"""preview SOURCE: what a file is, and its first records, without importing."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from replay.choice_argument import add_choice_argument, choices_of
from replay.printing import print_json, print_table, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.verbs.log import whole_number
from store.reading.format import Incoming, Record, Rejected
from store.times import format_moment
from store.transfer.preview import preview

HELP = "show the format of an event file and its first records, without importing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format is found from the content unless it is named."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help="an event file")
    parser.add_argument("--format", help="instead of finding it from the content")
    add_choice_argument(parser)
    parser.add_argument("--limit", type=whole_number, default=20, metavar="N")
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Rejected lines are shown with their reason."""
    found = preview(
        arguments.source,
        format=arguments.format,
        choices=choices_of(arguments),
        limit=arguments.limit,
        is_cancelled=ProgressLines(is_on=arguments.progress).is_cancelled,
    )
    records = [_facts(record) for record in found.records]
    if arguments.json:
        detection = found.detection
        print_json(
            {
                "format": detection.format.name,
                "title": detection.format.title,
                "confidence": detection.confidence,
                "advice": detection.advice,
                "choices": [asdict(it) for it in found.choices],
                "records": records,
            }
        )
        return 0
    print_text(f"{found.detection.format.title} ({found.detection.confidence:.0%} sure)")
    for it in found.choices:
        print_text(f"--choice {it.name}={it.chosen}: {it.title}… ({', '.join(it.values)})")
    keys = ("line", "stream", "type", "occurred_at", "id")
    rows = [[str(it.get(key) or it.get("reason", "")) for key in keys] for it in records]
    print_table(keys, rows)
    if len(records) == arguments.limit:
        print_text(f"the first {len(records):,} records (--limit N shows more)")
    return 0


def _facts(record: Record) -> dict[str, Any]:
    if not isinstance(record, Incoming):
        reason = record.reason if isinstance(record, Rejected) else f"skipped: {record.text}"
        return {"line": record.line, "offset": record.offset, "reason": reason}
    event = record.event
    at = event.occurred_at_us if event.occurred_at_us is not None else event.recorded_at_us
    offset = event.occurred_offset_min
    return {
        "line": record.line,
        "stream": record.stream,
        "version": record.version,
        "type": event.type,
        "id": event.id,
        "occurred_at": None if at is None else format_moment(at, offset),
        "data": event.data_json,
    }
