"""An overlay and a file that hold the same events: what is made of the one must be what is made
of the other."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from replay.catalog.all_views import all_views
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from tests.contracts.overlay import WithoutOne
from tests.replay.logs import heard_by, make_log

EVENTS = 500
LEFT_OUT = 200  # an event in the middle of a stream that goes on behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLogs:
    """The same events twice: over a log that holds one more, and in a file of their own."""

    overlay: EventReader
    plain: EventReader


def open_overlay(folder: Path) -> WithoutOne:
    """A log of many kinds of events, seen without one of them; no file of a log lies at its
    place."""
    below = folder / "below.foldline"
    if not below.exists():
        make_log(below, EVENTS + 1, heard=heard_by(all_views()))
    return WithoutOne(open_reader(below), LEFT_OUT, place=Place(folder / "overlay.foldline"))


@contextmanager
def two_logs(folder: Path) -> Iterator[TwoLogs]:
    """Both, closed at the end."""
    with closing(open_overlay(folder)) as overlay:
        copy(overlay, folder / "plain.foldline")
        with closing(open_reader(folder / "plain.foldline")) as plain:
            yield TwoLogs(overlay=overlay, plain=plain)


def copy(log: EventReader, path: Path) -> None:
    """Record every event of a log in a new file."""
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer = Writer(db)
        with writer.transaction():
            for it in log.read():
                writer.append_inside(it.stream, [_again(it, log.links(it.position))], expected=None)


def _again(event: RecordedEvent, links: tuple[str, ...]) -> NewEvent:
    return NewEvent(
        type=event.type,
        id=event.id,
        data_json=event.data_json,
        metadata_json=event.metadata_json,
        source_json=event.source_json,
        recorded_at_us=event.recorded_at_us,
        recorded_offset_min=event.recorded_offset_min,
        occurred_at_us=event.occurred_at_us,
        occurred_offset_min=event.occurred_offset_min,
        links=links,
    )
