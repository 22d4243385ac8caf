"""The log's own record of an import: what was read, by its hash, and what came of it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from store import json_text
from store.beside.chained_rows import record_rows
from store.errors import WrongRules
from store.shaping.rules import NO_RULES, ImportRules
from store.shaping.rules_file import rules_from
from store.sqlite.connect import open_log
from store.times import now_us
from store.transfer.bundle import Bundle
from store.transfer.report import ImportCounts, ImportReport, Tally
from store.words import said

_ADD: Final = "INSERT INTO imports (imported_at_us, last_position, manifest) VALUES (?, ?, ?)"


def write_manifest(
    db: sqlite3.Connection,
    bundle: Bundle,
    tally: Tally,
    report: ImportReport,
    *,
    rules: ImportRules,
    has_other_versions: bool,
) -> None:
    """Add the import to the log, inside the transaction that stores its events."""
    counts = {**report.numbers(), "streams": report.streams, "types": report.types}
    del counts["answers"], counts["bad_answers"]  # they are read afterwards
    manifest: dict[str, Any] = {
        "format": report.format,
        **bundle.facts(tally),
        "first_position": report.first_position,
        "last_position": report.last_position,
        "counts": counts,
        "has_other_versions": has_other_versions,
    }
    if rules != NO_RULES:
        manifest["rules"] = rules.as_dict()
    _add(db, report.last_position, manifest)


def write_cursor(
    db: sqlite3.Connection,
    *,
    feed: str,
    format_name: str,
    cursor: str,
    first_position: int,
    counts: ImportCounts,
    has_other_versions: bool,
    settings: Mapping[str, Any],
) -> None:
    """Add one batch of a source without an end, inside the transaction that stores it.

    Nothing is added when the batch neither stores anything nor moves the cursor.
    """
    if not counts.stored and cursor == last_cursor(db, feed):
        return
    last = first_position + counts.stored - 1 if counts.stored else 0
    manifest = {
        "format": format_name,
        "feed": feed,
        "cursor": cursor,
        "first_position": first_position if counts.stored else 0,
        "last_position": last,
        "counts": {name: it for name, it in counts.numbers().items() if it},
        "has_other_versions": has_other_versions,
        **settings,
    }
    _add(db, last, manifest)


def write_settings(
    db: sqlite3.Connection, *, feed: str, format_name: str, settings: Mapping[str, Any]
) -> None:
    """Keep how a source is read from now on, inside a transaction, though nothing came from it.
    Nothing is added where it is kept already."""
    if settings.items() <= last_settings(db, feed).items():
        return
    manifest = {
        "format": format_name,
        "feed": feed,
        "cursor": last_cursor(db, feed),
        "first_position": 0,
        "last_position": 0,
        "counts": {},
        "has_other_versions": False,
        **settings,
    }
    _add(db, 0, manifest)


def last_cursor(db: sqlite3.Connection, feed: str) -> str | None:
    """The cursor of the last batch that came from a source; None when there was none."""
    row = db.execute(_LAST_CURSOR, [feed]).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def last_settings(db: sqlite3.Connection, feed: str) -> Mapping[str, Any]:
    """The manifest of the last batch that came from a source; empty when there was none."""
    row = db.execute(_LAST_BATCH, [feed]).fetchone()
    found: Mapping[str, Any] = {} if row is None else json_text.decode(row[0])
    return found


def last_batch(store: Path, feed: str) -> Mapping[str, Any] | None:
    """The manifest of the last batch that came from a source; None when there was none. Raises
    what `open_log` raises."""
    with closing(open_log(store)) as db:
        row = db.execute(_LAST_BATCH, [feed]).fetchone()
    found: Mapping[str, Any] | None = None if row is None else json_text.decode(row[0])
    return found


def rules_kept_in(store: Path) -> ImportRules:
    """The rules of the last import that had any. Raises WrongRules where there was none, and what
    `open_log` raises."""
    with closing(open_log(store)) as db:
        row = db.execute(_LAST_RULES).fetchone()
    if row is None:
        raise WrongRules([("rules", said("no import of {name} had rules", name=store.name))])
    return rules_from(row[0])


def other_versions_since(db: sqlite3.Connection, import_id: int) -> tuple[bool, int]:
    """Whether an import later than this one brought events that came with another version than
    they have; and the newest import.

    Manifests of before `has_other_versions` counted these as renumbered.
    """
    is_so, newest = db.execute(_OTHER_VERSIONS, [import_id]).fetchone()
    return bool(is_so), int(newest)


def _add(db: sqlite3.Connection, last_position: int, manifest: Mapping[str, Any]) -> None:
    record_rows(db, "imports", _ADD, [(now_us(), last_position, json_text.encode(dict(manifest)))])


_LAST_CURSOR: Final = """
SELECT json_extract(manifest, '$.cursor') FROM imports
WHERE json_extract(manifest, '$.feed') = ? ORDER BY id DESC LIMIT 1
"""
_LAST_BATCH: Final = """
SELECT manifest FROM imports
WHERE json_extract(manifest, '$.feed') = ? ORDER BY id DESC LIMIT 1
"""
_LAST_RULES: Final = """
SELECT json_extract(manifest, '$.rules') FROM imports
WHERE json_type(manifest, '$.rules') = 'object' ORDER BY id DESC LIMIT 1
"""
_OTHER_VERSIONS: Final = """
SELECT EXISTS (
    SELECT 1 FROM imports WHERE id > ?1
    AND (json_extract(manifest, '$.counts.renumbered') > 0
         OR json_extract(manifest, '$.has_other_versions'))),
    (SELECT coalesce(max(id), 0) FROM imports)
"""
