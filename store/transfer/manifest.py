"""The log's own record of an import: what was read, by its hash, and what came of it."""

import sqlite3
from typing import Final

from store import json_text
from store.reading.source import Source
from store.times import now_us
from store.transfer.report import ImportReport

_ADD: Final = "INSERT INTO imports (imported_at_us, last_position, manifest) VALUES (?, ?, ?)"


def write_manifest(db: sqlite3.Connection, source: Source, report: ImportReport) -> None:
    """Add the import to the log, inside the transaction that stores its events."""
    manifest = {
        "format": report.format,
        "file": source.path.name,
        "bytes": source.total_bytes,
        "sha256": source.sha256(),
        "first_position": report.first_position,
        "last_position": report.last_position,
        "counts": {name: it for name, it in report.as_dict().items() if name in _COUNTS},
        "choices": source.choices,
        "notes": source.notes,
    }
    db.execute(_ADD, [now_us(), report.last_position, json_text.encode(manifest)])


def has_renumbered(db: sqlite3.Connection) -> bool:
    """Whether an earlier import brought events with another version than they have."""
    return bool(db.execute(_HAS_RENUMBERED).fetchone()[0])


_HAS_RENUMBERED: Final = """
SELECT EXISTS (SELECT 1 FROM imports WHERE json_extract(manifest, '$.counts.renumbered') > 0)
"""
_COUNTS: Final = frozenset(
    {
        "read",
        "stored",
        "duplicates",
        "conflicts",
        "rejected",
        "gaps",
        "renumbered",
        "streams",
        "types",
    }
    | {"minted_ids", "minted_versions", "naive_times", "opaque", "clock_steps_back"}
)
