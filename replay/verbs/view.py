"""view STORE NAME: the rows of a view, now or as of any past moment."""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from replay.catch_up import catch_up, wait_for
from replay.moment import parse_moment_text, position_of
from replay.patience import LIMIT_S, Patience
from replay.printing import print_json, print_table
from replay.read_store import open_views_to_read
from replay.staleness import old_words
from replay.verbs.log import whole_number
from replay.view_query import ViewPage, ViewRow, page, row
from store.connect import open_log
from store.reader import LogReader
from store.times import now_us

HELP = "print the rows of a view, now or as of a position or time"
PAGE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`info` names the views there are."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("name", metavar="NAME", help="streams, event_types, latest_states, …")
    parser.add_argument("--at", metavar="POSITION|TIME", help="as of this moment, included")
    parser.add_argument("--key", metavar="K", help="only the row with this key")
    parser.add_argument("--limit", type=whole_number, metavar="N", help="at most N rows")
    parser.add_argument("--must-show", type=whole_number, metavar="P",
                        help="nothing is printed unless the view has come to this position"
                        )  # fmt: skip
    parser.add_argument("--patience", type=float, default=LIMIT_S, metavar="S",
                        help="how long to wait for that")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: argparse.Namespace) -> int:
    """Brings the views up with the log first; says how far behind one is that stands still."""
    log = LogReader(open_log(arguments.store))
    db: sqlite3.Connection | None = None
    try:
        if arguments.must_show is None:
            catch_up(log, arguments.store)
        else:
            wait_for(
                log, arguments.store, arguments.name, arguments.must_show,
                patience=Patience(limit_s=arguments.patience),
            )  # fmt: skip
        db = open_views_to_read(log)
        at = None
        if arguments.at is not None:
            at = position_of(log, parse_moment_text(arguments.at))
        pages = _pages(db, log, arguments, at)
        return _print(pages, as_json=arguments.json)
    finally:
        if db is not None:
            db.close()
        log.close()


def _pages(
    db: sqlite3.Connection | None, log: LogReader, arguments: argparse.Namespace, at: int | None
) -> Iterator[ViewPage]:
    if arguments.key is not None:
        yield row(db, log, arguments.name, (arguments.key,), at=at)
        return
    after: tuple[Any, ...] | None = None
    left = arguments.limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        found = page(db, log, arguments.name, at=at, after=after, limit=size)
        yield found
        if len(found.rows) < size:
            return
        after = found.rows[-1].key
        left = None if left is None else left - size


def _print(pages: Iterator[ViewPage], *, as_json: bool) -> int:
    """Exit code 1 when the view could not come to the moment that was asked for."""
    listed: list[list[str]] = []
    titles: list[str] = []
    trouble = ""
    for found in pages:
        trouble = _trouble(found)
        titles = [column.name for column in found.columns]
        for it in found.rows:
            if as_json:
                print_json(_facts(found, it))
            else:
                listed.append(["" if value is None else str(value) for value in it.values])
    if not as_json and titles:
        print_table(titles, listed)
    if trouble:
        sys.stderr.write(f"main.py: {trouble}\nLook for the reason with: main.py info STORE\n")
    return 1 if trouble else 0


def _trouble(found: ViewPage) -> str:
    """Why these rows are not what was asked for; empty when they are."""
    if not found.is_ready:
        return "this view is still being built, so its past cannot be asked yet."
    if found.behind:
        old = old_words(found.stale_since_us, now_us())
        told = f"this view is {found.behind:,} events behind what was asked for"
        return f"{told}; what it shows is {old}." if old else f"{told}."
    return ""


def _facts(found: ViewPage, it: ViewRow) -> dict[str, Any]:
    """The columns by name; JSON columns as values; `position` of the event that wrote the row."""
    return {**found.facts(it), "position": it.position}
