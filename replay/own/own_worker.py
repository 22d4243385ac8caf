"""The process of a person's own projections: python -P -m replay.own.own_worker FILE=SHA256 MARKER.

It has no connection to any database: events come in and rows go out through pipes, see
`own_messages`. At which event it is stands in memory that it shares with its parent, behind the
file descriptor MARKER, so that this is known however it ends. Whatever the file does here (raises,
loops, ends the process, eats memory) is this process's loss: its parent ends it, and starts
another one for the next events.
"""

import mmap
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Final, Protocol, TypeAlias

import msgspec

from replay.own.memory_limit import MEMORY_BYTES, forbid_writing, limit_memory
from replay.own.own_messages import (
    LENGTH,
    MARKER_BYTES,
    Asked,
    Done,
    Entry,
    Failed,
    Fold,
    Found,
    FromWorker,
    Loaded,
    OwnView,
    Refused,
    ToWorker,
    Value,
    Write,
    frame,
    to_worker,
    why_refused,
)
from replay.own.user_models import ModelFailed, load_module
from replay.projection import Key, Projection, columns, definition, row_maker
from replay.views.lookup import LookupTable
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view_tables import ViewTables
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.events import RecordedEvent

ROWS_CACHED: Final = 100_000
TEXT_CACHED: Final = 16_000_000  # characters of JSON; as values they take several times that
BYTES_PUT: Final = 1 << 16  # before they are sent
BYTES_PER_BATCH: Final = 16 * 2**20  # of answers
LONGEST_REASON: Final = 2_000  # characters
LONGEST_TRACE: Final = 20_000
LOADING_S: Final = 60.0  # its parent has ended it long before, unless it ended itself


