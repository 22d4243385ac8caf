"""changes BEFORE AFTER…: infer events from two or more states of a table."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from replay.choice_argument import add_choice_argument, choices_of
from replay.command_line import refuse
from replay.commands.authority import READ_ONLY
from replay.new_store import new_store_beside
from replay.printing import print_json, print_table, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.states.inferred_summary import inferred_change
from replay.target_facts import target_facts
from replay.verbs.import_ import MayNotAppend
from replay.verbs.log import whole_number
from replay.words import counted, said
from store import json_text
from store.inferred.infer import infer_changes
from store.inferred.look import SeenChanges, look_at_changes
from store.inferred.mark import mark_of
from store.place import path_of
from store.reading.format import Incoming, Rejected
from store.transfer.count_words import after_number
from store.transfer.report import ImportReport, Progress, total
from store.transfer.report_lines import bad_lines, conflict_lines, odd_lines

LOOK: Final = ("line", "stream", "type", "change")
HELP = said("infer events from two or more states of a table: rows added, changed and removed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """States are files of rows: CSV, TSV, JSON records, or a table of SQLite."""
    parser.add_argument(
        "states",
        nargs="+",
        type=Path,
        metavar="STATE",
        help=said("a file with the state of the table at one time; oldest first"),
    )
    parser.add_argument(
        "--key",
        default="",
        metavar="COLUMNS",
        help=said("key columns that identify a row, separated by commas"),
    )
    parser.add_argument(
        "--look",
        type=whole_number,
        metavar="N",
        help=said("only count the changes and show the first N; without --key list the columns"),
    )
    parser.add_argument(
        "--table", default="", metavar="NAME", help=said("default: the name of the last file")
    )
    parser.add_argument(
        "--into",
        type=path_of,
        metavar="STORE",
        help=said("default: a new store beside the last file"),
    )
    parser.add_argument(
        "--first", action="store_true", help=said("count the rows of the first state as added")
    )
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=said("show what would happen, without writing")
    )
    parser.add_argument(
        "--json", action="store_true", help=said("print the report as one JSON object")
    )
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """That nothing changed is an answer, and no failure."""
    if len(arguments.states) < 2 and not arguments.first:
        return refuse(said("a single state shows no changes: name a second one, or add --first"))
    if arguments.look is not None:
        return _look(arguments)
    if not arguments.key:
        return refuse(said("name the columns that identify a row: --key COLUMNS"))
    last = arguments.states[-1]
    into = arguments.into or new_store_beside(last)
    if READ_ONLY in arguments.role and not arguments.dry_run:
        raise MayNotAppend(into)
    lines = ProgressLines(is_on=arguments.progress)

    def tell(progress: Progress) -> None:
        lines.tell(fraction=progress.share, events=progress.events, rate=progress.rate)

    reports = infer_changes(
        arguments.states,
        into=into,
        table=_table(arguments),
        key=_key(arguments),
        has_first=arguments.first,
        choices=choices_of(arguments),
        rules=rules_of(arguments),
        dry_run=arguments.dry_run,
        on_progress=tell,
        is_cancelled=lines.is_cancelled,
    )
    if arguments.json:
        print_json({**total(reports).numbers(), "states": [it.as_dict() for it in reports]})
    else:
        for report in reports:
            _print(report)
    return 0


def _look(arguments: argparse.Namespace) -> int:
    """Tell what there is to infer; nothing is stored."""
    lines = ProgressLines(is_on=arguments.progress)
    found = look_at_changes(
        arguments.states,
        table=_table(arguments),
        key=_key(arguments),
        has_first=arguments.first,
        choices=choices_of(arguments),
        limit=arguments.look,
        on_progress=lambda share: lines.tell(fraction=share, events=None),
        is_cancelled=lines.is_cancelled,
    )
    if arguments.json:
        print_json(_seen(found, arguments.into))
        return 0
    print_text(said("columns: {names}", names=", ".join(found.columns)))
    if _key(arguments):
        print_text(
            said(
                "rows: {added:,} added, {changed:,} changed, {removed:,} removed, "
                "{rejected:,} that cannot be used",
                added=found.added,
                changed=found.changed,
                removed=found.removed,
                rejected=found.rejected,
            )
        )
        print_table(LOOK, [_line(_facts(it)) for it in found.records])
    return 0


def _seen(found: SeenChanges, into: Path | None) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "columns": found.columns,
        "choices": [asdict(it) for it in found.choices],
        "added": found.added,
        "changed": found.changed,
        "removed": found.removed,
        "rejected": found.rejected,
        "records": [_facts(it) for it in found.records],
    }
    return {**seen, "target": target_facts(into)} if into is not None else seen


def _line(facts: Mapping[str, Any]) -> list[str]:
    return [str(facts.get(key) or facts.get("reason", "")) for key in LOOK]


def _facts(record: Incoming | Rejected) -> dict[str, Any]:
    if not isinstance(record, Incoming):
        return {"line": record.line, "reason": record.reason}
    event = record.event
    mark, row = mark_of(event.metadata_json), json_text.decode(event.data_json)
    return {
        "line": record.line,
        "stream": record.stream,
        "type": event.type,
        "change": inferred_change(mark, row) if mark is not None else "",
        "data": event.data_json,
    }


def _table(arguments: argparse.Namespace) -> str:
    """The name that streams begin with."""
    named = arguments.table or choices_of(arguments).get("table")
    return named or _plain_name(arguments.states[-1])


def _key(arguments: argparse.Namespace) -> list[str]:
    return [it.strip() for it in arguments.key.split(",") if it.strip()]


def _plain_name(file: Path) -> str:
    """rows.csv.gz → rows"""
    return file.name.partition(".")[0] or file.name


def _print(report: ImportReport) -> None:
    told = counted(
        "{file}: {count:,} change, {stored:,} stored as inferred events",
        "{file}: {count:,} changes, {stored:,} stored as inferred events",
        report.read - report.rejected,
        file=report.file,
        stored=report.stored,
    )
    print_text(told)
    for words, count, named in odd_lines(report):
        print_text(f"  {count:,} {after_number(count, words.command_line)}")
        for line in named:
            print_text(f"    {line}")
    for line in (*bad_lines(report), *conflict_lines(report)):
        print_text(f"  {line}")
