"""Which program's event store lies in a PostgreSQL database, told by its tables.

Only the system's own catalogue is asked, which every account may read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from store.remote.address import Address
from store.remote.errors import NotARemote, WrongAddress
from store.remote.postgresql.connection import Connection, speaking
from store.remote.preset import Preset, presets
from store.tables.layout import Part
from store.words import said

PRESET: Final = "preset"
TABLE: Final = "table"  # of several stores of one preset
SCHEMA: Final = "schema"

_TABLES: Final = """
SELECT n.nspname, c.relname, c.oid::bigint,
       array_agg(a.attname::text ORDER BY a.attnum),
       array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
GROUP BY n.nspname, c.relname, c.oid
ORDER BY n.nspname, c.relname
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    schema: str
    name: str
    oid: int
    types: Mapping[str, str]  # of its columns, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTables:
    """The store that was found: its table of events and what its columns are called there."""

    preset: Preset
    schema: str
    table: str
    oid: int
    types: Mapping[str, str]  # of the columns, by their names there
    theirs: Mapping[str, str]  # names there, by the layout's

    @property
    def shown(self) -> str:
        """For people."""
        return said(
            "{title}, table {schema}.{table}",
            title=self.preset.title,
            schema=self.schema,
            table=self.table,
        )


def wants_foreign(address: Address) -> bool:
    """Whether the address itself says that another program's store is meant."""
    return PRESET in address.options


def foreign_tables(db: Connection, address: Address) -> ForeignTables | None:
    """The one store of another program that the address means; None where there is none. Raises
    WrongAddress for a preset that is not known, NotARemote where it means several."""
    known = _wanted(address)
    with speaking(address):
        tables = [
            _Table(schema=schema, name=name, oid=oid, types=dict(zip(names, types, strict=True)))
            for schema, name, oid, names, types in db.execute(_TABLES)
        ]
    found = [it for preset in known for it in _of_preset(preset, tables)]
    found = [it for it in found if _is_meant(it, address)]
    usual = [it for it in found if SCHEMA not in address.options and it.schema == it.preset.schema]
    if len(usual or found) > 1:
        raise NotARemote(_several(usual or found), address.shown)
    return next(iter(usual or found), None)


def _wanted(address: Address) -> tuple[Preset, ...]:
    name = address.options.get(PRESET)
    if name is None:
        return presets()
    found = tuple(it for it in presets() if it.name == name)
    if not found:
        names = ", ".join(it.name for it in presets())
        raise WrongAddress(
            said("no preset is named {name!r} (known: {names})", name=name, names=names)
        )
    return found


def _is_meant(found: ForeignTables, address: Address) -> bool:
    schema, table = address.options.get(SCHEMA), address.options.get(TABLE)
    return schema in (None, found.schema) and table in (None, found.table)


def _several(found: Iterable[ForeignTables]) -> str:
    names = "; ".join(
        f"preset={it.preset.name}&schema={it.schema}&table={it.table}" for it in found
    )
    return said("several event stores are there, name one of them ({names})", names=names)


def _of_preset(preset: Preset, tables: Iterable[_Table]) -> Iterator[ForeignTables]:
    layout = preset.layout
    joined = [part for name, part in layout.joined.items() if name not in layout.optional]
    for it in tables:
        beside = [other for other in tables if other.schema == it.schema]
        if _fits(layout.events, it) and all(
            any(_fits(part, other) for other in beside) for part in joined
        ):
            names = dict(zip(layout.events.named(it.types), it.types, strict=True))
            yield ForeignTables(
                preset=preset,
                schema=it.schema,
                table=it.name,
                oid=it.oid,
                types=it.types,
                theirs=names,
            )


def _fits(part: Part, table: _Table) -> bool:
    return part.fits(table.name, frozenset(table.types)) is not None
