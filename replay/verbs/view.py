"""view STORE|URL NAME: the rows of a view, now or as of any past moment."""

import argparse
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from replay.command_name import complain
from replay.errors import NoPast, ViewBehind
from replay.printing import print_json, print_table, value_text
from replay.projector.catch_up import catch_up, wait_for
from replay.projector.patience import patience_of
from replay.projector.staleness import old_words
from replay.query_store.asked import asking, position_in, refuse_options, store_or_address
from replay.query_store.stored_rows import page_at, row_at
from replay.questions.row_trace import CellChange, cell_writers, changed_rows, trace
from replay.questions.view_query import ViewPage, ViewRow, page, row
from replay.states.moment import parse_moment_text, position_of
from replay.verbs.log import whole_number
from replay.view_version import version_named
from replay.views.read_store import reading_views
from replay.words import counted, said
from store.interface import EventReader
from store.opening import reading
from store.remote.address import Address
from store.times import now_us

HELP = said("print the rows of a view, now or as of a position or time")
PAGE = 500
ALL = 1_000_000  # writes of one row


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`info` names the views there are."""
    parser.add_argument(
        "store",
        type=store_or_address,
        metavar="STORE|URL",
        help=said("the store, or a query store such as opensearch://host:9200/name"),
    )
    parser.add_argument("name", metavar="NAME", help=said("streams, event_types, latest_states, …"))
    parser.add_argument("--at", metavar="POSITION|TIME", help=said("as of this moment, inclusive"))
    parser.add_argument(
        "--key",
        metavar="K",
        action="append",
        help=said("only the row with this key; repeat for each column of the key"),
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--history",
        action="store_true",
        help=said("with --key: every version of the row, and the event that wrote it"),
    )
    what.add_argument(
        "--writers",
        action="store_true",
        help=said("with --key: the event that set the value of each cell"),
    )
    what.add_argument(
        "--changed",
        nargs=2,
        metavar=("FROM", "TO"),
        help=said("the rows written between two positions or times"),
    )
    parser.add_argument("--limit", type=whole_number, metavar="N", help=said("at most N rows"))
    parser.add_argument(
        "--must-show",
        type=whole_number,
        metavar="P",
        help=said("wait until the view has reached this position"),
    )
    parser.add_argument(
        "--patience",
        type=float,
        metavar="S",
        help=said("how long to wait for the process that updates the views"),
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))


def run(arguments: argparse.Namespace) -> int:
    """Brings the views up with the log first; says how far behind one is that stands still. Of a
    query store what is there is told, and how old it is."""
    if isinstance(arguments.store, Address):
        return _run_there(arguments.store, arguments)
    with reading(arguments.store) as log:
        if arguments.must_show is None:
            tells_age = bool(arguments.history or arguments.writers or arguments.changed)
            names, patience_s = [arguments.name], arguments.patience  # rows tell it themselves
            catch_up(log, only=names, patience_s=patience_s, tells_age=tells_age)
        else:
            wait_for(
                log,
                arguments.name,
                arguments.must_show,
                patience=patience_of(arguments.patience),
            )
        with reading_views(log) as db:
            at = None
            if arguments.at is not None:
                at = position_of(log, parse_moment_text(arguments.at))
            if arguments.history:
                return _tell_history(db, log, arguments, at)
            if arguments.writers:
                return _tell_writers(db, log, arguments, at)
            if arguments.changed:
                return _tell_changed(db, log, arguments)
            pages = _pages(db, log, arguments, at)
            return _print(pages, as_json=arguments.json)


def _run_there(address: Address, arguments: argparse.Namespace) -> int:
    refuse_options(arguments, "history", "writers", "changed")
    at, wanted = position_in(arguments.at), arguments.must_show
    with asking(address, arguments.name) as (store, stored):
        if wanted is not None and stored.position < wanted:
            raise ViewBehind(version_named(arguments.name), shown=stored.position, wanted=wanted)
        if arguments.key is not None:
            found = row_at(store, stored, arguments.key, at=at)
        else:
            found = page_at(store, stored, at=at, limit=arguments.limit)
        return _print(iter([found]), as_json=arguments.json)


def _pages(
    db: sqlite3.Connection | None, log: EventReader, arguments: argparse.Namespace, at: int | None
) -> Iterator[ViewPage]:
    if arguments.key is not None:
        yield row(db, log, arguments.name, tuple(arguments.key), at=at)
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


def _tell_history(
    db: sqlite3.Connection | None, log: EventReader, arguments: argparse.Namespace, at: int | None
) -> int:
    """The latest write first; with each what it changed."""
    key = tuple(arguments.key or ())
    limit = arguments.limit or ALL
    found = trace(db, log, arguments.name, key, until=at, limit=limit)
    if found.is_cut and arguments.limit is None:
        complain(
            said("the newest {all:,} versions are shown; there are earlier ones", all=ALL),
            said("Use --limit N."),
        )
    if not arguments.json:
        print_table(
            ["position", "event", "row", "cells"],
            [
                [f"{it.event.position:,}", it.event.type, it.words, _cells(it.cells)]
                for it in found.writes
            ],
        )
        return 0
    for it in found.writes:
        told = {"position": it.event.position, "event": it.event.type, "id": it.event.id}
        print_json({**told, "stream": it.event.stream, "row": it.words, "cells": _json(it.cells)})
    return 0


def _tell_writers(
    db: sqlite3.Connection | None, log: EventReader, arguments: argparse.Namespace, at: int | None
) -> int:
    """By column; a value that the history did not keep has none."""
    key = tuple(arguments.key or ())
    shown = row(db, log, arguments.name, key, at=at, may_lack=True)
    shown.require_answer()
    facts = shown.facts(shown.rows[0]) if shown.rows else {}
    writers = cell_writers(db, log, arguments.name, key, until=shown.as_of)
    names = [it.name for it in shown.columns if it.name in writers]
    told = [(name, facts[name], writers[name]) for name in names]
    if arguments.json:
        for name, value, it in told:
            print_json({"column": name, "value": value, "position": it.position, "event": it.type})
        return 0
    print_table(
        ["column", "value", "position", "event"],
        [[name, _text(value), f"{it.position:,}", it.type] for name, value, it in told],
    )
    return 0


def _tell_changed(
    db: sqlite3.Connection | None, log: EventReader, arguments: argparse.Namespace
) -> int:
    """By the order in which the rows first appeared."""
    after, until = (position_of(log, parse_moment_text(it)) for it in arguments.changed)
    page(db, log, arguments.name, at=until, limit=1).require_answer()
    found = changed_rows(db, log, arguments.name, after=after, until=until, limit=arguments.limit)
    if arguments.json:
        for it in found:
            print_json({"key": it.key, "row": it.words, "cells": _json(it.cells)})
        return 0
    print_table(
        ["key", "row", "cells"],
        [[", ".join(map(str, it.key)), it.words, _cells(it.cells)] for it in found],
    )
    return 0


def _cells(cells: Sequence[CellChange]) -> str:
    return ", ".join(f"{it.column} {_text(it.before)} → {_text(it.after)}" for it in cells)


def _text(value: Any) -> str:
    return value_text(value, absent="–") or '""'


def _json(cells: Sequence[CellChange]) -> dict[str, Any]:
    return {it.column: [it.before, it.after] for it in cells}


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
                listed.append([value_text(value) for value in it.values])
    if not as_json and titles:
        print_table(titles, listed)
    if trouble:
        complain(trouble, said("Find the reason with: main.py info STORE"))
    return 1 if trouble else 0


def _trouble(found: ViewPage) -> str:
    """Why these rows are not what was asked for; empty when they are."""
    if not found.is_ready:
        return str(NoPast(version_named(found.view)))
    if found.behind:
        old = old_words(found.stale_since_us, now_us())
        told = said(
            "this view is {behind} behind the position asked for",
            behind=counted("{count:,} event", "{count:,} events", found.behind),
        )
        return said("{told}. It shows {old}.", told=told, old=old) if old else f"{told}."
    return ""


def _facts(found: ViewPage, it: ViewRow) -> dict[str, Any]:
    """The columns by name; JSON columns as values; `position` of the event that wrote the row."""
    return {**found.facts(it), "position": it.position}
