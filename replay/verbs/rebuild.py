"""rebuild STORE [NAME…]: fold views again from the first event, compare, switch, and go back; here,
or with --on in parts on Spark."""

import argparse
from collections.abc import Mapping
from typing import Any

from replay.catalog.pace import Pace
from replay.catalog.rebuild import Progress, RebuildReport, rebuild
from replay.catalog.reset import forget, reset
from replay.catalog.way_back import go_back
from replay.command_line import refuse
from replay.printing import plain, print_json, print_text
from replay.processes.held_commands import held_commands
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.states.model_set import bundled_models
from replay.words import counted, said
from store.interface import EventReader
from store.opening import reading
from store.place import path_of

HELP = said("rebuild views from the first event, beside the live ones, then switch")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a name: every view."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("names", nargs="*", metavar="NAME", help=said("a view; default: all"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--beside",
        action="store_true",
        help=said("keep the result beside the live view; the next rebuild switches to it"),
    )
    what.add_argument(
        "--back", action="store_true", help=said("switch the view back to its previous version")
    )
    what.add_argument(
        "--reset",
        action="store_true",
        help=said("empty a view, so that it is folded again"),
    )
    what.add_argument(
        "--forget", action="store_true", help=said("delete the copies stored beside a view")
    )
    parser.add_argument(
        "--views-only",
        action="store_true",
        help=said(
            "do not count the commands that are not sent again, which makes process "
            "managers read the whole log"
        ),
    )
    parser.add_argument(
        "--json", action="store_true", help=said("print the reports as one JSON object")
    )
    add_progress_argument(parser)
    _add_spark(parser)


def _add_spark(parser: argparse.ArgumentParser) -> None:
    spark = parser.add_argument_group(said("on Spark: rebuild NAME --on MASTER --from … --into …"))
    spark.add_argument(
        "--on", metavar="MASTER", help=said("fold on Spark: local[2] or spark://HOST:7077")
    )
    spark.add_argument(
        "--from",
        dest="origin",
        metavar="STORE|URL",
        help=said("where the events are; then no STORE is named before the views"),
    )
    spark.add_argument(
        "--into",
        metavar="STORE|URL",
        help=said("where the rows go: a query store, parquet:FOLDER or a store; default: the same"),
    )
    spark.add_argument(
        "--work",
        type=path_of,
        metavar="FOLDER",
        help=said("for parts that are done; all workers must reach it by the same path"),
    )
    spark.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="spark.NAME=VALUE",
        help=said("a setting of Spark"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view could not be rebuilt."""
    if arguments.on:
        return _on_spark(arguments)
    if arguments.origin or arguments.into or arguments.work or arguments.set:
        return refuse(said("--from, --into, --work and --set need --on"))
    if arguments.back or arguments.forget or arguments.reset:
        return _put_back(arguments)
    lines = ProgressLines(is_on=arguments.progress)
    pace = Pace()

    def tell(progress: Progress) -> None:
        told = pace.estimate(progress)
        lines.tell(
            fraction=told.fraction,
            events=progress.events,
            rate=told.rate,
            seconds_left=told.seconds_left,
        )

    with reading(arguments.store) as log:
        reports = rebuild(
            log,
            arguments.names,
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
            wait=lambda: pace.hold(lines.wait_while_paused),
            is_left=lines.is_left,
            switches=not arguments.beside,
        )
        held = {} if arguments.views_only else _held(log)
    if arguments.json:
        print_json({"views": [_facts(report) for report in reports], "held_commands": held})
    else:
        for report in reports:
            _print(report)
        _print_held(held)
    return 1 if any(report.error for report in reports) else 0


def _on_spark(arguments: argparse.Namespace) -> int:
    if arguments.beside or arguments.back or arguments.forget or arguments.reset:
        return refuse(said("--on cannot be used with --beside, --back, --forget and --reset"))
    from replay.spark.asked import rebuild_there  # late: few need it

    return rebuild_there(arguments)


def _put_back(arguments: argparse.Namespace) -> int:
    if not arguments.names:
        return refuse(said("no view is named: add its name after the store"))
    with reading(arguments.store) as log:
        if not arguments.back:
            for name in arguments.names:
                (forget if arguments.forget else reset)(log, name)
            found = []
        else:
            found = [go_back(log, name) for name in arguments.names]
    if arguments.json:
        print_json({"views": plain(found)})
        return 0
    for name in arguments.names if not arguments.back else ():
        told = (
            said("there are no copies beside it")
            if arguments.forget
            else said("emptied; it is being folded again")
        )
        print_text(f"{name}: {told}")
    for it in found:
        then = (
            said(
                "older code made it, so it stays {lag} behind until you rebuild it",
                lag=counted("{count:,} event", "{count:,} events", it.lag),
            )
            if it.is_older
            else counted(
                "{count:,} event still has to be folded",
                "{count:,} events still have to be folded",
                it.lag,
            )
        )
        print_text(
            said(
                "{view} was switched back to its previous version, as of {checkpoint:,}; {then}",
                view=it.view,
                checkpoint=it.checkpoint,
                then=then,
            )
        )
    return 0


def _held(log: EventReader) -> Mapping[str, int]:
    return held_commands(log, bundled_models(), bundled_models().processes)


def _print_held(held: Mapping[str, int]) -> None:
    if held:
        told = ", ".join(f"{type_} {count:,}" for type_, count in held.items())
        print_text(
            said(
                "{values} of process managers not sent again: {told}",
                values=counted("{count:,} command", "{count:,} commands", sum(held.values())),
                told=told,
            )
        )


def _facts(report: RebuildReport) -> dict[str, Any]:
    facts: dict[str, Any] = plain(report)
    return {**facts, "was_different": report.was_different}


def _print(report: RebuildReport) -> None:
    verdict = said("did not match the log") if report.was_different else said("matched the log")
    if report.comparison is None:
        verdict = said("had nothing to compare with")
    if report.error:
        verdict = report.error
    resumed = (
        said(", from {resumed_at:,}", resumed_at=report.resumed_at) if report.resumed_at else ""
    )
    beside = "" if report.is_switched or report.error else said("; it is beside the live view")
    print_text(
        said(
            "{view}: {events} in {seconds:.2f} s{resumed}, {row_count}, digest {digest}, "
            "{verdict}{beside}",
            view=report.view,
            events=counted("{count:,} event", "{count:,} events", report.events),
            seconds=report.seconds,
            resumed=resumed,
            row_count=counted("{count:,} row", "{count:,} rows", report.row_count),
            digest=report.digest[:16],
            verdict=verdict,
            beside=beside,
        )
    )
    for line in report.comparison.lines() if report.comparison else ():
        print_text(f"  {line}")
