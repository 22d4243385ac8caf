"""The projector process, which keeps the views up with the log:
python -m replay.projector.projector LOG.

It reads commands from standard input, a word a line: wake, pause, resume, stop. When its input
ends its parent is gone, and so is it. It writes reports to standard output, a line of JSON each,
at most twenty a second. Only one process at a time writes to a views file; another one watches
until the first has ended.
"""

import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import IO, Final

from msgspec.structs import replace

from replay.catalog.all_views import absent_categories, present_ones, views_without_code
from replay.catalog.leftovers import drop_leftovers
from replay.catalog.views_to_read import views_to_read
from replay.children.ending import hearing_the_end
from replay.collector import rarely_collected
from replay.free_memory import give_back
from replay.projector.own_keeper import OwnKeeper
from replay.projector.projector_report import Phase, Report, ViewProgress, to_line
from replay.projector.rates import RateGauge, Rates
from replay.projector.recorded_rates import RateNotes
from replay.projector.rest import Rest
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.views import checkpoints, read_store
from replay.views.outdated import outdated_views
from replay.views.read_store import open_views, reading_views
from replay.views.runner import Runner
from replay.views.unused_views import keep_tidy
from replay.words import said
from store.errors import HistoryEdited, LogReplaced, StoreError
from store.failure import Raised, said_of
from store.interface import EventReader
from store.locks import ProcessLock
from store.opening import open_reader
from store.place import Place, place_of
from store.wake_event import WakeEvent

WATCH_S: Final = 0.2  # between two looks at the views that another process keeps
RETRY_S: Final = 1.0  # after an error of the file or the disk
REPORT_S: Final = 0.05  # between two reports, at least
NOTHING_LOST: Final = said("They can be rebuilt from the log.")


