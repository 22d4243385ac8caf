"""Logs whose every event a test writes down."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

START_US = 1_700_000_000_000_000


def event(data: Any, type_: str = "Changed", **facts: Any) -> NewEvent:
    """An event recorded at START_US, unless `facts` say otherwise."""
    return NewEvent.of(type_, data, **{"recorded_at_us": START_US, **facts})


@contextmanager
def log_of(folder: Path, *events: tuple[str, NewEvent]) -> Iterator[EventReader]:
    """A log of these (stream, event), open for reading."""
    path = folder / "written.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        for stream, one in events:
            writer.append_inside(stream, [one], expected=None)
    db.close()
    with reading(path) as log:
        yield log
