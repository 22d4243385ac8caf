"""consequences STORE BRANCH: what would follow from the edits of a branch."""

import argparse
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from replay.consequences.between import of_branches
from replay.consequences.consequences import consequences
from replay.consequences.found import KINDS, Found, kind_of
from replay.consequences.lines import Lines, of_branch
from replay.consequences.telling import line_of
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.snapshots.snapshots import folded
from replay.standard_output import OUTPUT
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.terminal_progress import TerminalProgress
from replay.views.read_store import reading_views
from replay.words import counted, said
from store import json_text
from store.branches.opening import existing_branch, reading_branch
from store.branches.reader import BranchReader
from store.errors import Cancelled
from store.interface import EventReader
from store.opening import reading
from store.place import MAIN, Place, path_of

HELP = said(
    "list what would follow from a branch's edits: states, commands, messages, timers, view rows"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is written, sent or asked. Each is told as soon as it is found."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("name", metavar="BRANCH", help=said("the name of the branch"))
    parser.add_argument(
        "--against",
        default=MAIN,
        metavar="OTHER",
        help=said("compare with another branch; without this with the log, main"),
    )
    parser.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        default=[],
        help=said("only these, may be repeated"),
    )
    parser.add_argument(
        "--json", action="store_true", help=said("one JSON object each, and a last one that counts")
    )
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0, whether or not anything follows."""
    lines = ProgressLines(is_on=arguments.progress)
    counts: Counter[str] = Counter()
    with (
        _both(arguments) as (both, found),
        TerminalProgress(said("comparing"), unit=said("positions")) as terminal,
    ):
        for it in found(told=partial(_tell, lines, terminal), kinds=arguments.kind or KINDS):
            counts[kind_of(it)] += 1
            _print(it, lines, is_json=arguments.json)
        head, right_head = both.head, both.right_head
    if arguments.json:
        print_json({"consequences": counts, "head": head, "branch_head": right_head})
    elif not counts:
        print_text(said("nothing follows: states, rows and messages are the same"))
    else:
        total = counts.total()
        print_text(counted("{count:,} consequence", "{count:,} consequences", total))
    return 0


def _tell(lines: ProgressLines, terminal: TerminalProgress, done: int, total: int) -> None:
    lines.wait_while_paused()
    if lines.is_cancelled():
        raise Cancelled
    terminal.tell(done, total)
    lines.tell(fraction=min(done / max(total, 1), 1.0), events=done)


def _print(it: Found, lines: ProgressLines, *, is_json: bool) -> None:
    if lines.is_on:
        lines.found(json_text.encode(it))
    elif is_json:
        print_json(it)
    else:
        print_text(line_of(it))
        OUTPUT.flush()


@contextmanager
def _both(arguments: argparse.Namespace) -> Iterator[tuple[Lines, Callable[..., Iterator[Found]]]]:
    """A branch, and the log or the branch that it is compared with, and what finds the
    consequences."""
    models = chosen_models(arguments)
    path = existing_branch(arguments.store, arguments.name)
    other = Place(path).log
    if arguments.against != MAIN:
        other = existing_branch(arguments.store, arguments.against)
    with reading(other) as log, reading_branch(path) as branch, reading_views(log) as views:
        both = _lines(log, branch)
        left, right = _states(models, views), StreamStates(models=models)
        yield both, partial(consequences, both, left, right, views=views)


def _lines(left: EventReader, branch: BranchReader) -> Lines:
    return of_branches(left, branch) if isinstance(left, BranchReader) else of_branch(left, branch)


def _states(models: ModelSet, views: sqlite3.Connection | None) -> StreamStates:
    """Of the log, with the snapshots of its views where there are some."""
    if views is None:
        return StreamStates(models=models)
    return StreamStates(models=models, snapshot_before=partial(folded, views))
