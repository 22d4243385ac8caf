"""What is to be written to a query store: the rows of a view from its histories, and events.

The views file is read in short transactions, so nobody who writes it waits for a slow server.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final, Protocol

from msgspec import structs

from replay.projection import Column
from replay.query_store.interface import MadeOf, Version
from replay.query_store.version_text import version_of, words_of_text
from replay.questions.known_view import known_view
from replay.views import checkpoints
from replay.views.checkpoints import Checkpoint
from replay.views.left_out import LeftOut
from replay.views.row_history import RowHistory, Write
from replay.views.search_view import words_of
from replay.views.sink import WRITES_PER_EVENT, Mark
from replay.views.view import View
from replay.views.view_tables import ViewTables
from replay.words import said
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader

EVENTS: Final = "event_log"  # under this name the events themselves are kept
WRITES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Versions to be written, and how far the rows are complete then."""

    versions: Sequence[Version]
    until: Mark


class Source(Protocol):
    """One view. `made_of` and `head` are as of the last `look`."""

    def look(self) -> MadeOf | None:
        """What the rows are made of now; None while they cannot be read yet."""

    @property
    def position(self) -> int:
        """How far the rows have come here."""

    def batch(self, after: int) -> Batch | None:
        """The writes of the events behind a position, some of them; None when there are none, or
        when the view has become another one: then it is to be looked at again. Raises NotKept."""


class ViewSource:
    """The rows of a view in the views file."""

    def __init__(self, db: sqlite3.Connection, log: EventReader, name: str) -> None:
        """Raises UnknownView, NoRows, when it is looked at."""
        self._db, self._log, self._name = db, log, name
        self._made: MadeOf | None = None
        self.position = 0

    def look(self) -> MadeOf | None:
        with _reading(self._db):
            view, found = self._known()
        self.position = found.checkpoint if found else 0
        self._made = _made_of(self._log, view, found) if found and found.is_indexed else None
        return self._made

    def batch(self, after: int) -> Batch | None:
        with _reading(self._db):
            view, found = self._known()
            if (
                found is None
                or self._made is None
                or _made_of(self._log, view, found) != self._made
            ):
                return None
            self.position = found.checkpoint
            if after >= self.position:
                return None
            return self._batch(view, after)

    def _batch(self, view: View, after: int) -> Batch:
        history = RowHistory(self._db, self._name, view.columns)
        left_out = LeftOut(view.projection, ViewTables(self._name, view.columns), self._log)
        writes = _whole_events(history, after, self.position)
        until = self.position
        if len(writes) >= WRITES_AT_ONCE:
            until = writes[-1].position
        there = (self.position + 1) * WRITES_PER_EVENT
        ended = [*_with_ends(history, writes, there)]
        whole = left_out.complete_all(history, [it for it, _ in ended])
        versions = [
            version_of(it, view.columns, until=replaced)
            for it, (_, replaced) in zip(whole, ended, strict=True)
        ]
        return Batch(versions=versions, until=_mark(self._log, until))

    def _known(self) -> tuple[View, Checkpoint | None]:
        view = known_view(self._name, self._log, self._db)
        return view, checkpoints.read_one(self._db, self._name)


class EventSource:
    """The events of a log, each a row that is written once."""

    def __init__(self, log: EventReader) -> None:
        self._log = log
        self.position = 0

    def look(self) -> MadeOf | None:
        self.position = self._log.head()
        return MadeOf(
            log=self._log.store_id(),
            view=EVENTS,
            title=said("Events"),
            definition="events-1",
            generation=1,
            columns_json=_columns_json(EVENT_COLUMNS),
            has_history=False,
        )

    def batch(self, after: int) -> Batch | None:
        self.position = self._log.head()
        if after >= self.position:
            return None
        events = self._log.page(after + 1, min(after + WRITES_AT_ONCE, self.position))
        versions = [_event_version(it) for it in events]
        last = events[-1]
        return Batch(versions=versions, until=Mark(position=last.position, event_id=last.id))


