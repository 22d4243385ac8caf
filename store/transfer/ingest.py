"""Bring an event file into a log: everything usable in one transaction, or nothing.

Batches keep memory flat, and SQLite's page cache is bounded, so a long file costs no more
memory than a short one. A line that cannot be used is quarantined: reported with its number,
byte offset and reason, while the others go in.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Final

from store.errors import Cancelled, InvalidEvent, StoreExists
from store.reading.choices import require_offered
from store.reading.detect import detect_in, format_named
from store.reading.format import Format, Record
from store.reading.source import Source
from store.transfer.manifest import write_manifest
from store.transfer.recording import Recording
from store.transfer.report import ImportReport, Progress, Tally
from store.transfer.target import open_target

BATCH: Final = 1_000
SAY_EVERY_S: Final = 1 / 30
_EXTENT: Final = """
SELECT count(DISTINCT stream_id), count(DISTINCT type_id) FROM events WHERE position >= ?
"""


def ingest(
    source_path: Path,
    *,
    into: Path,
    format: str | Format | None = None,
    choices: Mapping[str, str] | None = None,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import a file into the log at `into`, which is made when it is not there.

    A log that is made for it appears when the events are in it, and not at all without any. With
    `dry_run` the report says what would happen, and nothing is kept. Progress is told in this
    thread.

    Raises UnreadableSource, UnknownFormat, UnknownChoice, Cancelled, StoreBusy, StoreReadOnly and
    what `open_log` and `new_log` raise; then the log is as it was.
    """
    with Source(source_path, choices=choices) as source:
        chosen = format_named(format) if isinstance(format, str) else format
        chosen = chosen or detect_in(source).format
        require_offered(chosen, source)
        job = _Import(source, chosen, dry_run, on_progress, is_cancelled)
        try:
            return job.into(into)
        except StoreExists:
            if not into.exists():
                raise
            return job.into(into)  # somebody else made it meanwhile: behind what is there now


class _NothingToKeep(Exception):
    """Leaves the transaction without a trace."""


class _Import:
    """One import of one source."""

    def __init__(
        self,
        source: Source,
        format_: Format,
        is_dry_run: bool,
        on_progress: Callable[[Progress], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._source = source
        self._format = format_
        self._is_dry_run = is_dry_run
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._tally = Tally()
        self._started = self._said = monotonic()

    def into(self, log: Path) -> ImportReport:
        """Once more and carefully where SQLite refuses what our reader accepted."""
        with open_target(log, is_dry_run=self._is_dry_run) as db:
            try:
                return self.run(db, is_careful=False)
            except (InvalidEvent, UnicodeEncodeError):
                return self.run(db, is_careful=True)

    def run(self, db: sqlite3.Connection, *, is_careful: bool) -> ImportReport:
        """Read, place and record everything, all or nothing; `is_careful` as at Recording."""
        recording = Recording(db, format_name=self._format.name)
        report: ImportReport | None = None
        try:
            with recording.transaction():
                self._tally = recording.tally
                for batch in self._batches(self._format.read(self._source)):
                    recording.take(batch, is_careful=is_careful)
                    self._tell()
                self._tell(is_last=True)
                report = self._report(db, recording.first_position)
                if self._is_dry_run or not report.stored:
                    raise _NothingToKeep
                write_manifest(
                    db, self._source, report, has_other_versions=recording.has_other_versions
                )
        except _NothingToKeep:
            assert report is not None
        return report

    def _batches(self, records: Iterator[Record]) -> Iterator[list[Record]]:
        """The records by the thousand."""
        while batch := list(islice(records, BATCH)):
            if self._is_cancelled():
                raise Cancelled
            yield batch
        if self._is_cancelled():
            raise Cancelled

    def _tell(self, *, is_last: bool = False) -> None:
        now = monotonic()
        if is_last or now - self._said >= SAY_EVERY_S:
            self._said = now
            self._on_progress(
                Progress(
                    bytes_read=self._source.bytes_read,
                    total_bytes=self._source.total_bytes,
                    lines=self._tally.numbers["read"],
                    events=self._tally.numbers["stored"],
                    seconds=now - self._started,
                )
            )

    def _report(self, db: sqlite3.Connection, first: int) -> ImportReport:
        streams, types = db.execute(_EXTENT, [first]).fetchone()
        stored = self._tally.numbers["stored"]
        return ImportReport(
            format=self._format.name,
            file=self._source.path.name,
            is_dry_run=self._is_dry_run,
            first_position=first if stored else 0,
            last_position=first + stored - 1 if stored else 0,
            streams=streams,
            types=types,
            seconds=monotonic() - self._started,
            bad_lines=tuple(self._tally.bad_lines),
            conflict_lines=tuple(self._tally.conflict_lines),
            remarks=self._tally.remarks(),
            **self._tally.numbers,
        )
