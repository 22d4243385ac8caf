"""Write events as canonical JSON Lines, gzip: the same events give the same bytes."""

import gzip
import io
from collections.abc import Iterable
from typing import Any

from resources.samples.log import Event
from store import json_text
from store.times import format_moment


def text(events: Iterable[Event]) -> str:
    """One line an event."""
    return "".join(f"{line(event)}\n" for event in events)


def line(event: Event) -> str:
    """One event as compact JSON, its keys in canonical order."""
    record: dict[str, Any] = {
        "position": event.position,
        "stream": event.stream,
        "stream_version": event.version,
        "type": event.type,
        "id": event.id,
        "occurred_at": format_moment(event.occurred_at_us, event.occurred_offset_min),
        "recorded_at": format_moment(event.recorded_at_us),
        "data": event.data,
        "metadata": event.metadata,
    }
    if event.links:
        record["links"] = event.links
    return json_text.encode(record)


def compressed(events: Iterable[Event]) -> bytes:
    """The text, gzip, without a file name or a time in its header."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=target, mtime=0) as file:
        file.write(text(events).encode())
    return target.getvalue()
