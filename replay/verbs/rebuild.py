"""rebuild STORE [NAME…]: fold views again from the first event, and compare."""

import argparse
import time
from pathlib import Path
from typing import Any

from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rebuild import Progress, RebuildReport, rebuild
from store.connect import open_log
from store.reader import LogReader

HELP = "fold views again from the first event, beside the live ones, then switch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a name: every view."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="the reports as one JSON object")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view could not be rebuilt."""
    lines = ProgressLines(is_on=arguments.progress)
    log = LogReader(open_log(arguments.store))
    started_s = time.monotonic()

    def tell(progress: Progress) -> None:
        rate = progress.events / max(time.monotonic() - started_s, 1e-9)
        share = progress.events / progress.total if progress.total else None
        lines.tell(fraction=share, events=progress.events, rate=rate)

    try:
        reports = rebuild(log, arguments.names, on_progress=tell, is_cancelled=lines.is_cancelled)
    finally:
        log.close()
    if arguments.json:
        print_json({"views": [_facts(report) for report in reports]})
    else:
        for report in reports:
            _print(report)
    return 1 if any(report.error for report in reports) else 0


def _facts(report: RebuildReport) -> dict[str, Any]:
    facts: dict[str, Any] = plain(report)
    return {**facts, "was_different": report.was_different}


def _print(report: RebuildReport) -> None:
    verdict = "was different" if report.was_different else "was as the log says"
    if report.comparison is None:
        verdict = "had nothing to compare with"
    if report.error:
        verdict = report.error
    print_text(f"{report.view}: {report.events:,} events in {report.seconds:.2f} s, "
               f"{report.row_count:,} rows, digest {report.digest[:16]}, {verdict}")  # fmt: skip
    for it in report.comparison.differences if report.comparison else ():
        print_text(f"  {it.key} stored {it.stored}, the log says {it.folded}")