EVENT_COLUMNS: Final = (
    Column(name="position", kind="integer", is_key=True),
    Column(name="stream", kind="text"),
    Column(name="version", kind="integer"),
    Column(name="type", kind="text"),
    Column(name="recorded_at", kind="text"),
    Column(name="id", kind="text"),
    Column(name="data", kind="json"),
    Column(name="metadata", kind="json"),
)


def source_of(db: sqlite3.Connection, log: EventReader, name: str) -> Source:
    """The rows of a view, or the events."""
    return EventSource(log) if name == EVENTS else ViewSource(db, log, name)


def whole_versions(
    db: sqlite3.Connection | None, log: EventReader, name: str, *, after: int, until: int
) -> Sequence[Version]:
    """Some of the writes behind one write and up to a position, as they were at that position:
    what a query store that has come there must hold. Empty at the end. Raises NotKept."""
    if name == EVENTS:
        first = after // WRITES_PER_EVENT + 1
        if first > until:
            return []
        events = log.page(first, min(first + WRITES_AT_ONCE - 1, until))
        return [_event_version(it) for it in events]
    if db is None:
        return []
    with _reading(db):
        view = known_view(name, log, db)
        history = RowHistory(db, name, view.columns)
        left_out = LeftOut(view.projection, ViewTables(name, view.columns), log)
        end = (until + 1) * WRITES_PER_EVENT
        writes = history.written(after, end, limit=WRITES_AT_ONCE)
        whole = left_out.complete_all(history, writes)
        return [version_of(it, view.columns, until=_end_of(history, it, end)) for it in whole]


def _whole_events(history: RowHistory, after: int, until: int) -> list[Write]:
    """Writes behind a position, of whole events."""
    end = (until + 1) * WRITES_PER_EVENT
    found = history.written((after + 1) * WRITES_PER_EVENT - 1, end, limit=WRITES_AT_ONCE)
    if len(found) == WRITES_AT_ONCE:
        last = found[-1]
        rest = (last.position + 1) * WRITES_PER_EVENT
        found += history.written(last.write, rest, limit=WRITES_PER_EVENT)
    return found


def _with_ends(
    history: RowHistory, writes: Sequence[Write], there: int
) -> Iterator[tuple[Write, int | None]]:
    """Each write with the one that replaced it, and before them those that they have replaced."""
    next_of: dict[int, int | None] = {}
    last_of: dict[int, Write] = {}
    first_of: dict[int, Write] = {}
    for it in writes:
        first_of.setdefault(it.row, it)
        if it.row in last_of:
            next_of[last_of[it.row].write] = it.write
        last_of[it.row] = it
    for first in first_of.values():
        if before := history.version_before(first):
            yield before, first.write
    for it in writes:
        known = next_of.get(it.write)
        yield it, known if known is not None else _end_of(history, it, there)


def _end_of(history: RowHistory, write: Write, there: int) -> int | None:
    """The write that replaced one, if that is there already."""
    found = history.write_behind(write)
    return None if found is None or found >= there else found


def _event_version(event: RecordedEvent) -> Version:
    rest = (
        event.stream,
        event.version,
        event.type,
        event.recorded_at,
        event.id,
        event.data_json,
        event.metadata_json,
    )
    write = Write(
        row=event.position,
        write=event.position * WRITES_PER_EVENT,
        is_deleted=False,
        key=(event.position,),
        rest=rest,
    )
    found = version_of(write, EVENT_COLUMNS, until=None)
    return structs.replace(found, words=words_of_text(words_of(event)))


def _made_of(log: EventReader, view: View, found: Checkpoint) -> MadeOf:
    return MadeOf(
        log=log.store_id(),
        view=view.name,
        title=view.title,
        definition=found.definition,
        generation=found.generation,
        columns_json=_columns_json(view.columns),
        has_history=True,
    )


def _columns_json(columns: Sequence[Column]) -> str:
    return json_text.encode([asdict(it) for it in columns])


def _mark(log: EventReader, position: int) -> Mark:
    event = log.event(position)
    return Mark(position=position, event_id=event.id if event else "")


@contextmanager
def _reading(db: sqlite3.Connection) -> Iterator[None]:
    """What is read in this block is of one moment."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
