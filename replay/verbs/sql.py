"""sql STORE "SELECT …": ask the views and the log in SQL; questions can be given names."""

import argparse
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Any, Final

from replay.catalog.all_views import every_name, views_without_code
from replay.command_name import as_typed, complain
from replay.printing import print_json, print_table, print_text, value_text
from replay.projector.catch_up import catch_up, wait_for
from replay.projector.patience import patience_of
from replay.questions import saved_questions
from replay.questions.sample_questions import shipped_questions
from replay.questions.sql_freshness import Stale, require_shown, stale_ones, views_read
from replay.questions.sql_query import ROWS, SECONDS, SqlFailed, ask, open_to_ask
from replay.questions.sql_tables import shipped, sql_tables
from replay.questions.sql_words import as_name
from replay.verbs.log import whole_number
from replay.view_version import version_named
from replay.views.read_store import open_views
from replay.words import said
from store.interface import EventReader
from store.opening import reading
from store.place import Place, path_of
from store.times import now_us

BEHIND: Final = "_behind"  # in a row of JSON: view → events that it lacks
_MORE: Final = said("--limit N allows more rows. The maximum is 64 MB of text.")
HELP = said("query the views and the log in SQL, read-only")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every view is a table of its name, its history is NAME_history; events are event_log."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "statement", nargs="?", metavar="SELECT", help=said("the SQL statement, in quotes")
    )
    parser.add_argument("--saved", metavar="NAME", help=said("run a saved query"))
    parser.add_argument("--save", metavar="NAME", help=said("run it, and save it under this name"))
    parser.add_argument("--list", action="store_true", help=said("list the saved queries"))
    parser.add_argument("--tables", action="store_true", help=said("list the tables and columns"))
    parser.add_argument("--limit", type=whole_number, default=ROWS, metavar="N")
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="S",
        help=said("stop the query after this time"),
    )
    parser.add_argument(
        "--must-show",
        type=whole_number,
        metavar="P",
        help=said("wait until the queried views have reached this position"),
    )
    parser.add_argument(
        "--patience",
        type=float,
        metavar="S",
        help=said("how long to wait for the process that updates the views"),
    )
    parser.add_argument("--explain", action="store_true", help=said("print SQLite's query plan"))
    parser.add_argument("--json", action="store_true", help=said("one JSON object per row"))


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the statement is wrong, writes, or takes too long, and when a view that it
    asks is behind the log; that is said too."""
    with reading(arguments.store) as log:
        if arguments.list:
            return _list(log, is_json=arguments.json)
        if arguments.tables:
            return _list_tables(log, is_json=arguments.json)
        statement = _statement(log.place, arguments)
        db = open_to_ask(log) if arguments.must_show is not None else None
        if db is None:
            catch_up(
                log,
                only=_named(log.place, statement),
                patience_s=arguments.patience,
                tells_age=False,
            )
            open_views(log).close()  # one that asks no view may be asked, too
            db = open_to_ask(log)
        db = _there(db)
        try:
            stale = _looked_at(db, log, statement, arguments)
            found = ask(db, statement, limit=arguments.limit, seconds=arguments.seconds)
        finally:
            db.close()
        if arguments.save is not None:
            saved_questions.save(log.place, arguments.save, statement)
    if arguments.explain:
        for line in found.plan:
            print_json({"plan": line}) if arguments.json else print_text(line)
    elif arguments.json:
        behind = {BEHIND: {it.view: it.behind for it in stale}} if stale else {}
        for row in found.rows:
            print_json({**dict(zip(found.columns, map(_plain, row), strict=True)), **behind})
        if found.is_cut:
            complain(
                said("the answer was cut: it has more than {cut_at}", cut_at=found.cut_at), _MORE
            )
    else:
        print_table(list(found.columns), [[value_text(it) for it in row] for row in found.rows])
        if found.is_cut:
            print_text(said("… more than {cut_at}", cut_at=found.cut_at))
    if found.truths:
        complain(found.truths)
    return _tell(stale)


def _named(place: Place, statement: str) -> list[str]:
    """The views that a statement may ask: those whose name stands in it. SQL names no table in
    any other way."""
    folded = statement.casefold()
    return [it for it in every_name(place) if it.casefold() in folded]


def _looked_at(
    db: sqlite3.Connection, log: EventReader, statement: str, arguments: argparse.Namespace
) -> tuple[Stale, ...]:
    """What the answer will lack. Raises ViewBehind when it must show what it cannot."""
    views, wanted = views_read(db, statement), arguments.must_show
    if wanted is not None:
        patience = patience_of(arguments.patience)
        for view in sorted(it for it in views if version_named(it).is_live):
            wait_for(log, view, wanted, patience=patience)
        require_shown(db, views, wanted)
        return ()
    return stale_ones(db, log, views)


def _tell(stale: tuple[Stale, ...]) -> int:
    for it in stale:
        complain(said("the answer is not up to date: {now_us}", now_us=it.words(now_us())))
    if stale:
        sys.stderr.write(as_typed(said("Find the reason with: main.py views STORE\n")))
    return 1 if any(it.behind for it in stale) else 0


def _statement(place: Place, arguments: argparse.Namespace) -> str:
    if arguments.saved is not None:
        views = ((it.name, it.columns) for it in views_without_code(place))
        return saved_questions.find(place, arguments.saved, shipped_questions(views))
    if arguments.statement is None:
        raise SqlFailed(
            said("no SQL statement was given"),
            said("Quote the statement, or name a saved one with --saved."),
        )
    return str(arguments.statement)


def _list_tables(log: EventReader, *, is_json: bool) -> int:
    """With the views as far as the log has come."""
    catch_up(log)
    with closing(_there(open_to_ask(log))) as db:
        tables = sql_tables(db)
    if is_json:
        print_json([asdict(it) for it in tables])
    for table in tables if not is_json else ():
        print_text(f"{table.name}: {table.about}")
        for it in table.columns:
            words = (it.type, it.about, said("not in *") if it.is_own else "")
            print_text(f"  {as_name(it.name)}: {', '.join(filter(None, words))}")
    return 0


def _there(db: sqlite3.Connection | None) -> sqlite3.Connection:
    if db is None:
        raise SqlFailed(said("there are no views yet"), said("Build them: main.py rebuild STORE"))
    return db


def _list(log: EventReader, *, is_json: bool) -> int:
    """The saved questions, and those that ship whose views are there."""
    found: dict[str, str] = {}
    if (db := open_to_ask(log)) is not None:
        with closing(db):
            found = shipped(db)
    found |= saved_questions.load(log.place)
    if is_json:
        print_json(found)
    for name, statement in found.items() if not is_json else ():
        print_text(f"{name}: {' '.join(statement.split())}")
    return 0


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
