"""What there is to choose from: streams by category, and event types, with their counts, from the
views. A file of views that does not hold these yet, as a verb leaves it that asked for another one,
has none."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from store.filter.tree import Tree
from store.interface import EventReader
from store.query import EventQuery

Sort: TypeAlias = Literal["name", "events", "newest"]

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
LISTED: Final = 2_000  # streams or types listed at most; the count tells how many there are

_ORDERS: Final[dict[Sort, str]] = {
    "name": "stream",
    "events": "event_count + linked_count DESC, stream",
    "newest": "last_position DESC, stream",
}
STREAMS: Final = """
SELECT stream, event_count + linked_count FROM streams
WHERE stream LIKE ? ESCAPE '\\' ORDER BY {order} LIMIT ?
"""
STREAMS_COUNT: Final = "SELECT count(*) FROM streams WHERE stream LIKE ? ESCAPE '\\'"
# A category's streams stand together in the order of names: those behind its dash, and itself.
OF_CATEGORY: Final = """
SELECT stream, event_count + linked_count FROM streams
WHERE (stream = ?1 OR stream >= ?1 || '-' AND stream < ?1 || '.')
ORDER BY {order} LIMIT ?2
"""
CATEGORIES: Final = """
SELECT category, count(*), sum(event_count + linked_count), max(last_position)
FROM streams GROUP BY category
"""
IS_THERE: Final = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
NAMES: Final = "SELECT stream FROM streams WHERE first_position > ? ORDER BY first_position"
NAMES_COUNT: Final = "SELECT count(*), coalesce(max(first_position), 0) FROM streams"
TYPES: Final = """
SELECT type, count, _first_position FROM event_types ORDER BY count DESC, _first_position LIMIT ?
"""
TYPES_COUNT: Final = "SELECT count(*), coalesce(sum(count), 0) FROM event_types"
FIRST_TYPES: Final = "SELECT type FROM event_types ORDER BY _first_position LIMIT ?"
TYPE_NAMES: Final = """
SELECT type FROM event_types WHERE _first_position > ? ORDER BY _first_position
"""
TYPE_NAMES_COUNT: Final = "SELECT count(*), coalesce(max(_first_position), 0) FROM event_types"
TYPE_COUNT: Final = "SELECT count FROM event_types WHERE type = ?"


@dataclass(frozen=True, slots=True)
class Counted:
    """A name and how many events it has."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The streams that are named alike up to their first dash."""

    name: str
    streams: int
    events: int
    last_position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamList:
    """The first streams whose name holds a text, in an order, and how many there are."""

    streams: tuple[Counted, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeList:
    """The most frequent types in the order in which they first appeared, and what there is in all.
    `first` are the names that appeared first: the place among them is a type's number."""

    types: tuple[Counted, ...]
    first: tuple[str, ...]
    total: int  # types
    events: int


def list_streams(
    views: sqlite3.Connection, *, containing: str = "", sort: Sort = "name", most: int = LISTED
) -> StreamList:
    """Streams whose name holds `containing`, without regard to ASCII case."""
    if not _is_there(views, "streams"):
        return StreamList(streams=(), total=0)
    pattern = f"%{_escaped(containing)}%"
    rows = views.execute(STREAMS.format(order=_ORDERS[sort]), [pattern, most]).fetchall()
    total = len(rows) if len(rows) < most else _count(views, pattern)
    return StreamList(streams=tuple(Counted(*row) for row in rows), total=total)


def list_streams_meeting(
    log: EventReader, where: Tree, *, sort: Sort = "name", most: int = LISTED
) -> StreamList:
    """Streams that events live in which meet a filter, with how many do; of more than `most` those
    that come to one first, and one more counts for the others."""
    counts, newest = Counter[str](), dict[str, int]()
    for event in log.read(EventQuery(where=where)):
        if event.stream not in counts and len(counts) >= most:
            newest[event.stream] = event.position
            break
        counts[event.stream] += 1
        newest[event.stream] = event.position
    orders: dict[Sort, Callable[[str], tuple[int, str]]] = {
        "name": lambda it: (0, it),
        "events": lambda it: (-counts[it], it),
        "newest": lambda it: (-newest[it], it),
    }
    found = sorted(counts, key=orders[sort])
    return StreamList(streams=tuple(Counted(it, counts[it]) for it in found), total=len(newest))


def list_categories(views: sqlite3.Connection, *, sort: Sort = "name") -> tuple[Category, ...]:
    """Every category, in an order: it takes a look at every stream's row."""
    found = [
        Category(name=name, streams=streams, events=events, last_position=last)
        for name, streams, events, last in views.execute(CATEGORIES)
    ]
    if sort == "events":
        found.sort(key=lambda it: (-it.events, it.name))
    elif sort == "newest":
        found.sort(key=lambda it: (-it.last_position, it.name))
    else:
        found.sort(key=lambda it: it.name)
    return tuple(found)


def list_category(
    views: sqlite3.Connection, category: str, *, sort: Sort = "name", most: int
) -> tuple[Counted, ...]:
    """The first streams of a category, in an order. By name it reads these alone."""
    rows = views.execute(OF_CATEGORY.format(order=_ORDERS[sort]), [category, most])
    return tuple(Counted(*row) for row in rows)


def count_names(views: sqlite3.Connection) -> tuple[int, int]:
    """How many streams there are, and where the newest of them begins."""
    if not _is_there(views, "streams"):
        return 0, 0
    count, newest = views.execute(NAMES_COUNT).fetchone()
    return int(count), int(newest)


def list_names(views: sqlite3.Connection, *, after: int = 0) -> list[str]:
    """Every stream that begins behind a position, in the order in which they began. A second for
    some million."""
    if not _is_there(views, "streams"):
        return []
    return [name for (name,) in views.execute(NAMES, [after])]


def list_types(views: sqlite3.Connection, *, most: int = LISTED, numbered: int) -> TypeList:
    """The `most` frequent types, and the first `numbered` to appear."""
    if not _is_there(views, "event_types"):
        return TypeList(types=(), first=(), total=0, events=0)
    rows = sorted(views.execute(TYPES, [most]), key=lambda it: int(it[2]))
    types = tuple(Counted(name, count) for name, count, _ in rows)
    if len(types) < most:
        first, total = tuple(it.name for it in types), len(types)
        return TypeList(
            types=types, first=first[:numbered], total=total, events=sum(it.count for it in types)
        )
    first = tuple(name for (name,) in views.execute(FIRST_TYPES, [numbered]))
    total, events = views.execute(TYPES_COUNT).fetchone()
    return TypeList(types=types, first=first, total=total, events=events)


def count_type_names(views: sqlite3.Connection) -> tuple[int, int]:
    """How many types there are, and where the newest of them first appeared."""
    if not _is_there(views, "event_types"):
        return 0, 0
    count, newest = views.execute(TYPE_NAMES_COUNT).fetchone()
    return int(count), int(newest)


def list_type_names(views: sqlite3.Connection, *, after: int = 0) -> list[str]:
    """Every type that first appeared behind a position, in that order."""
    if not _is_there(views, "event_types"):
        return []
    return [name for (name,) in views.execute(TYPE_NAMES, [after])]


def events_of_type(views: sqlite3.Connection, type_: str) -> int:
    """How many events a type has."""
    row = views.execute(TYPE_COUNT, [type_]).fetchone()
    return 0 if row is None else int(row[0])


def _is_there(views: sqlite3.Connection, table: str) -> bool:
    return views.execute(IS_THERE, [table]).fetchone() is not None


def _count(views: sqlite3.Connection, pattern: str) -> int:
    return int(views.execute(STREAMS_COUNT, [pattern]).fetchone()[0])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
