"""Bring an event file into a log: everything usable in one transaction, or nothing.

Batches keep memory flat, and SQLite's page cache is bounded, so a long file costs no more
memory than a short one. A line that cannot be used is quarantined: reported with its number,
byte offset and reason, while the others go in.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from store.by_weight import by_weight
from store.errors import Cancelled, InvalidEvent, StoreExists
from store.reading.format import Format, Incoming, Record
from store.reading.source import stopped_when
from store.shaping.check import require_sound
from store.shaping.pipeline import shaped
from store.shaping.rules import NO_RULES, ImportRules
from store.sqlite.interruption import asked
from store.stopwatch import Stopwatch
from store.transfer.bundle import Bundle, opened_bundle
from store.transfer.incoming_ids import NONE, Hashes, together
from store.transfer.manifest import write_manifest
from store.transfer.recording import Recording
from store.transfer.repeated_ids import AskedUnseen
from store.transfer.report import ImportReport, Progress, Tally
from store.transfer.target import Target, new_target, open_target

BATCH: Final = 1_000
SAY_EVERY_S: Final = 1 / 30
READING: Final = 0.85  # of the work of an import into a new log; the rest makes its indexes


def ingest(
    sources: Path | Sequence[Path],
    *,
    into: Path,
    format: str | Format | None = None,
    choices: Mapping[str, str] | None = None,
    rules: ImportRules = NO_RULES,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import a file, or several as one, into the log at `into`, which is made when it is not there.
    A folder, and an archive, stand for the files in them.

    A log that is made for it appears when the events are in it, and not at all without any. With
    `dry_run` the report says what would happen, and nothing is kept. `format` and `choices` count
    more than what the rules say of them. Progress is told in this thread.

    Raises UnreadableSource, UnknownFormat, UnknownChoice, WrongRules, Cancelled, StoreBusy,
    StoreReadOnly and what `open_log` and `new_log` raise; then the log is as it was.
    """
    require_sound(rules)
    choices = {**rules.choices, **(choices or {})}
    paths = [sources] if isinstance(sources, Path) else sources
    pulse = stopped_when(is_cancelled)
    with opened_bundle(paths, rules=rules, choices=choices, named=format, pulse=pulse) as bundle:
        job = _Import(
            bundle,
            rules=rules,
            is_dry_run=dry_run,
            on_progress=on_progress,
            is_cancelled=is_cancelled,
        )
        try:
            return job.into(into)
        except StoreExists:
            if not into.exists():
                raise
            return job.into(into)  # somebody else made it meanwhile: behind what is there now


class _NothingToKeep(Exception):
    """Leaves the transaction without a trace."""


class _Import:
    """One import of one bundle."""

    def __init__(
        self,
        bundle: Bundle,
        *,
        rules: ImportRules,
        is_dry_run: bool,
        on_progress: Callable[[Progress], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._bundle = bundle
        self._rules = rules
        self._is_dry_run = is_dry_run
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._tally = Tally()
        self._watch, self._said = Stopwatch(), monotonic()
        self._share_of_reading = 1.0
        self._is_read = False
        self._settled = 0.0  # how much of what follows the reading is done
        bundle.pulse = self._pulse

    def into(self, log: Path) -> ImportReport:
        """As often as it takes until every id that came again was looked up: once, or twice. Once
        more and carefully where SQLite refuses what our reader accepted."""
        looked_up, is_careful = NONE, False
        while True:
            try:
                with self._target(log, looked_up) as target:
                    return self._run(target, is_careful=is_careful)
            except AskedUnseen as unseen:
                looked_up = together(looked_up, unseen.hashes)
            except (InvalidEvent, UnicodeEncodeError):
                if is_careful:
                    raise
                is_careful = True

    def _target(self, log: Path, looked_up: Hashes) -> AbstractContextManager[Target]:
        if log.exists():
            return open_target(log, looked_up=looked_up)
        self._share_of_reading = READING
        return new_target(log, looked_up=looked_up, is_dry_run=self._is_dry_run)

    def _run(self, target: Target, *, is_careful: bool) -> ImportReport:
        """Read, place and record everything, all or nothing; `is_careful` as at Recording."""
        recording = target.recording(self._bundle.format_name)
        report: ImportReport | None = None
        try:
            with recording.transaction(), self._listening(target.db):
                self._tally, self._is_read, self._settled = recording.tally, False, 0.0
                records = shaped(self._bundle.records(), self._rules, recording.tally)
                for batch in self._batches(records):
                    recording.take(batch, is_careful=is_careful)
                    self._tell()
                self._is_read = True
                target.settle(self._say_settled)
                self._settled = 1.0
                self._tell(is_last=True)
                report = self._report(recording)
                if self._is_dry_run or not report.stored:
                    raise _NothingToKeep
                write_manifest(
                    target.db,
                    self._bundle,
                    recording.tally,
                    report,
                    rules=self._rules,
                    has_other_versions=recording.has_other_versions,
                )
        except _NothingToKeep:
            assert report is not None
        else:
            target.keep()
        return report

    @contextmanager
    def _listening(self, db: sqlite3.Connection) -> Iterator[None]:
        """While SQLite works it asks every some milliseconds whether to go on."""
        objection: list[BaseException] = []

        def go_on() -> int:
            try:
                self._pulse()
            except BaseException as error:  # the edge: SQLite would drop it
                objection.append(error)
            return len(objection)

        try:
            with asked(db, go_on):
                yield
        except sqlite3.OperationalError as error:
            if objection:
                raise objection[0] from error
            raise

    def _say_settled(self, share: float) -> None:
        self._settled = share
        self._pulse()

    def _pulse(self) -> None:
        """Called often, however few events there are. Raises Cancelled."""
        if self._is_cancelled():
            raise Cancelled
        self._tell()

    def _batches(self, records: Iterator[Record]) -> Iterator[list[Record]]:
        """The records by the thousand, or fewer where they are long."""
        for batch in by_weight(records, _weight, most=BATCH):
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
                    bytes_read=self._bytes_done(),
                    total_bytes=self._bundle.total_bytes,
                    lines=self._tally.numbers["read"],
                    events=self._tally.numbers["stored"],
                    seconds=self._watch.seconds(self._tally.numbers["read"]),
                )
            )

    def _bytes_done(self) -> int:
        """Reading is a part of the work, and the rest counts as bytes too. A file that is read
        once more for its hash has been read."""
        share, total = self._share_of_reading, self._bundle.total_bytes
        read = total if self._is_read else self._bundle.bytes_read
        return int(read * share + total * (1 - share) * self._settled)

    def _report(self, recording: Recording) -> ImportReport:
        first, (streams, types) = recording.first_position, recording.extent()
        stored = self._tally.numbers["stored"]
        return ImportReport(
            format=self._bundle.format_name,
            file=self._bundle.name,
            files=self._bundle.files(self._tally),
            is_dry_run=self._is_dry_run,
            first_position=first if stored else 0,
            last_position=first + stored - 1 if stored else 0,
            streams=streams,
            types=types,
            seconds=self._watch.seconds(self._tally.numbers["read"]),
            bad_lines=tuple(self._tally.bad_lines),
            conflict_lines=tuple(self._tally.conflict_lines),
            remarks=self._tally.remarks(),
            **self._tally.numbers,
        )


def _weight(record: Record) -> int:
    """The characters of a record that count."""
    return len(record.event.data_json) if isinstance(record, Incoming) else 0
