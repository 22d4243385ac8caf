"""views STORE: every view, how far it is, and what it has for columns."""

import argparse
import sqlite3
from pathlib import Path
from typing import Any

from replay.printing import print_json, print_table
from replay.read_store import open_views_to_read
from replay.view_query import ViewStatus, list_views, size_of
from store.connect import open_log
from store.reader import LogReader

HELP = "list views with checkpoint, lag, rows, size and columns"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """They are told as they are: nothing is brought up first."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--json", action="store_true", help="one JSON object a view")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view stands still because of an error."""
    log = LogReader(open_log(arguments.store))
    db = open_views_to_read(log)
    try:
        found = [_facts(it, db) for it in list_views(db, log)]
    finally:
        if db is not None:
            db.close()
        log.close()
    if arguments.json:
        for facts in found:
            print_json(facts)
    else:
        titles = ["view", "checkpoint", "lag", "rows", "writes", "bytes", "error", "columns"]
        print_table(titles, [_row(it) for it in found])
    return 1 if any(it["error"] for it in found) else 0


def _facts(it: ViewStatus, db: sqlite3.Connection | None) -> dict[str, Any]:
    return {
        "view": it.name,
        "title": it.title,
        "checkpoint": it.checkpoint,
        "lag": it.lag,
        "rows": it.row_count,
        "writes": it.write_count,
        "bytes": size_of(db, it.name) if db is not None else None,
        "error": it.error,
        "error_position": it.error_position,
        "standing": it.standing,
        "columns": [{"name": c.name, "kind": c.kind, "is_key": c.is_key} for c in it.columns],
    }


def _row(it: dict[str, Any]) -> list[str]:
    columns = ", ".join(f"{c['name']}*" if c["is_key"] else c["name"] for c in it["columns"])
    numbers = [f"{it[name]:,}" for name in ("checkpoint", "lag", "rows", "writes")]
    size = "" if it["bytes"] is None else f"{it['bytes']:,}"
    return [it["view"], *numbers, size, it["error"] or it["standing"], columns]