class Pipes:
    """The parent's side, out of reach of what the file prints or reads."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink

    def receive(self) -> ToWorker | None:
        """The next message; None when there will be none."""
        length = self._source.read(LENGTH)
        if len(length) < LENGTH:
            return None
        text = self._source.read(int.from_bytes(length, "big"))
        return to_worker.decode(text)

    def send(self, message: FromWorker) -> None:
        """Send a message now, behind those that were put."""
        self.put(frame(message))
        self.flush()

    def put(self, framed: bytes) -> None:
        """Send a message that has its frame, by and by: each alone would cost more than it."""
        self._sink.write(framed)

    def flush(self) -> None:
        """Send what was put."""
        self._sink.flush()


class WorkerRows:
    """What replay.projection.Rows asks for: remembers rows, asks the parent for the others."""

    def __init__(self, projection: Projection[Any], ask: Callable[[Asked], list[Value] | None]):
        self._ask = ask
        self.lookup = LookupTable(projection, self._text)
        self._kind: type[Any] = projection.row
        self._make = row_maker(projection.row)
        self._key: Callable[[Any], Key] = attrgetter(*projection.key)
        self._size = len(projection.key)
        self._columns = columns(projection)
        self._tables = ViewTables(projection.name, self._columns)
        self.forget(is_empty=False)
        self.begin(0)

    def forget(self, *, is_empty: bool) -> None:
        """Remember no row; with `is_empty` there is none."""
        self.lookup.forget()
        self._rows: dict[Key, Any] = {}
        self._text_size = 0
        self._knows_every_key = is_empty

    def begin(self, position: int) -> None:
        """Before the event at a position."""
        self.writes: list[Write] = []
        self.lookup.begin(position)

    def done(self, position: int, *, is_last: bool) -> Done:
        """What the event has written."""
        entries = [Entry(key, text) for key, _, text in self.lookup.taken()]
        return Done(position=position, writes=self.writes, lookup=entries, is_last=is_last)

    def get(self, key: Key) -> Any:
        """The row with this key as it is now, or None."""
        if key in self._rows:
            return self._rows[key]
        values = None if self._knows_every_key else self._ask(Asked(key))
        row = None if values is None else self._make(*self._tables.decoded(values))
        self._rows[key] = row
        return row

    def put(self, row: Any) -> None:
        """Add the row, or take it in place of the one with the same key."""
        if not isinstance(row, self._kind):
            raise TypeError(f"a row is a {self._kind.__name__}, not a {type(row).__name__}")
        values = self._told(row)
        self._rows[self._key(row)] = row
        self._write(Write(values))

    def delete(self, key: Key) -> None:
        """Take the row with this key away. Nothing if there is none."""
        if self.get(key) is not None:
            self._rows[key] = None
            self._write(Write(list(key) if isinstance(key, tuple) else [key], is_deleted=True))

    def shrink(self) -> None:
        """Between two batches: remember nothing when it is too much."""
        self.lookup.shrink()
        if len(self._rows) > ROWS_CACHED or self._text_size > TEXT_CACHED:
            self.forget(is_empty=False)

    def _text(self, key: str, _before: int) -> str | None:
        """A value that it does not remember is older than this batch, for its parent as well."""
        found = self._ask(Asked(key, is_lookup=True))
        return None if found is None else str(found[0])

    def _told(self, row: Any) -> list[Value]:
        values = list(msgspec.structs.astuple(row))
        for index in self._tables.json_indexes:
            text = values[index] = json_text.encode(values[index])
            self._text_size += len(text)
        if why := why_refused(self._columns, values):
            raise TypeError(why)
        return values

    def _write(self, write: Write) -> None:
        self.writes.append(write)
        if len(self.writes) > WRITES_PER_EVENT:
            raise ValueError(
                said(
                    "one event may write at most {writes_per_event:,} rows",
                    writes_per_event=WRITES_PER_EVENT,
                )
            )


class Folding(Protocol):
    """What is folded here: `begin`, then `fold` and `done` of event after event, then `shrink`."""

    def begin(self, request: Fold) -> None:
        """Before the first event of a request."""

    def fold(self, request: Fold, event: RecordedEvent) -> None:
        """Fold one event. May raise anything."""

    def done(self, position: int, *, is_last: bool) -> Done:
        """What the event has written."""

    def forget(self) -> None:
        """Remember nothing: some may have changed in the hands of what raised."""

    def shrink(self) -> None:
        """Between two requests: remember nothing when it is too much."""


Ask: TypeAlias = Callable[[Asked], list[Value] | None]


class Views:
    """Folds projections, by name."""

    def __init__(self, projections: Sequence[Projection[Any]], ask: Ask) -> None:
        self._known = {it.name: it for it in projections}
        self._ask = ask
        self._rows: dict[str, WorkerRows] = {}

    def begin(self, request: Fold) -> None:
        """Take up the rows of its view."""
        rows = self._rows.get(request.view)
        if rows is None:
            rows = self._rows[request.view] = WorkerRows(self._known[request.view], self._ask)
        if request.is_fresh:
            rows.forget(is_empty=request.is_empty)
        self._at_hand = rows

    def fold(self, request: Fold, event: RecordedEvent) -> None:
        """Apply the projection to one event."""
        self._at_hand.begin(event.position)
        links = request.links.get(event.position, ())
        self._known[request.view].apply(self._at_hand, event, links)

    def done(self, position: int, *, is_last: bool) -> Done:
        """What the event has written."""
        return self._at_hand.done(position, is_last=is_last)

    def forget(self) -> None:
        """Remember no row of the view at hand."""
        self._at_hand.forget(is_empty=False)

    def shrink(self) -> None:
        """Remember no row when they are too many."""
        self._at_hand.shrink()


class Worker:
    """Folds what it is sent, until there is no more."""

    def __init__(self, pipes: Pipes, marker: memoryview, folding: Callable[[Ask], Folding]) -> None:
        self._pipes = pipes
        self._marker = marker
        self._folding = folding(self._ask)

    def serve(self) -> None:
        """Until the parent has ended."""
        while isinstance(request := self._pipes.receive(), Fold):
            self._fold(request)

    def _fold(self, request: Fold) -> None:
        folding = self._folding
        folding.begin(request)
        ends_s, sent = time.monotonic() + request.budget_s, 0
        for event in request.events:
            self._marker[0] = event.position
            _end_by_itself(2 * request.limit_s)
            try:
                folding.fold(request, event)
                is_last = time.monotonic() >= ends_s or sent > BYTES_PER_BATCH
                framed = frame(folding.done(event.position, is_last=is_last))
            except BaseException as error:  # the edge: a person's own code may raise anything
                is_last, framed = True, frame(_failed(event.position, error))
                folding.forget()
            self._pipes.put(framed)
            if request.is_careful:
                self._pipes.flush()
            sent += len(framed)
            if is_last:
                break
        self._pipes.flush()
        _end_by_itself(0)
        folding.shrink()

    def _ask(self, asked: Asked) -> list[Value] | None:
        self._pipes.send(asked)
        answer = self._pipes.receive()
        return answer.values if isinstance(answer, Found) else None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was loaded, and what folds by it."""

    loaded: Loaded
    folding: Callable[[Ask], Folding]


