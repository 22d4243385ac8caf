"""changes BEFORE AFTER…: infer events from two or more states of a table."""

import argparse
from pathlib import Path

from replay.choice_argument import add_choice_argument, choices_of
from replay.command_line import refuse
from replay.commands.authority import READ_ONLY
from replay.new_store import new_store_beside
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.verbs.import_ import MayNotAppend
from replay.words import counted, said
from store.inferred.infer import infer_changes
from store.place import path_of
from store.transfer.report import ImportReport, Progress, total
from store.transfer.report_lines import bad_lines, conflict_lines, odd_lines

HELP = said("infer events from two or more states of a table: rows added, changed and removed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """States are files of rows: CSV, TSV, JSON records, or a table of SQLite."""
    parser.add_argument(
        "states",
        nargs="+",
        type=Path,
        metavar="STATE",
        help=said("a file that holds the table at a time; the earliest first"),
    )
    parser.add_argument(
        "--key",
        required=True,
        metavar="COLUMNS",
        help=said("what tells rows apart, with commas between"),
    )
    parser.add_argument(
        "--table", default="", metavar="NAME", help=said("without it: the name of the last file")
    )
    parser.add_argument(
        "--into",
        type=path_of,
        metavar="STORE",
        help=said("without it: a new one beside the last file"),
    )
    parser.add_argument(
        "--first", action="store_true", help=said("count the rows of the first state as added")
    )
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of whoever imports")
    )
    parser.add_argument("--dry-run", action="store_true", help=said("tell what would happen"))
    parser.add_argument("--json", action="store_true", help=said("the report as one JSON object"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """That nothing changed is an answer, and no failure."""
    if len(arguments.states) < 2 and not arguments.first:
        return refuse(said("one state shows no change: name a second one, or add --first"))
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
        table=arguments.table or choices_of(arguments).get("table") or _plain_name(last),
        key=[it.strip() for it in arguments.key.split(",")],
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
        print_text(f"  {count:,} {words.command_line}")
        for line in named:
            print_text(f"    {line}")
    for line in (*bad_lines(report), *conflict_lines(report)):
        print_text(f"  {line}")
