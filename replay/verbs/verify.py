"""verify STORE: is the log what was written, and do the views say what the log says?"""

import argparse
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from replay.catalog.all_views import every_name
from replay.catalog.rebuild import Progress, RebuildReport, check
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.terminal_progress import TerminalProgress
from replay.views import checkpoints
from replay.views.read_store import open_views_to_read, reading_views
from replay.words import counted, said
from store.errors import Cancelled, StoreError
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.sqlite.integrity import VerifyReport, verify

NOT_LOOKED_AT: Final = said("the views were not checked, because the log itself is damaged")
MADE_ANEW: Final = said(
    "the views were not checked: their file cannot be used, and is rebuilt when a view is opened"
)
HELP = said("read the whole log and list every damaged row; compare the views with the log")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only the store."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when anything is not as it was written. Changes nothing in the log."""
    lines = ProgressLines(is_on=arguments.progress)
    started_s = time.monotonic()
    with TerminalProgress("checking") as terminal:

        def tell(events: int) -> None:
            rate = events / max(time.monotonic() - started_s, 1e-9)
            lines.tell(fraction=None, events=events, rate=rate)
            terminal.tell(events)

        report = verify(
            arguments.store,
            on_progress=tell,
            on_phase=lambda phase: terminal.begin(said("checking {phase}", phase=phase)),
            is_cancelled=lines.is_cancelled,
        )
        views, unchecked = (
            _try_views(arguments.store, lines, terminal) if report.is_sound else ((), NOT_LOOKED_AT)
        )
    is_sound = report.is_sound and not any(it.was_different for it in views)
    if arguments.json:
        print_json(_facts(report, views, unchecked, is_sound=is_sound))
    else:
        _print(report, views, unchecked)
    return 0 if is_sound and (views or not unchecked or unchecked == MADE_ANEW) else 1


def _try_views(
    path: Path, lines: ProgressLines, terminal: TerminalProgress
) -> tuple[tuple[RebuildReport, ...], str]:
    """What the views say, and why they could not be asked, if they could not: what was found out
    about the log stands all the same."""
    try:
        with reading(path) as log:
            if log.place.views.is_file() and not _is_usable(log):
                return (), MADE_ANEW
        return _check_views(path, lines, terminal), ""
    except Cancelled:
        raise
    except StoreError as error:
        return (), said("the views could not be checked: {error}", error=error)


def _is_usable(log: EventReader) -> bool:
    with reading_views(log) as views:
        return views is not None


def _check_views(
    path: Path, lines: ProgressLines, terminal: TerminalProgress
) -> tuple[RebuildReport, ...]:
    """Fold every view that has been folded again, and compare."""

    def tell(progress: Progress) -> None:
        terminal.begin(said("checking view {view}", view=progress.view))
        terminal.tell(progress.events, progress.total)

    with reading(path) as log:
        views = open_views_to_read(log)
        if views is None:
            return ()
        with closing(views):
            made = [it.name for it in checkpoints.read_all(views).values() if it.checkpoint]
        known = every_name(log.place).intersection(made)
        if not known:
            return ()
        return check(log, known, on_progress=tell, is_cancelled=lines.is_cancelled)


def _facts(
    report: VerifyReport, views: tuple[RebuildReport, ...], unchecked: str, *, is_sound: bool
) -> dict[str, Any]:
    facts: dict[str, Any] = plain(report)
    checked = [{**plain(it), "was_different": it.was_different} for it in views]
    return {
        "is_sound": is_sound,
        **facts,
        "views": checked,
        "views_unchecked": unchecked or None,
    }


def before_the_chain(report: VerifyReport) -> str:
    """What of a log the chain does not cover; nothing for a log that was chained from its
    beginning."""
    events, rows = report.unchained_events, report.unchained_rows
    lines = []
    if events:
        which = counted("event 1 was", "events 1 to {count:,} were", events)
        lines.append(
            said("{which} recorded before the chain; they are covered by a checksum", which=which)
        )
    if rows:
        lines.append(
            counted(
                "{count:,} row beside the events was recorded before the chain",
                "{count:,} rows beside the events were recorded before the chain",
                rows,
            )
        )
    return "; ".join(lines)


def _print(report: VerifyReport, views: tuple[RebuildReport, ...], unchecked: str) -> None:
    print_text(
        said(
            "{events} checked, {problem_count}",
            events=counted("{count:,} event", "{count:,} events", report.events),
            problem_count=counted("{count:,} problem", "{count:,} problems", report.problem_count),
        )
    )
    for problem in report.problems:
        print_text(f"  {problem.text}")
    if report.first_position is not None:
        print_text(
            said(
                "the first failing position is {first_position:,}",
                first_position=report.first_position,
            )
        )
    if text := before_the_chain(report):
        print_text(text)
    if unchecked:
        print_text(unchecked)
    for it in views:
        verdict = said("differs from the log") if it.was_different else said("matches the log")
        print_text(said("view {view}: {verdict}", view=it.view, verdict=verdict))
        for line in it.comparison.lines() if it.comparison else ():
            print_text(f"  {line}")
