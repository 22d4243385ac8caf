"""The events that live in one stream, from the rows that SQL gave: whole, or what they say."""

from collections.abc import Mapping
from typing import Any, Final

from store.events import RecordedEvent
from store.sqlite.filter_texts import is_verbatim

SAID: Final = """
SELECT position, type_id, data, metadata FROM events
WHERE stream_id = ? AND version BETWEEN ? AND ?{naming} ORDER BY version
"""
# A name may stand there with escapes; what is no object has no fields, and still means something.
NAMING: Final = r" AND (instr(data, ?) OR instr(data, '\') OR data NOT GLOB '{*')"


def said_by(name: str | None) -> tuple[str, tuple[str, ...]]:
    """What an event says, asked of all in a stream, or of those only that may be objects with a
    field of this name; and the values that the question takes behind stream and versions."""
    if name is None or not is_verbatim(name):
        return SAID.format(naming=""), ()
    return SAID.replace("{naming}", NAMING), (f'"{name}"',)


def home_events(
    stream: str, rows: list[tuple[Any, ...]], types: Mapping[int, str]
) -> list[RecordedEvent]:
    """The events of rows that HOME gave; `types` are the names by id."""
    return [
        RecordedEvent(
            position,
            stream,
            version,
            types[type_id],
            id_,
            recorded_us,
            recorded_min,
            occurred_us,
            occurred_min,
            data,
            metadata,
            source,
        )
        for (
            position,
            version,
            type_id,
            id_,
            recorded_us,
            recorded_min,
            occurred_us,
            occurred_min,
            data,
            metadata,
            source,
        ) in rows
    ]