class Commands:
    """What the parent asks for; read on a thread of its own until the input ends."""

    def __init__(self, source: IO[str]) -> None:
        self.is_paused = False
        self.is_stopping = False
        self._source = source
        self.woken = WakeEvent()
        self._thread = threading.Thread(target=self._read, name="commands", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> None:
        """Until the next command, or until time is up."""
        self.woken.wait(timeout_s)
        self.woken.clear()

    def stop(self) -> None:
        """As if the parent had asked for it."""
        self.is_stopping = True
        self.woken.set()

    def join(self) -> None:
        """Until the input has ended or said stop."""
        self._thread.join()
        self.woken.close()

    def _read(self) -> None:
        for line in self._source:
            word = line.strip()
            if word in ("pause", "resume"):
                self.is_paused = word == "pause"
            if word == "stop":
                break
            self.woken.set()
        self.stop()


class Reporter:
    """Writes reports that differ from the one before, and not too many."""

    def __init__(
        self, write: Callable[[bytes], None], *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock_s = clock_s
        self._gauge = RateGauge(clock_s)
        self._last: Report | None = None
        self._last_s = 0.0
        self._begun: tuple[float, int] | None = None  # when the work began, and where
        self.history = 0  # grows when what is folded was edited
        self.is_owing = False  # there was something to report, too soon after the last

    @property
    def views(self) -> dict[str, ViewProgress]:
        """How far they had come when last reported."""
        return self._last.views if self._last else {}

    @property
    def head(self) -> int:
        """Of the log, when last reported."""
        return self._last.head if self._last else 0

    @property
    def rates(self) -> dict[str, Rates]:
        """Those of the views that were last reported."""
        return {name: it.rates for name, it in self.views.items() if it.rates is not None}

    def tell(
        self,
        phase: Phase,
        *,
        head: int,
        views: dict[str, ViewProgress],
        versions: dict[str, int] | None = None,
        error: str | None = None,
        hint: str = "",
    ) -> None:
        """Report, unless nothing has changed or the last report is too young."""
        going = [it.checkpoint for it in views.values() if it.is_going]
        checkpoint = min(going, default=0)
        now_s = self._clock_s()
        rates = self._gauge.look(head, {name: it.folded for name, it in views.items()})
        views = {name: replace(it, rates=rates.get(name)) for name, it in views.items()}
        rate = self._rate(now_s, checkpoint, is_behind=phase == "working" and checkpoint < head)
        report = Report(
            phase=phase,
            head=head,
            checkpoint=checkpoint,
            rate=rate,
            views=views,
            versions=versions or {},
            history=self.history,
            error=error,
            hint=hint,
        )
        is_urgent = self._last is None or phase != self._last.phase
        is_due = is_urgent or now_s - self._last_s >= REPORT_S
        self.is_owing = report != self._last and not is_due
        if report != self._last and is_due:
            self._last, self._last_s = report, now_s
            self._write(to_line(report))

    def _rate(self, now_s: float, checkpoint: int, *, is_behind: bool) -> float:
        if not is_behind:
            self._begun = None
            return 0.0
        if self._begun is None:
            self._begun = (now_s, checkpoint)
        since_s, since = self._begun
        return round((checkpoint - since) / (now_s - since_s)) if now_s > since_s else 0.0


def run(place: Place, commands: Commands, reporter: Reporter) -> int:
    """Keep the views until told to stop. Returns the exit code."""
    try:
        log = open_reader(place.path)
    except StoreError as error:
        reporter.tell("ended", head=0, views={}, error=str(error), hint=error.hint)
        return 1
    lock = ProcessLock(place.views_lock)
    try:
        while not commands.is_stopping:
            try:
                if lock.acquire():
                    _keep(log, lock, commands, reporter)
                else:
                    _watch(log, reporter)
            except HistoryEdited:
                former, log = log, open_reader(place.path)
                former.close()
                reporter.history += 1
                continue
            except (sqlite3.Error, StoreError, OSError) as error:
                _recover(log, error, reporter)
                commands.wait(RETRY_S)
                continue
            commands.wait(WATCH_S)
    finally:
        lock.release()
        log.close()
    return 0


def _keep(log: EventReader, lock: ProcessLock, commands: Commands, reporter: Reporter) -> None:
    """Fold what comes, until told to stop or until the views file or its lock was taken away:
    by then another process may keep the views."""
    store = open_views(log)
    keep_tidy(log.place)
    own = OwnKeeper(log.place, is_paused=lambda: commands.is_paused)
    try:
        drop_leftovers(store.db, log)
        known = views_without_code(log.place)
        views = present_ones(log, known)
        absent = absent_categories(log, set(known).difference(views))
        runner = Runner(store.db, log, views)
        saver, notes = SnapshotKeeper(store.db, log), RateNotes(store.db)
        own.start()
        with closing(Rest(log, store, known, absent=absent, is_ours=lock.is_held)) as rest:
            while not commands.is_stopping and rest.is_as_it_was():
                has_worked = not commands.is_paused and runner.advance()
                phase: Phase = "paused" if commands.is_paused else "working"
                views_now, versions = _progress(store.db, log)
                reporter.tell(phase, head=log.head(), views=views_now, versions=versions)
                notes.note(reporter.rates)
                if not has_worked and (commands.is_paused or not saver.advance()):
                    if runner.release():
                        give_back()
                    _rest(rest, commands, reporter)
    finally:
        own.close()
        store.close()


def _rest(rest: Rest, commands: Commands, reporter: Reporter) -> None:
    """Until there may be something to do; not for long while there is something to report."""
    if reporter.is_owing:
        commands.wait(REPORT_S)
    else:
        rest.wait(commands.woken)


def _watch(log: EventReader, reporter: Reporter) -> None:
    """Report how far the process has come that keeps these views."""
    with reading_views(log) as db:
        views, versions = ({}, {}) if db is None else _progress(db, log)
    reporter.tell("watching", head=log.head(), views=views, versions=versions)


def _recover(log: EventReader, error: Raised | StoreError, reporter: Reporter) -> None:
    """Throw the views away when they are damaged; otherwise say what is in the way."""
    told = error if isinstance(error, StoreError) else said_of(error, log.place.views)
    reason = f"{type(error).__name__}: {error}" if told is None else str(told)
    hint = "" if told is None else told.hint
    if isinstance(error, sqlite3.Error) and read_store.is_damage(error):
        read_store.discard(log)
        reason, hint = (
            said("they were damaged and are being rebuilt ({error})", error=error),
            NOTHING_LOST,
        )
    head = reporter.head if isinstance(error, LogReplaced) else log.head()
    reporter.tell("blocked", head=head, views=reporter.views, error=reason, hint=hint)


def _progress(
    db: sqlite3.Connection, log: EventReader
) -> tuple[dict[str, ViewProgress], dict[str, int]]:
    """How far the views are, and how often they and the versions beside them were built."""
    errors, head = checkpoints.errors(db), log.head()
    found = checkpoints.read_all(db)
    readable = views_to_read(log, found)
    known, outdated = {view.name for view in readable}, outdated_views(db, found, readable)
    views = {
        name: ViewProgress(
            checkpoint=it.checkpoint,
            lag=max(head - it.checkpoint, 0),
            error=errors[name].message if name in errors else None,
            standing=outdated[name].words(head) if name in outdated else "",
            is_reverted=name in outdated and outdated[name].is_reverted,
            rebuilt=outdated[name].rebuilt if name in outdated else None,
            stale_since_us=log.arrived_at_us(it.checkpoint + 1) if it.checkpoint < head else None,
        )
        for name, it in found.items()
        if name in known
    }
    versions = {name: it.generation for name, it in found.items() if it.of.view in known}
    return views, versions


def main() -> int:
    """The process: one argument, the place of the log as text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    commands = Commands(sys.stdin)

    def write(line: bytes) -> None:
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            commands.stop()

    with rarely_collected(), hearing_the_end(commands.stop):  # the files are left whole
        return run(place_of(sys.argv[1]), commands, Reporter(write))


if __name__ == "__main__":  # pragma: no cover  (the process tests run it)
    sys.exit(main())
