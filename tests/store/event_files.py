"""Small event files for import tests, and what a log holds afterwards."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from store.events import RecordedEvent
from store.opening import reading

AT = "2026-03-14T09:41:09.921000+00:00"


def event(n: int, **facts: Any) -> dict[str, Any]:
    """One canonical line, with the given members changed."""
    known = {"stream": "s-1", "stream_version": n, "type": "Noted", "id": f"e{n}"}
    return {**known, "occurred_at": AT, "recorded_at": AT, "data": {"n": n}, **facts}


def cloud_event(n: int, **facts: Any) -> dict[str, Any]:
    """One CloudEvent, with the given attributes changed."""
    known = {"specversion": "1.0", "id": f"e{n}", "source": "/a", "type": "noted", "subject": "s-1"}
    return {**known, "time": AT, "data": {"n": n}, **facts}


def write_lines(path: Path, *lines: dict[str, Any] | str) -> Path:
    """A file of JSON Lines."""
    texts = [it if isinstance(it, str) else json.dumps(it) for it in lines]
    path.write_text("".join(f"{it}\n" for it in texts), encoding="utf-8")
    return path


def rows_of(source: Path) -> int:
    """Of every table of a SQLite file."""
    db = sqlite3.connect(source)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    counts = [db.execute(f'SELECT count(*) FROM "{it}"').fetchone()[0] for it in tables]
    db.close()
    return sum(counts)


def events_in(store: Path) -> list[RecordedEvent]:
    """Everything in a log."""
    with reading(store) as reader:
        return list(reader.read())


def links_in(store: Path) -> dict[int, tuple[str, ...]]:
    """The links of a log, by position."""
    with reading(store) as reader:
        return reader.links_between(1, reader.head())
