"""A dump of PostgreSQL as text (`pg_dump`, plain): the event tables in its COPY blocks.

Nothing in it is executed. Every layout of the formats beside this one is looked for; where a dump
has several event tables, one is chosen, and the others are told.
"""

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final

import store.formats
from store.errors import UnreadableSource
from store.reading.copy_blocks import is_dump
from store.reading.format import Choice, Format, Options, Record
from store.reading.sample import Sample
from store.reading.source import Source
from store.reading.text_lines import ends_with_cr
from store.tables.layout import Layout
from store.tables.records import read_layouts
from store.tables.stores import TABLE, dump_contents, store_options, stores_in
from store.words import said

NAME: Final = "pg-dump"
_INSERTS: Final = said(
    "the dump uses INSERT statements, which are not supported: dump without --inserts"
)
_UNKNOWN: Final = said(
    "no table of the dump holds events of a known library ({}): map one with --format pg-dump-rows"
)
_SHOWN: Final = 200  # characters of a list of names


class DumpSign:
    """How a dump begins."""

    def of_file(self, sample: Sample) -> float:
        """Only of what is neither JSON nor SQLite."""
        return 0.98 if sample.shape == "other" and is_dump(sample.head) else 0.0


def read(source: Source) -> Iterator[Record]:
    """The events of the chosen table, or of the first; every other table is told."""
    if not stores_in(source, layouts()):
        raise UnreadableSource(_why(source), source.path)
    return read_layouts(source, layouts())


@cache
def layouts() -> tuple[Layout, ...]:
    """Those of every format in this folder."""
    modules = pkgutil.iter_modules(store.formats.__path__, f"{store.formats.__name__}.")
    found = (getattr(import_module(it.name), "LAYOUTS", ()) for it in modules)
    return tuple(layout for of_format in found for layout in of_format)


def _why(source: Source) -> str:
    found = dump_contents(source)
    if ends_with_cr(source.sample.head):
        return said("the lines of the dump end with CR alone, where pg_dump writes LF")
    if found.has_inserts:
        return _INSERTS
    names = ", ".join(it.table for it in found.blocks) or said("it has no rows")
    return _UNKNOWN.format(names[:_SHOWN])


def _options(source: Source) -> Options:
    return store_options(source, layouts())


FORMAT: Final = Format(
    name=NAME,
    title=said("PostgreSQL dump, plain"),
    suffixes=(".sql",),
    signs=(DumpSign(),),
    read=read,
    choices=(Choice(name=TABLE, title=said("Events are in"), options=_options),),
)
