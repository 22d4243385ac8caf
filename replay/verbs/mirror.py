"""mirror URL --into STORE: keep a local copy of an event store on a server."""

import argparse

from replay.commands.authority import READ_ONLY
from replay.growing_copy import GrowingCopy, behind_of
from replay.printing import print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.verbs.import_ import MayNotAppend
from replay.words import said
from store.place import path_of
from store.remote.address import address_of
from store.remote.interface import Abilities
from store.remote.mirroring import mirror_remote

HELP = said("copy the events of a store on a server, such as postgresql://…, into a local store")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The server is only read. The next mirror goes on where this one ended."""
    parser.add_argument(
        "url", metavar="URL", help=said("for example postgresql://user@host/db?schema=foldline")
    )
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", required=True, help=said("made when it is missing")
    )
    parser.add_argument(
        "--follow", action="store_true", help=said("go on with what comes, until Ctrl+C")
    )
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object a line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each batch that was stored, and of a distance that lasts."""
    if READ_ONLY in arguments.role:
        raise MayNotAppend(arguments.into)
    lines = ProgressLines(is_on=arguments.progress)
    told = GrowingCopy(arguments.into, is_json=arguments.json, lines=lines)
    counts = mirror_remote(
        address_of(arguments.url),
        into=arguments.into,
        is_endless=arguments.follow,
        on_opened=lambda it: _tell_program(it, is_on=not (arguments.json or arguments.progress)),
        on_batch=told.tell_stored,
        on_distance=lambda it: told.tell_behind(behind_of(it)),
        is_ended=told.is_ended,
    )
    told.tell_end(counts)
    return 0


def _tell_program(found: Abilities, *, is_on: bool) -> None:
    """Whose store it is was perhaps told by its tables alone."""
    if found.program and is_on:
        print_text(said("a store of {program}", program=found.program))
