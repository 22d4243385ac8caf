"""A filter on the log as a value, and its SQL."""

from dataclasses import dataclass
from typing import Final

from store.filter.tree import Claim, Every, Some, Tree

SqlValue = str | int | float

_OF_FEW: Final = frozenset({"stream", "id"})
_STREAMS: Final = """(e.stream_id IN (SELECT id FROM streams WHERE name IN ({marks}))
 OR e.position IN (SELECT position FROM links WHERE stream_id IN (
    SELECT id FROM streams WHERE name IN ({marks}))))"""
# Of one type the index gives positions in their order; of several, all would have to be sorted.
_TYPE: Final = "e.type_id = (SELECT id FROM types WHERE name = ?)"
_TYPES: Final = "e.type_id IN (SELECT id FROM types WHERE name IN ({marks}))"
_TEXT: Final = """(e.data LIKE ? ESCAPE '\\' OR e.metadata LIKE ? ESCAPE '\\'
 OR e.id LIKE ? ESCAPE '\\'
 OR e.type_id IN (SELECT id FROM types WHERE name LIKE ? ESCAPE '\\')
 OR EXISTS (SELECT 1 FROM streams s WHERE s.id = e.stream_id AND s.name LIKE ? ESCAPE '\\'))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events: those that meet every part that is given.

    `streams` counts home streams and links. `text` is found in data, metadata, id, type or
    stream name, without regard to ASCII case. `where` is the tree of a filter text.
    """

    streams: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    text: str = ""
    where: Tree | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no part is given."""
        return not (self.streams or self.types or self.text or self.where)

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for some streams or ids, whose events an index finds at once."""
        return bool(self.streams) or (self.where is not None and _is_of_few(self.where))


EVERYTHING: Final = EventQuery()


def conditions(query: EventQuery) -> tuple[str, list[SqlValue]]:
    """A WHERE expression over `events e`, and its parameters.

    Raises ValueError for a query with a filter, which SQL alone may not decide: it is for
    store.sqlite.filter_scan.
    """
    if query.where is not None:
        raise ValueError("a filter is asked with a scan")
    parts, values = ["1"], list[SqlValue]()
    if query.streams:
        parts.append(_STREAMS.format(marks=_marks(query.streams)))
        values += [*query.streams, *query.streams]
    if query.types:
        is_one = len(query.types) == 1
        parts.append(_TYPE if is_one else _TYPES.format(marks=_marks(query.types)))
        values += query.types
    if query.text:
        parts.append(_TEXT)
        values += [_like(query.text)] * _TEXT.count("?")
    return " AND ".join(parts), values


def _is_of_few(tree: Tree) -> bool:
    match tree:
        case Claim(field=(fact,), comparison="="):
            return fact in _OF_FEW
        case Every(parts=parts):
            return any(map(_is_of_few, parts))
        case Some(parts=parts):
            return all(map(_is_of_few, parts))
    return False


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
