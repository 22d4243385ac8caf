"""What belongs to the events of an OCEL 2.0 file in SQLite, asked for by the hundred.

Ids are compared by SQLite, by the rules of their columns. Where an answer for many could be given
to another event than it belongs to, each event is asked about by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from store.reading.rows import named_rows, quoted_name, rows
from store.reading.source import Source

AT_ONCE: Final = 250  # events
_RELATIONS: Final = """
SELECT ocel_object_id, ocel_qualifier, ocel_event_id FROM event_object
WHERE ocel_event_id {which} AND ocel_object_id <> ''
"""


class OcelRows:
    """Of the events that were loaded last, and of any other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._relations: dict[str, list[Sequence[Any]]] | None = None
        self._columns: dict[str, dict[str, dict[str, Any]] | None] = {}

    def load(self, events: Iterable[tuple[object, str | None]]) -> None:
        """Some events by their ids and tables: what belongs to them is at hand."""
        ids: dict[str | None, list[str]] = {}
        for id_, table in events:
            if isinstance(id_, str) and _is_unicode(id_):
                ids.setdefault(table, []).append(id_)
        asked = [it for some in ids.values() for it in some]
        is_plain = len({it.casefold().rstrip() for it in asked}) == len(asked)
        self._relations, self._columns = None, {}
        if is_plain:
            self._relations = self._relations_of(asked)
            self._columns = {
                table: self._columns_of(table, some) for table, some in ids.items() if table
            }

    def relations(self, id_: str) -> Iterable[Sequence[Any]]:
        """The objects that an event relates to, and how, in the file's order."""
        if self._relations is not None and id_ in self._relations:
            return self._relations[id_]
        return rows(self._source, _RELATIONS.format(which="= ?"), [id_])

    def columns(self, table: str, id_: str) -> Mapping[str, Any] | None:
        """The row with an event's time and attributes; None when it is missing."""
        loaded = self._columns.get(table)
        if loaded is not None and id_ in loaded:
            return loaded[id_]
        sql = f"SELECT * FROM {quoted_name(table)} WHERE ocel_id = ?"
        return next(named_rows(self._source, sql, id_), None)

    def _relations_of(self, ids: Sequence[str]) -> dict[str, list[Sequence[Any]]] | None:
        found: dict[str, list[Sequence[Any]]] = {it: [] for it in ids}
        for row in rows(self._source, _RELATIONS.format(which=_among(ids)), ids):
            of = found.get(row[2])
            if of is None:  # equal by the rules of the column, and another value
                return None
            of.append(row)
        return found

    def _columns_of(self, table: str, ids: Sequence[str]) -> dict[str, dict[str, Any]] | None:
        found, wanted = dict[str, dict[str, Any]](), set(ids)
        sql = f"SELECT * FROM {quoted_name(table)} WHERE ocel_id {_among(ids)}"
        for row in named_rows(self._source, sql, *ids):
            if row["ocel_id"] not in wanted:
                return None
            found.setdefault(row["ocel_id"], row)
        return found


def _among(ids: Sequence[str]) -> str:
    return f"IN ({', '.join('?' * len(ids))})"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
