"""follow SOURCE [--into STORE]: store what a file holds, and what it grows by, as it comes."""

import argparse
from pathlib import Path

from replay.choice_argument import add_choice_argument, choices_of
from replay.commands.authority import READ_ONLY
from replay.growing_copy import Behind, GrowingCopy, lasts
from replay.new_store import new_store_beside
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.verbs.import_ import MayNotAppend
from replay.words import said
from store.following.follow import follow_file
from store.following.followed_file import Wanted, wanted_before
from store.following.lag import Lag
from store.place import path_of
from store.reading.detect import format_named
from store.transfer.new_name import free_copy, newest_copy, store_beside

HELP = said("store the events of a file, and those that its program adds, until Ctrl+C")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file is only read. The next follower of the same file goes on where this one ended."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help=said("JSON Lines, or SQLite"))
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", help=said("default: a store beside the file")
    )
    parser.add_argument("--format", help=said("instead of detecting it from the content"))
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--once", action="store_true", help=said("stop when everything present is stored")
    )
    parser.add_argument(
        "--again", action="store_true", help=said("read the file from the beginning")
    )
    parser.add_argument(
        "--free-name",
        action="store_true",
        help=said("choose another name if the default one exists"),
    )
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each batch that was stored, and when it is behind."""
    store = arguments.into or _beside(arguments.source, may_be_free=arguments.free_name)
    if READ_ONLY in arguments.role:
        raise MayNotAppend(store)
    lines = ProgressLines(is_on=arguments.progress)
    told = GrowingCopy(store, is_json=arguments.json, lines=lines)
    counts = follow_file(
        arguments.source,
        into=store,
        wanted=_stated(arguments),
        is_endless=not arguments.once,
        is_again=arguments.again,
        on_batch=told.tell_stored,
        on_lag=lambda it: told.tell_behind(_behind(it)),
        is_ended=told.is_ended,
    )
    told.tell_end(counts)
    return 0


def _beside(source: Path, *, may_be_free: bool) -> Path:
    """The store beside a file that it was followed into before, or else a new one. Raises
    StoreExists where that name is taken, unless it may be a free one."""
    first = store_beside(source)
    for it in {newest_copy(first), first}:
        if it.exists() and wanted_before(it, source):
            return it
    return free_copy(first) if may_be_free else new_store_beside(source)


def _stated(arguments: argparse.Namespace) -> Wanted | None:
    """What the command line says of how to read the file; None where it says nothing, so that it is
    read as before."""
    if arguments.format is not None:
        format_named(arguments.format)
    wanted = Wanted(
        format=arguments.format or "", choices=choices_of(arguments), rules=rules_of(arguments)
    )
    return None if wanted == Wanted() else wanted


def _behind(lag: Lag) -> Behind:
    return Behind(
        text=lag.text,
        facts={"lag": {"seconds": round(lag.seconds, 3), "bytes": lag.bytes}},
        lasting=said("missing") if lag.is_missing else lasts(lag.seconds),
    )
