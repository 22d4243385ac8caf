"""views STORE|URL: every view, how far it is, and what it has for columns."""

import argparse
import sqlite3
from contextlib import closing
from typing import Any

from replay.printing import print_json, print_table
from replay.projector.rates import Rates, duration
from replay.projector.recorded_rates import recorded_rates
from replay.query_store.asked import store_or_address
from replay.query_store.interface import StoredView
from replay.query_store.kind import open_query_store
from replay.query_store.stored_rows import columns_of
from replay.questions.view_query import ViewStatus
from replay.questions.view_status import list_views, size_of
from replay.views.read_store import reading_views
from replay.words import said
from store.opening import reading
from store.remote.address import Address
from store.times import format_moment, now_us

HELP = said("list views with checkpoint, lag, rows, size and columns")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """They are told as they are: nothing is brought up first. Rates are those that a projector
    which runs now has measured."""
    parser.add_argument(
        "store",
        type=store_or_address,
        metavar="STORE|URL",
        help=said("the store, or a query store such as opensearch://host:9200/name"),
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per view"))


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view stands still because of an error."""
    if isinstance(arguments.store, Address):
        return _run_there(arguments.store, arguments)
    with reading(arguments.store) as log, reading_views(log) as db:
        rates = {} if db is None else recorded_rates(db, now=now_us())
        found = [_facts(it, db, rates.get(it.name)) for it in list_views(db, log)]
    if arguments.json:
        for facts in found:
            print_json(facts)
    else:
        titles = [
            "view",
            "checkpoint",
            "lag",
            "old",
            "in/s",
            "out/s",
            "current",
            "rows",
            "writes",
            "bytes",
            "error",
            "columns",
        ]
        print_table(titles, [_row(it) for it in found])
    return 1 if any(it["error"] for it in found) else 0


def _run_there(address: Address, arguments: argparse.Namespace) -> int:
    """What a query store holds; what is not shown yet is being written, or was replaced."""
    with closing(open_query_store(address)) as store:
        held = store.views()
    if arguments.json:
        for it in held:
            print_json(_stored_facts(it))
        return 0
    print_table(
        ["view", "position", "written", "shown", "log", "columns"],
        [
            [
                it.made_of.view,
                f"{it.position:,}",
                format_moment(it.noted_at_us)[:19] if it.noted_at_us else "",
                said("yes") if it.is_shown else said("no"),
                it.made_of.log,
                ", ".join(f"{c.name}*" if c.is_key else c.name for c in columns_of(it)),
            ]
            for it in held
        ],
    )
    return 0


def _stored_facts(it: StoredView) -> dict[str, Any]:
    return {
        "view": it.made_of.view,
        "title": it.made_of.title,
        "checkpoint": it.position,
        "checkpoint_id": it.event_id,
        "noted_at": format_moment(it.noted_at_us) if it.noted_at_us else None,
        "is_shown": it.is_shown,
        "log": it.made_of.log,
        "definition": it.made_of.definition,
        "columns": [{"name": c.name, "kind": c.kind, "is_key": c.is_key} for c in columns_of(it)],
    }


def _facts(it: ViewStatus, db: sqlite3.Connection | None, rates: Rates | None) -> dict[str, Any]:
    stale_us = None if it.stale_since_us is None else max(now_us() - it.stale_since_us, 0)
    return {
        "view": it.name,
        "title": it.title,
        "checkpoint": it.checkpoint,
        "lag": it.lag,
        "stale_ms": None if stale_us is None else stale_us // 1_000,
        "rate_in": rates.coming if rates else None,
        "rate_out": rates.folded if rates else None,
        "seconds_left": rates.seconds_left if rates else None,
        "is_losing": rates.is_losing if rates else None,
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
    numbers = [_number(it[name]) for name in ("checkpoint", "lag")]
    old = "" if it["stale_ms"] is None else duration(it["stale_ms"] / 1_000)
    speed = [_number(it["rate_in"]), _number(it["rate_out"]), _when(it)]
    counts = [_number(it[name]) for name in ("rows", "writes", "bytes")]
    trouble = it["error"] or it["standing"]
    return [it["view"], *numbers, old, *speed, *counts, trouble, columns]


def _when(it: dict[str, Any]) -> str:
    """When the view will have caught up."""
    if not it["lag"] or it["rate_out"] is None:
        return ""
    return Rates(
        coming=it["rate_in"],
        folded=it["rate_out"],
        seconds_left=it["seconds_left"],
        is_losing=it["is_losing"],
    ).words


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
