"""sql STORE "SELECT …": ask the views in SQL."""

import argparse
from pathlib import Path
from typing import Any

from replay.catch_up import catch_up
from replay.printing import print_json, print_table, print_text
from replay.read_store import open_views_to_read
from replay.sql_query import ROWS, SECONDS, SqlFailed, ask
from replay.verbs.log import whole_number
from store.connect import open_log
from store.reader import LogReader

HELP = "ask the views in SQL, read-only"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every view is a table of its name; its history is NAME_history."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("statement", metavar="SELECT")
    parser.add_argument("--limit", type=whole_number, default=ROWS, metavar="N")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="S")
    parser.add_argument("--explain", action="store_true", help="how SQLite comes by it")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the statement is wrong, writes, or takes too long."""
    log = LogReader(open_log(arguments.store))
    try:
        catch_up(log, arguments.store)
        db = open_views_to_read(log)
        if db is None:
            raise SqlFailed("there are no views yet", "Build them: main.py rebuild STORE")
        try:
            found = ask(db, arguments.statement, limit=arguments.limit, seconds=arguments.seconds)
        finally:
            db.close()
    finally:
        log.close()
    if arguments.explain:
        for line in found.plan:
            print_text(line)
    elif arguments.json:
        for row in found.rows:
            print_json(dict(zip(found.columns, map(_plain, row), strict=True)))
    else:
        print_table(list(found.columns), [[_text(it) for it in row] for row in found.rows])
        if found.is_cut:
            print_text(f"… more than {arguments.limit:,} rows (--limit)")
    return 0


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _text(value: Any) -> str:
    return "" if value is None else str(_plain(value))
