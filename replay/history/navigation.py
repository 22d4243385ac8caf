"""What there is to choose from: streams and event types with their counts, from the views. A file
of views that does not hold these yet, as a verb leaves it that asked for another one, has none."""

import sqlite3
from dataclasses import dataclass
from typing import Final

LISTED: Final = 2_000  # streams listed at most; the count tells how many there are

STREAMS: Final = """
SELECT stream, event_count + linked_count FROM streams
WHERE stream LIKE ? ESCAPE '\\' ORDER BY stream LIMIT ?
"""
STREAMS_COUNT: Final = "SELECT count(*) FROM streams WHERE stream LIKE ? ESCAPE '\\'"
IS_THERE: Final = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
TYPES: Final = "SELECT type, count FROM event_types ORDER BY _first_position"


@dataclass(frozen=True, slots=True)
class Counted:
    """A name and how many events it has."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamList:
    """The first streams whose name holds a text, by name, and how many there are."""

    streams: tuple[Counted, ...]
    total: int


def list_streams(views: sqlite3.Connection, *, containing: str = "") -> StreamList:
    """Streams whose name holds `containing`, without regard to ASCII case."""
    if not _is_there(views, "streams"):
        return StreamList(streams=(), total=0)
    pattern = f"%{_escaped(containing)}%"
    rows = views.execute(STREAMS, [pattern, LISTED]).fetchall()
    total = len(rows) if len(rows) < LISTED else _count(views, pattern)
    return StreamList(streams=tuple(Counted(*row) for row in rows), total=total)


def list_types(views: sqlite3.Connection) -> tuple[Counted, ...]:
    """Event types in the order in which they first appeared, which gives them their colour."""
    if not _is_there(views, "event_types"):
        return ()
    return tuple(Counted(*row) for row in views.execute(TYPES))


def _is_there(views: sqlite3.Connection, table: str) -> bool:
    return views.execute(IS_THERE, [table]).fetchone() is not None


def _count(views: sqlite3.Connection, pattern: str) -> int:
    return int(views.execute(STREAMS_COUNT, [pattern]).fetchone()[0])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
