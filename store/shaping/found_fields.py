"""The fields that the events of a sample have, to choose from."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from store import json_text
from store.filter.tree import DATA, METADATA, Field
from store.filter.write import field_text
from store.reading.format import Incoming, Record

MOST: Final = 300  # fields; a log with more of them is searched by name
DEEPEST: Final = 5  # keys of a path


def found_fields(records: Iterable[Record]) -> tuple[str, ...]:
    """As they are written in a filter, in the order in which they first appear."""
    found: dict[str, None] = {}
    for it in records:
        if isinstance(it, Incoming):
            for root, text in ((DATA, it.event.data_json), (METADATA, it.event.metadata_json)):
                for field in _fields(_decoded(text), (root,)):
                    found.setdefault(field_text(field))
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]


def _fields(value: Any, path: Field) -> Iterator[Field]:
    """The ends of the paths, through the first item of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and len(path) <= DEEPEST:
        for name, inner in value.items():
            yield from _fields(inner, (*path, name))
    elif len(path) > 1:
        yield path


def _decoded(text: str) -> Any:
    try:
        return json_text.decode(text)
    except ValueError:
        return None
