"""What a log says about a category that was taught, beyond what its steps need."""

from collections.abc import Iterator
from typing import Final

from replay.taught.steps import Taught
from replay.taught.type_samples import streams_of
from store.events import Payload
from store.interface import EventReader

_KEY: Final = '"schema_version"'


def shapes_of(log: EventReader, taught: Taught) -> dict[str, int]:
    """The highest `schema_version` that the events of each taught type say, where it is not 1. All
    events of the category are read."""
    found: dict[str, int] = {}
    for event in _events(log, taught.category):
        if event.type in taught.types and _KEY in event.metadata_json:
            version = event.metadata.get("schema_version")
            if isinstance(version, int) and version > found.get(event.type, 1):
                found[event.type] = version
    return found


def _events(log: EventReader, category: str) -> Iterator[Payload]:
    if log.has_category(category):
        for stream in streams_of(log, category):
            yield from log.stream_payloads(stream)
