"""The log's own record of an import: what was read, by its hash, and what came of it."""

import sqlite3
from typing import Final

from store import json_text
from store.reading.source import Source
from store.times import now_us
from store.transfer.report import ImportReport

_ADD: Final = "INSERT INTO imports (imported_at_us, last_position, manifest) VALUES (?, ?, ?)"


def write_manifest(
    db: sqlite3.Connection, source: Source, report: ImportReport, *, has_other_versions: bool
) -> None:
    """Add the import to the log, inside the transaction that stores its events."""
    counts = {**report.numbers(), "streams": report.streams, "types": report.types}
    del counts["answers"]  # they are read afterwards
    manifest = {
        "format": report.format,
        "file": source.path.name,
        "bytes": source.total_bytes,
        "sha256": source.sha256(),
        "first_position": report.first_position,
        "last_position": report.last_position,
        "counts": counts,
        "has_other_versions": has_other_versions,
        "choices": source.choices,
        "notes": source.notes,
    }
    db.execute(_ADD, [now_us(), report.last_position, json_text.encode(manifest)])


def has_other_versions(db: sqlite3.Connection) -> bool:
    """Whether an earlier import brought events that came with another version than they have.

    Manifests of before `has_other_versions` counted these as renumbered.
    """
    return bool(db.execute(_HAS_OTHER_VERSIONS).fetchone()[0])


_HAS_OTHER_VERSIONS: Final = """
SELECT EXISTS (
    SELECT 1 FROM imports WHERE json_extract(manifest, '$.counts.renumbered') > 0
                             OR json_extract(manifest, '$.has_other_versions'))
"""
