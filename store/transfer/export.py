"""Write the events of a log to a file, whole or not at all; what it cannot hold is counted."""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from msgspec import to_builtins

from store.errors import Cancelled, StoreExists, StoreMissing, StoreReadOnly, UnknownFormat
from store.events import RecordedEvent
from store.failure import writing_of
from store.interface import EventReader
from store.opening import open_reader
from store.place import LOG_SUFFIX
from store.query import EVERYTHING, EventQuery
from store.reading.detect import format_named, formats
from store.reading.format import Format, Outgoing
from store.sqlite.filter_scan import SPAN
from store.sqlite.reader import PAGE
from store.stopwatch import Stopwatch
from store.transfer.lost import Losing, Lost
from store.transfer.report import Progress
from store.whole_file import written_aside
from store.words import said

PACKED_SUFFIX: Final = ".gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written, or would be."""

    format: str
    file: str
    events: int
    bytes: int  # 0 of a dry run
    sha256: str  # of the file; empty of a dry run
    seconds: float
    changed: int = 0  # events that were written otherwise than they are stored
    losses: tuple[Lost, ...] = ()  # what of them the file does not hold
    is_dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        found: dict[str, Any] = to_builtins(self)
        return found


def export(
    log: Path,
    out: Path,
    *,
    format: str | Format = "canonical",
    query: EventQuery = EVERYTHING,
    overwrite: bool = False,
    change: Callable[[RecordedEvent], RecordedEvent] = lambda event: event,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """Write the events that meet `query`, in position order, to `out`.

    `change` gives each event as it shall be written. gzip when the name ends in .gz.
    The file takes its name when it is whole. Raises StoreExists (unless `overwrite`; a log is
    never replaced), also at the end when somebody else has taken the name meanwhile,
    StoreMissing, StoreReadOnly, UnknownFormat, Cancelled, and what `open_log` raises.
    """
    chosen = _writable(format)
    _require_free(out, overwrite=overwrite)
    watch = Stopwatch()
    with (
        closing(open_reader(log)) as reader,
        writing_of(out),
        written_aside(out) as unfinished,
    ):
        steps = _Steps(reader, query, on_progress, is_cancelled, watch=watch, change=change)
        losing = Losing(chosen.losses)
        path, is_packed = unfinished.path, out.name.endswith(PACKED_SUFFIX)
        events = _write(chosen, losing.counted(steps.outgoing()), path, packed=is_packed)
        size, digest = path.stat().st_size, _sha256(path)
        unfinished.take_name(overwrite=overwrite)
    return ExportReport(
        format=chosen.name,
        file=out.name,
        events=events,
        bytes=size,
        sha256=digest,
        seconds=watch.seconds(events),
        changed=steps.changed,
        losses=losing.found,
    )


def rehearsed(
    log: Path,
    out: Path,
    *,
    format: str | Format = "canonical",
    query: EventQuery = EVERYTHING,
    change: Callable[[RecordedEvent], RecordedEvent] = lambda event: event,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """What `export` would report, without a file: how many events, and what they lose.

    Raises StoreMissing, UnknownFormat, Cancelled, and what `open_log` raises.
    """
    chosen, watch = _writable(format), Stopwatch()
    losing = Losing(chosen.losses)
    with closing(open_reader(log)) as reader:
        steps = _Steps(reader, query, on_progress, is_cancelled, watch=watch, change=change)
        events = sum(1 for _ in losing.counted(steps.outgoing()))
    return ExportReport(
        format=chosen.name,
        file=out.name,
        events=events,
        bytes=0,
        sha256="",
        seconds=watch.seconds(events),
        changed=steps.changed,
        losses=losing.found,
        is_dry_run=True,
    )


class _Steps:
    """Hands out events a page at a time, those that a query picks a span at a time, telling how far
    it has come."""

    def __init__(
        self,
        reader: EventReader,
        query: EventQuery,
        on_progress: Callable[[Progress], None],
        is_cancelled: Callable[[], bool],
        watch: Stopwatch,
        change: Callable[[RecordedEvent], RecordedEvent],
    ) -> None:
        self._reader = reader
        self._query = query
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._watch = watch
        self._change = change
        self.changed = 0

    def outgoing(self) -> Iterator[Outgoing]:
        """Every event with its links; the head is taken once, so the export has an end."""
        head, written = self._reader.head(), 0
        size = PAGE if self._query.is_everything else SPAN
        for after in range(0, head, size):
            if self._is_cancelled():
                raise Cancelled
            until = min(after + size, head)
            links = self._reader.links_between(after + 1, until)
            for event in self._reader.read(self._query, after=after, until=until):
                written += 1
                out = self._change(event)
                self.changed += out is not event
                yield Outgoing(out, links.get(event.position, ()))
            self._on_progress(
                Progress(
                    bytes_read=until,
                    total_bytes=head,
                    lines=until,
                    events=written,
                    seconds=self._watch.seconds(written),
                )
            )


def _writable(format_: str | Format) -> Format:
    chosen = format_named(format_) if isinstance(format_, str) else format_
    if chosen.write is None:
        error = UnknownFormat(said("this format can be read but not written"), Path(chosen.name))
        names = ", ".join(it.name for it in formats() if it.write is not None)
        error.hint = said("Choose one of: {names}.", names=names)
        raise error
    return chosen


def _require_free(out: Path, *, overwrite: bool) -> None:
    if not out.parent.is_dir():
        raise StoreMissing(out.parent)
    if not os.access(out.parent, os.W_OK):
        raise StoreReadOnly(said("the folder cannot be written"), out.parent)
    if out.is_dir() or (out.exists() and (not overwrite or out.suffix == LOG_SUFFIX)):
        error = StoreExists(out)
        error.hint = said("Choose another name, or allow replacing it (--overwrite).")
        raise error


def _write(chosen: Format, events: Iterator[Outgoing], path: Path, *, packed: bool) -> int:
    if chosen.write is None:
        raise ValueError(said("{name} cannot be written", name=chosen.name))
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(path.open("wb"))
        if packed:  # no name and no time inside: the same events give the same bytes
            packing = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
            return chosen.write(events, cast(BinaryIO, stack.enter_context(packing)))
        return chosen.write(events, file)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
