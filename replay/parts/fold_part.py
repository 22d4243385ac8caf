"""Fold one part, by the projection itself: what a worker does with the packages that it gets."""

from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from msgspec import json

from replay.collector import rarely_collected
from replay.parts.part_files import PartFiles
from replay.parts.part_sink import PartSink, Taker
from replay.parts.server_rows import ServerRows
from replay.parts.shipment import PartReport, Shipment, projection_there
from replay.parts.shipped import by_window, unpacked
from replay.projection import columns
from replay.query_store.kind import open_query_store
from replay.views.failure import Failure, failure_of, is_worlds_fault
from replay.views.row_buffer import RowBuffer
from replay.views.sink import Mark, RowRefused
from store.remote.address import address_of
from store.whole_file import written_aside

EVENTS_PER_FLUSH: Final = 50_000  # a row that is written often is handed on once for these
TEXT_PER_FLUSH: Final = 32_000_000  # characters of payload


def fold_part(shipment: Shipment, part: int, rows: Iterable[tuple[int, bytes]]) -> PartReport:
    """Fold the packages of one part, each with the number of its window and in their order.

    Writes its files, and its rows to the server if there is one; what is there already is replaced
    by the same. Raises NotFoldedThere and what the server raises; what the projection raises is in
    the report.
    """
    with ExitStack() as stack:
        stack.enter_context(rarely_collected())
        work = _Work.of(shipment, part, stack)
        failure = work.fold(rows)
        if failure is not None:
            return work.report(failure)
        work.finish()
        report = work.report(None)
        with written_aside(report_file(Path(shipment.folder), part)) as file:
            file.path.write_bytes(json.encode(report))
            file.replace()
    return report


def report_file(folder: Path, part: int) -> Path:
    """It is there when the part is done."""
    return folder / f"part-{part:05}.json"


@dataclass(slots=True, kw_only=True)
class _Work:
    part: int
    files: PartFiles
    server: ServerRows | None
    sink: PartSink
    buffer: RowBuffer[Any]
    events: int = 0
    is_finished: bool = False

    @staticmethod
    def of(shipment: Shipment, part: int, stack: ExitStack) -> "_Work":
        projection = projection_there(shipment)
        made_of = columns(projection)
        server = None
        if shipment.server is not None:
            store = open_query_store(address_of(shipment.server.address))
            stack.enter_context(closing(store))
            server = ServerRows(store, shipment.server.stored, made_of)
        files = PartFiles(Path(shipment.folder), part, made_of)
        takers: list[Taker] = [files] if server is None else [files, server]
        sink = PartSink(takers)
        tell = None if server is None else server.hear_left_out
        buffer = RowBuffer(sink, projection, on_left_out=tell)
        work = _Work(part=part, files=files, server=server, sink=sink, buffer=buffer)
        stack.callback(work.discard)
        return work

    def fold(self, rows: Iterable[tuple[int, bytes]]) -> Failure | None:
        """Everything, or up to where the projection fails."""
        last, waiting, size = Mark(), 0, 0
        for texts in by_window(rows):
            events, links = unpacked(texts)
            try:
                self.buffer.take(events, dict(links))
            except Exception as error:  # the edge: a projection may raise anything
                if is_worlds_fault(error):
                    raise
                return self.buffer.failure(error)
            last = Mark(position=events[-1].position, event_id=events[-1].id)
            self.events += len(events)
            waiting += len(events)
            size += sum(map(len, texts))
            if waiting >= EVENTS_PER_FLUSH or size >= TEXT_PER_FLUSH:
                if (refused := self._flush(last)) is not None:
                    return refused
                waiting = size = 0
        return self._flush(last) if waiting else None

    def _flush(self, until: Mark) -> Failure | None:
        try:
            self.buffer.flush(until)
        except RowRefused as error:
            return failure_of(error)
        return None

    def report(self, failure: Failure | None) -> PartReport:
        return PartReport(
            part=self.part,
            events=self.events,
            versions=self.sink.version_count,
            rows=sum(it.values is not None for it in self.sink.rows.values()),
            told_new=self.server.told_new if self.server else 0,
            words=failure.words if failure else "",
            position=failure.position if failure else None,
        )

    def finish(self) -> None:
        """Everything has its place."""
        if self.server is not None:
            self.server.finish()
        self.files.finish(self.sink)
        self.is_finished = True

    def discard(self) -> None:
        """Leave nothing that is not complete."""
        if not self.is_finished:
            self.files.discard()
