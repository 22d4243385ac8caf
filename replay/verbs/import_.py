"""import SOURCE… --into STORE: bring event files into a store."""

import argparse
from pathlib import Path
from typing import Any

from msgspec import structs

from replay.choice_argument import add_choice_argument, choices_of
from replay.commands.authority import READ_ONLY
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from store.errors import StoreError
from store.place import path_of
from store.transfer.answer_file import read_answers
from store.transfer.ingest import ingest
from store.transfer.report import ImportReport, Progress, total
from store.transfer.report_lines import odd_lines, place_of

HELP = "bring the events of files into a store, which is made when it is not there"


class MayNotAppend(StoreError):
    """Whoever imports may only read."""

    hint = "Ask somebody who may write, or look at what it would do with --dry-run."

    def __init__(self, store: Path) -> None:
        super().__init__(f"with the role {READ_ONLY!r} nothing may be brought into {store}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Several sources are imported one after another, each whole or not at all."""
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="an event file")
    parser.add_argument("--into", required=True, type=path_of, metavar="STORE")
    parser.add_argument("--format", help="instead of finding it from the content")
    add_choice_argument(parser)
    parser.add_argument("--role", action="append", default=[], help="a role of whoever imports")
    parser.add_argument("--dry-run", action="store_true", help="tell what would happen")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Good lines go in, bad ones are named in the report: that is no failure."""
    if READ_ONLY in arguments.role and not arguments.dry_run:
        raise MayNotAppend(arguments.into)
    lines = ProgressLines(is_on=arguments.progress)
    reports = [_import(source, arguments, lines) for source in arguments.sources]
    if not arguments.json:
        for report in reports:
            _print_report(report)
    elif len(reports) == 1:
        print_json(reports[0].as_dict())
    else:
        print_json(_together(reports))
    return 0


def _import(source: Path, arguments: argparse.Namespace, lines: ProgressLines) -> ImportReport:
    def tell(progress: Progress) -> None:
        lines.tell(
            fraction=progress.share,
            events=progress.events,
            rate=progress.rate,
            seconds_left=progress.seconds_left,
        )

    report = ingest(
        source,
        into=arguments.into,
        format=arguments.format,
        choices=choices_of(arguments),
        dry_run=arguments.dry_run,
        on_progress=tell,
        is_cancelled=lines.is_cancelled,
    )
    if arguments.dry_run:
        return report
    answers, _bad = read_answers(source, arguments.into)
    return structs.replace(report, answers=answers)


def _together(reports: list[ImportReport]) -> dict[str, Any]:
    """The counts of all sources added up, and each source's own report."""
    each = [report.as_dict() for report in reports]
    seconds = sum(report.seconds for report in reports)
    return {**total(reports).numbers(), "seconds": seconds, "sources": each}


def _print_report(report: ImportReport) -> None:
    would = "would be stored" if report.is_dry_run else "stored"
    print_text(
        f"{report.file}: {report.stored:,} of {report.read:,} events {would} "
        f"as {report.format}, in {report.seconds:.1f} s"
    )
    for words, count, named in odd_lines(report):
        print_text(f"  {count:,} {words.command_line}")
        for line in named:
            print_text(f"    {line}")
    for bad in report.bad_lines:
        print_text(f"  {place_of(bad)}: {bad.reason}")
    for conflict in report.conflict_lines:
        print_text(f"  line {conflict.line:,}, event {conflict.id}: {conflict.reason}")
