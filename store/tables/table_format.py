"""The format of one library's layouts: CSV with their columns, SQLite with their tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from store.reading.format import Choice, Format
from store.reading.header_line import header_names
from store.reading.sample import Sample
from store.tables.layout import Layout, Part
from store.tables.records import read_layouts
from store.tables.stores import TABLE, store_options
from store.words import said

BY_NAME: Final = 0.9  # how sure a table's name makes, when its columns are others


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutSign:
    """What the beginning of a file of a layout shows: its columns, or its tables."""

    layout: Layout
    confidence: float = 0.96

    def of_file(self, sample: Sample) -> float:
        """Of a SQLite file by the tables, of separated values by the first line."""
        if sample.shape == "sqlite":
            if all(_has(sample, it) for it in self.layout.needed):
                return self.confidence
            names = map(str.lower, sample.tables)
            is_told = self.layout.telling and any(
                re.fullmatch(self.layout.telling, it) for it in names
            )
            return BY_NAME if is_told else 0.0
        is_it = sample.shape == "other" and self.layout.fits_header(header_names(sample.head))
        return self.confidence if is_it else 0.0


def table_format(
    name: str, title: str, layouts: Sequence[Layout], *, aliases: tuple[str, ...] = ()
) -> Format:
    """The format that reads them."""
    return Format(
        name=name,
        title=title,
        suffixes=(".csv", ".tsv", ".sqlite"),
        signs=tuple(LayoutSign(layout=it) for it in layouts),
        read=partial(read_layouts, layouts=layouts),
        choices=(table_choice(layouts),),
        aliases=aliases,
    )


def table_choice(layouts: Sequence[Layout]) -> Choice:
    """Which of several stores of events in one file is read."""
    return Choice(
        name=TABLE, title=said("Events are in"), options=partial(store_options, layouts=layouts)
    )


def _has(sample: Sample, part: Part) -> bool:
    return any(part.fits(name, columns) is not None for name, columns in sample.tables.items())
