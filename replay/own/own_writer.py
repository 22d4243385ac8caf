"""The tables of a person's own projection, kept by a process that never runs its code."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from replay.own import own_process
from replay.own.own_messages import Asked, Done, Fold, OwnView, Value, why_refused
from replay.own.own_process import Folded, OwnFailed, OwnProcess, failure_there
from replay.projection import Column, Json, Projection, Rows
from replay.views.failure import Failure
from replay.views.hearing import definition_heard, heard
from replay.views.lookup import UNDECLARED
from replay.views.row_buffer import RowBuffer
from replay.views.sink import WRITES_PER_EVENT, Flushed, Mark, Sink
from replay.views.sqlite_sink import SqliteSink
from replay.views.view import View, view_of
from replay.words import said
from store import json_text
from store.events import RecordedEvent

EVENTS_PER_FOLD: Final = 5_000
TEXT_PER_FOLD: Final = 4_000_000  # characters of payload
BUDGET_S: Final = 0.5  # then what there is is committed, and the others have their turn
_TYPES: Final[dict[str, Any]] = {
    "text": str,
    "integer": int,
    "real": float,
    "boolean": bool,
    "json": Json,
}


def own_view(path: Path, digest: str, it: OwnView) -> View:
    """The view that a projection of a file makes. Raises ValueError, TypeError when it can be
    none, whatever its process says."""
    row = msgspec.defstruct(
        "Row", [(c.name, _type(c)) for c in it.columns], frozen=True, module=__name__
    )
    known = Projection(
        name=it.name,
        version=it.version,
        title=it.title,
        row=row,
        key=it.key,
        apply=elsewhere,
        listens=it.listens,
        partition_by=it.partition_by,
        payloads=it.payloads,
        keeps_lookup=it.keeps_lookup,
        is_own=True,
    )
    made = view_of(known)
    return replace(
        made,
        definition=definition_heard(it.definition, it.listens, it.payloads),
        is_apart=True,
        events_per_take=EVENTS_PER_FOLD,
        writer=lambda db, version: OwnWriter(
            SqliteSink(db, version, made.columns), known, it, OwnProcess(path, digest)
        ),
    )


class OwnWriter:
    """Folds events into the tables of one view: a ViewWriter whose code is elsewhere.

    `take` may stop before the last event, so that what is slow is committed in between. Between
    `take` and `flush` nothing of the file is locked by it.
    """

    def __init__(
        self,
        sink: Sink,
        known: Projection[Any],
        own: OwnView,
        process: OwnProcess,
    ) -> None:
        self._own = own
        self._process = process
        self.spared: dict[int, str] = {}  # position → why no own model is run at that event
        self.spares = ""  # why none is run at any; empty when they are
        self._columns, self._make = own.columns, known.row
        self._done: dict[int, Done] = {}
        self._failed: OwnFailed | None = None
        self._is_fresh = True
        self._is_careful = False  # when the process was lost, who knows for certain where
        self._buffer = RowBuffer(sink, replace(known, apply=self._write_again, payloads="stored"))
        self._json = tuple(n for n, it in enumerate(own.columns) if it.kind == "json")

    def end_when(self, is_cancelled: Callable[[], bool]) -> None:
        """From now on `take` raises Cancelled when this is so, even amid an event."""
        self._process.is_cancelled = is_cancelled

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in; returns the position it has come to.

        Raises OwnFailed when the projection fails at the first of them. Further behind, it stops
        before that event, and the failure is raised when that one is the first.
        """
        failed = self._failed
        if failed is not None and failed.position == events[0].position:
            self._failed = None
            raise failed
        part = some(events, before=None if failed is None else failed.position)
        wanted = heard(part, self._own.listens, self._own.payloads)
        folded = self._fold(wanted, links) if wanted else Folded((), None)
        done = len(folded.done)
        until = part[-1].position if done == len(wanted) else wanted[done].position - 1
        self._failed = folded.failure or failed
        if until < events[0].position:
            return self.take(events, links)  # it failed at once, or what came before it was lost
        self._done = {it.position: it for it in folded.done}
        self._buffer.take(wanted[:done], links)
        return until

    def failure(self, error: Exception) -> Failure:
        """What `take` has raised; where, as its process says."""
        return failure_there(error)

    @property
    def has_failed(self) -> bool:
        """Whether the next `take` will raise, if it goes on from there."""
        return self._failed is not None

    def flush(self, until: Mark) -> Flushed:
        """Write what was folded, with the checkpoint."""
        return self._buffer.flush(until)

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._buffer.forget()
        self._failed = None
        self._is_fresh = True

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def _fold(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> Folded:
        is_fresh = self._is_fresh or not self._process.is_running
        request = Fold(
            view=self._own.name,
            events=events,
            links={it.position: links[it.position] for it in events if it.position in links},
            is_fresh=is_fresh,
            is_empty=is_fresh and self._buffer.is_empty(),
            is_careful=self._is_careful,
            budget_s=BUDGET_S,
            limit_s=own_process.LIMIT_S,
            spared=self.spared,
            spares=self.spares,
        )
        self._is_fresh = False
        self._buffer.lookup.begin(events[0].position)  # what it asks for is as before them
        folded = self._process.fold(request, self._find)
        self._is_careful = folded.failure is not None and not self._process.is_running
        return self._checked(folded)

    def _checked(self, folded: Folded) -> Folded:
        """What the process says is taken for true when the tables can hold it, and no further."""
        for n, done in enumerate(folded.done):
            if why := self._why_refused(done):
                self._process.close()  # what else it has said is of no more worth
                failure = OwnFailed("WrongRow", why, position=done.position)
                return Folded(folded.done[:n], failure)
        return folded

    def _why_refused(self, done: Done) -> str:
        if len(done.writes) > WRITES_PER_EVENT:
            return said(
                "one event may write at most {writes_per_event:,} rows",
                writes_per_event=WRITES_PER_EVENT,
            )
        for write in done.writes:
            columns = self._columns[: len(self._own.key)] if write.is_deleted else self._columns
            if why := why_refused(columns, write.values):
                return why
            if not write.is_deleted and not all(_is_json(write.values[n]) for n in self._json):
                return said("the value it wrote is not valid JSON")
        if done.lookup and not self._own.keeps_lookup:
            return UNDECLARED
        if not all(it.text is None or _is_json(it.text) for it in done.lookup):
            return said("the value it put into its lookup table is not valid JSON")
        return ""

    def _find(self, asked: Asked) -> list[Value] | None:
        if asked.is_lookup:
            text = self._buffer.lookup.text(str(asked.key))
            return None if text is None else [text]
        row = self._buffer.get(asked.key)
        if row is None:
            return None
        values = list(msgspec.structs.astuple(row))
        for index in self._json:
            values[index] = json_text.encode(values[index])
        return values

    def _write_again(self, rows: Rows[Any], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        """Do what the projection did at this event, in its process."""
        done = self._done[event.position]
        for write in done.writes:
            if write.is_deleted:
                key: Any = tuple(write.values)
                rows.delete(key if len(key) > 1 else key[0])
            else:
                rows.put(self._row(write.values))
        for it in done.lookup:
            self._buffer.lookup.put_text(it.key, it.text)

    def _row(self, values: Sequence[Value]) -> Any:
        found: list[Any] = list(values)
        for index in self._json:
            found[index] = msgspec.Raw(found[index].encode())
        return self._make(*found)


def _type(column: Column) -> Any:
    found = _TYPES[column.kind]
    return found | None if column.is_nullable else found


def elsewhere(*_arguments: object) -> NoReturn:
    """The `apply` of a projection that is folded in another process."""
    raise RuntimeError("a projection of a person's own was to be run in this process")


def some(events: Sequence[RecordedEvent], *, before: int | None = None) -> Sequence[RecordedEvent]:
    """As many from the first on as are sent at once, none of them from `before` on."""
    size = 0
    for n, it in enumerate(events[:EVENTS_PER_FOLD]):
        size += len(it.data_json) + len(it.metadata_json)
        if n and (size > TEXT_PER_FOLD or it.position == before):
            return events[:n]
    return events[:EVENTS_PER_FOLD]


def _is_json(text: Any) -> bool:
    try:
        json_text.decode(text)
    except ValueError:
        return False
    return True
