"""preview SOURCE: what a file is, and its first records, without importing."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from replay.choice_argument import add_choice_argument, choices_of
from replay.printing import print_json, print_table, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.target_facts import target_facts
from replay.verbs.log import whole_number
from replay.words import counted, said
from store import json_text
from store.place import path_of
from store.reading.format import Incoming, Record, Rejected
from store.shaping.mapping import IN_METADATA
from store.times import format_moment
from store.transfer.preview import Preview, preview, require_no_problems

HELP = said("show the format of an event file and its first records, without importing")
KEYS: Final = ("line", "stream", "type", "occurred_at", "id")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format is found from the content unless it is named."""
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="SOURCE",
        help=said("an event file, folder or git:PATH"),
    )
    parser.add_argument("--format", help=said("instead of detecting it from the content"))
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--mapping", action="store_true", help=said("also show records that need a mapping first")
    )
    parser.add_argument(
        "--into",
        type=path_of,
        metavar="STORE",
        help=said("show the progress of reading (with --json)"),
    )
    parser.add_argument("--limit", type=whole_number, default=20, metavar="N")
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Rejected lines are shown with their reason."""
    found = preview(
        arguments.sources,
        format=arguments.format,
        choices=choices_of(arguments),
        rules=rules_of(arguments),
        limit=arguments.limit,
        is_mapping=arguments.mapping,
        is_cancelled=ProgressLines(is_on=arguments.progress).is_cancelled,
    )
    if not arguments.mapping:
        require_no_problems(found)
    if arguments.json:
        print_json(_as_dict(found, arguments))
        return 0
    _print(found, arguments.limit)
    return 0


def _as_dict(found: Preview, arguments: argparse.Namespace) -> dict[str, Any]:
    detection = found.detection
    facts = {
        "format": detection.format.name,
        "title": detection.format.title,
        "confidence": detection.confidence,
        "advice": detection.advice,
        "choices": [asdict(it) for it in found.choices],
        "records": [_facts(it) for it in found.records],
    }
    if arguments.mapping:
        facts["fields"] = list(found.fields)
    facts |= {
        name: [{"rule": rule, "what": what} for rule, what in told]
        for name, told in (("problems", found.problems), ("doubts", found.doubts))
        if told
    }
    if arguments.into is not None:
        facts["target"] = target_facts(arguments.into)
    return facts


def _print(found: Preview, limit: int) -> None:
    detection = found.detection
    sure = (
        ""
        if detection.format.is_bare
        else said(" ({confidence:.0%} sure)", confidence=detection.confidence)
    )
    print_text(f"{detection.format.title}{sure}")
    for it in found.choices:
        print_text(
            said(
                "--choice {name}={value}: {title}… ({values})",
                name=it.name,
                value=it.chosen,
                title=it.title,
                values=", ".join(it.values),
            )
        )
    for rule, what in (*found.problems, *found.doubts):
        print_text(f"{rule}: {what}")
    records = [_facts(record) for record in found.records]
    rows = [[str(it.get(key) or it.get("reason", "")) for key in KEYS] for it in records]
    print_table(KEYS, rows)
    if len(records) == limit:
        print_text(
            said(
                "the first {count} (--limit N shows more)",
                count=counted("{count:,} record", "{count:,} records", len(records)),
            )
        )


def _facts(record: Record) -> dict[str, Any]:
    if not isinstance(record, Incoming):
        reason = (
            record.reason
            if isinstance(record, Rejected)
            else said("skipped: {text}", text=record.text)
        )
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
        **_roles(event.metadata_json),
    }


def _roles(metadata_json: str) -> dict[str, str]:
    """Correlation, causation and actor, as far as they are there."""
    metadata: Any = json_text.decode(metadata_json)
    found = {role: metadata.get(key) for role, key in IN_METADATA.items()}
    return {role: str(it) for role, it in found.items() if it is not None}
