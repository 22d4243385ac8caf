"""info STORE: what is in it."""

import argparse
from itertools import islice
from typing import Any, Final

from replay.printing import print_facts, print_json, print_table, print_text
from replay.questions.view_status import list_views
from replay.views.read_store import reading_views
from replay.words import counted, said
from store.interface import EventReader
from store.opening import reading
from store.place import Place, path_of

HELP = said("show what a store holds: events, streams, types, times, size, views")

TYPES_SHOWN: Final = 1_000  # in the table
SNAPSHOTS = "SELECT count(*) FROM snapshots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only the store."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Folds nothing: of the views it tells how far they have come."""
    with reading(arguments.store) as log:
        facts = {"store": str(arguments.store), **_facts(log)}
    if arguments.json:
        print_json(facts)
        return 0
    views = facts.pop("views")
    types = facts.pop("types")
    print_facts((label.replace("_", " "), value) for label, value in facts.items())
    print_table(
        ("type", "events"),
        [(name, f"{count:,}") for name, count in islice(types.items(), TYPES_SHOWN)],
    )
    if (more := len(types) - TYPES_SHOWN) > 0:
        print_text(
            said(
                "… and {more}; --json has all",
                more=counted("{count:,} more type", "{count:,} more types", more),
            )
        )
    rows = [
        (
            it["name"],
            f"{it['checkpoint']:,}",
            f"{it['lag']:,}",
            f"{it['rows']:,}",
            it["error"] or "",
        )
        for it in views
    ]
    print_table(("view", "checkpoint", "lag", "rows", "error"), rows)
    return 0


def _facts(log: EventReader) -> dict[str, Any]:
    head = log.head()
    first, last = log.event(1), log.event(head)
    types = log.type_counts()
    views_file = log.place.views
    return {
        "store_id": log.store_id(),
        "access": _access(log.place),
        "events": head,
        "streams": len(log.stream_names()),
        "types": types,
        "head": head,
        "first_recorded_at": first.recorded_at if first else None,
        "last_recorded_at": last.recorded_at if last else None,
        "bytes": log.place.path.stat().st_size,
        "views_bytes": views_file.stat().st_size if views_file.exists() else 0,
        "snapshots": _snapshots(log),
        "views": _views(log),
    }


def _access(place: Place) -> str:
    """Of this account."""
    return (
        said("read-only: {only_read}", only_read=place.only_read)
        if place.only_read
        else said("writable")
    )


def _snapshots(log: EventReader) -> int:
    with reading_views(log) as db:
        return 0 if db is None else int(db.execute(SNAPSHOTS).fetchone()[0])


def _views(log: EventReader) -> list[dict[str, Any]]:
    with reading_views(log) as db:
        return [
            {
                "name": it.name,
                "checkpoint": it.checkpoint,
                "lag": it.lag,
                "rows": it.row_count,
                "error": it.error,
            }
            for it in list_views(db, log)
        ]