def projections_in(path: Path, *, expected_digest: str) -> Sequence[Projection[Any]]:
    """The projections of a file, run here and now. Raises ModelFailed, and whatever the file
    raises."""
    module = load_module(path, expected_digest=expected_digest)
    one, several = getattr(module, "PROJECTION", None), getattr(module, "PROJECTIONS", ())
    found = [*([one] if one is not None else []), *several]
    if not found or not all(isinstance(it, Projection) for it in found):
        raise ModelFailed(said("the file defines no PROJECTION: {path}", path=path))
    return [replace(it, facts=expected_digest, is_own=True) for it in found]


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    path, _, digest = arguments[0].rpartition("=")
    return run(lambda: views(projections_in(Path(path), expected_digest=digest)), arguments[1])


def views(projections: Sequence[Projection[Any]]) -> Prepared:
    """What folds these projections. Raises TypeError for one that cannot be described."""
    return Prepared(Loaded(tuple(map(described, projections))), partial(Views, projections))


def run(prepare: Callable[[], Prepared], marker: str) -> int:
    """Load what is folded by, and fold until the input ends; `marker` is the file descriptor."""
    limit_memory()
    forbid_writing()
    sys.dont_write_bytecode = True
    pipes = _private_pipes()
    _end_by_itself(LOADING_S)
    try:
        prepared = prepare()
        pipes.send(prepared.loaded)
    except BaseException as error:  # the edge: a file may raise anything, and end the process
        pipes.send(Refused(_words(error), _trace(error)))
        return 1
    _end_by_itself(0)
    Worker(pipes, _shared(int(marker)), prepared.folding).serve()
    return 0


def _private_pipes() -> Pipes:
    """Input and output under other numbers; what the file prints goes to the errors."""
    source, sink = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.close(nothing)
    return Pipes(os.fdopen(source, "rb"), os.fdopen(sink, "wb", BYTES_PUT))


def _shared(marker: int) -> memoryview:
    return memoryview(mmap.mmap(marker, MARKER_BYTES)).cast("Q")


def _end_by_itself(seconds: float) -> None:
    """End this process when it is not called again in time: its parent does so much sooner, but
    when that was killed nobody else would. The system does it, whatever Python is busy with."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def described(it: Projection[Any]) -> OwnView:
    """A projection without its code. Raises TypeError."""
    if not callable(it.apply):
        raise TypeError(f"apply is no function: {it.name!r}")
    return OwnView(
        name=it.name,
        title=it.title,
        version=it.version,
        definition=definition(it),
        columns=columns(it),
        key=it.key,
        listens=it.listens,
        partition_by=it.partition_by,
        payloads=it.payloads,
        keeps_lookup=it.keeps_lookup,
    )


def _failed(position: int, error: BaseException) -> Failed:
    kind = type(error).__name__
    reason = _words(error).removeprefix(kind).removeprefix(": ")
    return Failed(position=position, kind=kind, reason=reason, trace=_trace(error))


def _words(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return said(
            "MemoryError: it used more than {memory_bytes:,} MB of memory",
            memory_bytes=MEMORY_BYTES // 2**20,
        )
    if isinstance(error, SystemExit):
        return said("SystemExit: it tried to end the process with code {code}", code=error.code)
    if isinstance(error, StoreError):
        return str(error)
    try:
        stated = str(error)[:LONGEST_REASON]
    except Exception:  # it is of a class of their own
        stated = said("no reason given")
    return _sayable(f"{type(error).__name__}: {stated}" if stated else type(error).__name__)


def _trace(error: BaseException) -> str:
    traceback.clear_frames(error.__traceback__)  # what they hold may be all the memory there is
    return _sayable("".join(traceback.format_exception(error))[-LONGEST_TRACE:])


def _sayable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
