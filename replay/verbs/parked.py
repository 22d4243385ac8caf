"""parked STORE [VIEW]: views that stand still at an event; tried again, or told to skip it."""

import argparse
import getpass
from typing import Any

from msgspec.structs import asdict

from replay.catalog.parking import Parked, parked, retry, skip
from replay.errors import UnknownView
from replay.printing import print_json, print_text
from replay.progress_lines import add_progress_argument
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.views import skips
from replay.words import counted, said
from store.interface import EventReader
from store.opening import reading
from store.place import path_of

HELP = said("list views that have stopped at an event: retry it, or skip it with a reason")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without --retry or --skip they are only told."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "view", nargs="?", metavar="VIEW", help=said("the view to retry or skip an event for")
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--retry", action="store_true", help=said("try the event again"))
    what.add_argument("--skip", metavar="REASON", help=said("skip the event, with this reason"))
    parser.add_argument("--actor", metavar="NAME", help=said("who decides; default: you"))
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 while a view stands still."""
    with reading(arguments.store) as log:
        if arguments.retry or arguments.skip is not None:
            _decide(log, arguments)
            catch_up(log, only=[arguments.view], patience_s=arguments.patience)
        found = parked(log)
        if arguments.json:
            print_json(
                {
                    "parked": [_facts(it) for it in found],
                    "skipped": [asdict(it) for it in skips.load(log.place)],
                }
            )
        else:
            _print(log, found)
    return 1 if found else 0


def _decide(log: EventReader, arguments: argparse.Namespace) -> None:
    if arguments.view is None:
        raise UnknownView("")
    if arguments.retry:
        retry(log, arguments.view)
    else:
        by = arguments.actor or getpass.getuser()
        skip(log, arguments.view, reason=arguments.skip, by=by)


def _facts(it: Parked) -> dict[str, Any]:
    event = it.event
    return {
        "view": it.error.name,
        "position": it.error.position,
        "error": it.error.message,
        "attempts": it.error.attempts,
        "traceback": it.error.traceback,
        "type": event.type if event else None,
        "stream": event.stream if event else None,
    }


def _print(log: EventReader, found: tuple[Parked, ...]) -> None:
    if not found:
        print_text(said("no view has stopped"))
    for it in found:
        what = (
            said("{type} in {stream}", type=it.event.type, stream=it.event.stream)
            if it.event
            else said("an event")
        )
        often = counted("once", "{count} times", it.error.attempts)
        print_text(
            said(
                "{name} stopped at {position:,}, {what}, tried {often}: {value}",
                name=it.error.name,
                position=it.error.position,
                what=what,
                often=often,
                value=it.error.message,
            )
        )
    for one in skips.load(log.place):
        print_text(
            said(
                "{view} skips {position:,}: {reason} ({by})",
                view=one.view,
                position=one.position,
                reason=one.reason,
                by=one.by,
            )
        )
