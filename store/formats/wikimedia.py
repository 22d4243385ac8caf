"""Wikimedia EventStreams as JSON Lines: changes of wikis, one object a line."""

from collections.abc import Iterator
from typing import Final

from store.reading.format import Format, Record
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import read_stated
from store.reading.wikimedia_event import wikimedia_event
from store.words import said


def read(source: Source) -> Iterator[Record]:
    """Every change in the file's order."""
    return read_stated(source, wikimedia_event)


FORMAT: Final = Format(
    name="wikimedia",
    title=said("Wikimedia EventStreams, JSON Lines"),
    suffixes=(".jsonl",),
    signs=(UsualKeys(names=("$schema", "meta"), confidence=0.93),),
    read=read,
    grows_by_lines=True,
)
