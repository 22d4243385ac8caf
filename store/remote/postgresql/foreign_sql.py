"""The questions that are asked of another program's tables in PostgreSQL.

Every column is asked for as text, as it stands in a dump: so a row means what the same row in a
file means.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from psycopg.sql import SQL, Composable, Composed, Identifier

from store.remote.postgresql.foreign_tables import ForeignTables

POSITION: Final = "foldline_position"  # the first column: a row's number, as a number


class ForeignSql:
    """The texts, for one store. Every one gives whole rows, in the order of their numbers."""

    def __init__(self, tables: ForeignTables) -> None:
        self._tables, self._preset = tables, tables.preset
        parts: dict[str, Composable] = {
            "schema": Identifier(tables.schema),
            "table": Identifier(tables.table),
        }
        self.position = (
            SQL(self._preset.position)
            if self._preset.position
            else self._column(self._preset.layout.order)
        )
        self.source = SQL(self._preset.source).format(**parts)
        columns = [
            SQL("{}::text AS {}").format(self._value(ours), Identifier(ours))
            for ours in tables.theirs
        ]
        extra = [SQL(it).format(**parts) for it in self._preset.extra]
        self._rows = SQL("SELECT {} AS {}, {} FROM {} WHERE ({})").format(
            self.position,
            Identifier(POSITION),
            SQL(", ").join([*columns, *extra]),
            self.source,
            SQL(self._preset.where),
        )

    def behind(self, *, has_gaps: bool, is_later: bool) -> Composed:
        """Values: given numbers before it (where it `has_gaps`), a number, the oldest transaction
        (where `is_later`), how many, and where it `has_gaps` how many again."""
        later = SQL("{} AND {} > %s{} ORDER BY 1 LIMIT %s").format(
            self._rows, self.position, self._since(is_later)
        )
        if not has_gaps:
            return later
        return SQL("({} AND {} = ANY(%s)) UNION ALL ({}) ORDER BY 1 LIMIT %s").format(
            self._rows, self.position, later
        )

    def at(self) -> Composed:
        """Values: a number."""
        return SQL("{} AND {} = %s").format(self._rows, self.position)

    def of_stream(self, *, names: int, is_backwards: bool) -> Composed:
        """What may be of a stream. Values: for each column that names it, each of the names; a
        number; how many."""
        any_of = SQL(" OR ").join(
            SQL("{} = %s::{}").format(self._column(it), SQL(self._type(it)))
            for it in self._preset.stream_columns
            for _ in range(names)
        )
        way = SQL("< %s ORDER BY 1 DESC" if is_backwards else "> %s ORDER BY 1")
        return SQL("{} AND ({}) AND {} {} LIMIT %s").format(self._rows, any_of, self.position, way)

    def stream_values(self, names: Sequence[str]) -> list[str | None]:
        """The names as values of the columns that name a stream: NULL where it cannot be one."""
        return [
            it if self._type(column) != "uuid" or _is_uuid(it) else None
            for column in self._preset.stream_columns
            for it in names
        ]

    def where(self, condition: str) -> Composed:
        """One row that meets a condition on the table of events, which is `e`."""
        return SQL("{} AND {} LIMIT 1").format(self._rows, SQL(condition))

    def last(self) -> Composed:
        """The highest number, or NULL."""
        return SQL("SELECT max({}) FROM {} WHERE {}").format(
            self.position, self.source, SQL(self._preset.where)
        )

    def count(self, *, is_later: bool) -> Composed:
        """How many rows. Values: a number, the oldest transaction (where `is_later`), given
        numbers before it."""
        return SQL("SELECT count(*) FROM {} WHERE {} AND ({} > %s{} OR {} = ANY(%s))").format(
            self.source,
            SQL(self._preset.where),
            self.position,
            self._since(is_later),
            self.position,
        )

    def _since(self, is_later: bool) -> Composable:
        if not is_later:
            return SQL("")
        return SQL(" AND {} >= %s::xid8").format(self._column(self._preset.transaction))

    def _column(self, name: str) -> Composable:
        """A column of the table of events, by the layout's name; `s.name` is one of another."""
        if "." in name:
            return SQL(name)
        return SQL("e.{}").format(Identifier(self._tables.theirs[name]))

    def _value(self, name: str) -> Composable:
        """As a dump has it. But a large object is only a number there, and here its bytes."""
        forms = {"oid": "lo_get({})", "boolean": "left({}::text, 1)"}
        return SQL(forms.get(self._type(name), "{}")).format(self._column(name))

    def _type(self, name: str) -> str:
        if "." in name:
            return "text"
        return self._tables.types[self._tables.theirs[name]]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
