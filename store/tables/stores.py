"""The event tables that a SQLite file or a dump holds, by the layouts that are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from store.reading.copy_blocks import CopyBlock, DumpContents, contents_of, is_dump
from store.reading.format import Options
from store.reading.rows import count
from store.reading.source import Source
from store.tables.layout import Layout, Part

TABLE: Final = "table"  # the choice of one of several


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the file; of a dump with the place of its rows."""

    name: str  # with its schema, where it has one
    columns: tuple[str, ...]
    block: CopyBlock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The tables of one layout that belong together."""

    layout: Layout
    label: str  # a table's name
    parts: Mapping[str, tuple[Table, ...]]  # "events", and those joined to it

    @property
    def tables(self) -> frozenset[str]:
        """The names of all of them."""
        return frozenset(it.name for part in self.parts.values() for it in part)


def is_database(source: Source) -> bool:
    """Whether a file holds tables by their names."""
    return source.sample.shape == "sqlite" or is_dump(source.sample.head)


def dump_contents(source: Source) -> DumpContents:
    """What stands in a dump; it is looked through once."""
    return source.once(_contents)


def _contents(source: Source) -> DumpContents:
    return contents_of(source.pieces())


def tables_in(source: Source) -> tuple[Table, ...]:
    """Every table of a SQLite file by name, or those of a dump that have rows in it, in its
    order."""
    if source.sample.shape == "sqlite":
        found = sorted(source.sample.tables.items())
        return tuple(Table(name=name, columns=tuple(sorted(columns))) for name, columns in found)
    blocks = dump_contents(source).blocks
    return tuple(Table(name=it.table, columns=it.columns, block=it) for it in blocks)


def row_count(source: Source, table: Table) -> int:
    """How many rows a table has."""
    return count(source, table.name) if table.block is None else table.block.rows


def stores_in(source: Source, layouts: Iterable[Layout]) -> tuple[Store, ...]:
    """Those of every layout, in the order of their tables."""
    tables = tables_in(source)
    found = [it for layout in layouts for it in _of_layout(layout, tables)]
    places = {it.name: at for at, it in enumerate(tables)}
    return tuple(sorted(found, key=lambda it: places[it.parts["events"][0].name]))


def store_options(source: Source, layouts: Iterable[Layout]) -> Options:
    """Their labels, where there is more than one to choose from."""
    stores = stores_in(source, layouts) if is_database(source) else ()
    labels = tuple(it.label for it in stores)
    return Options(values=labels if len(labels) > 1 else (), default=labels[0] if labels else "")


def _of_layout(layout: Layout, tables: tuple[Table, ...]) -> list[Store]:
    events = _grouped(layout.events, tables)
    joined = {name: _grouped(part, tables) for name, part in layout.joined.items()}
    found = []
    for key, of_events in events.items():
        parts = {name: groups[key] for name, groups in joined.items() if key in groups}
        if parts.keys() | layout.optional >= joined.keys():
            parts = {"events": of_events, **parts}
            found.append(Store(layout=layout, label=of_events[0].name, parts=parts))
    return found


def _grouped(part: Part, tables: tuple[Table, ...]) -> dict[tuple[str, str], tuple[Table, ...]]:
    """The tables that are this part of a store, by schema and by what tells stores apart."""
    found: dict[tuple[str, str], tuple[Table, ...]] = {}
    for table in tables:
        schema, _, name = table.name.rpartition(".")
        app = part.fits(name, frozenset(table.columns))
        if app is not None:
            found[schema, app] = (*found.get((schema, app), ()), table)
    return found
