"""How the views of the open store are kept: how far each is, at what rate, and what is wrong."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.viewmodels.view_sizes import ViewSizes
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report, ViewProgress
from replay.projector.rates import Rates
from replay.projector.staleness import old_words
from replay.questions.view_query import ViewStatus
from replay.questions.view_status import list_views
from replay.view_version import version_named
from replay.views import checkpoints, skips
from replay.views.checkpoints import ProjectionError
from store.times import now_us

AGING_MS: Final = 1_000
REMEMBERED: Final = 600  # lags of each view
LEAST_S: Final = 0.5  # between two of them


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """One view. `bytes` is None while they are not known, or where SQLite cannot tell."""

    status: ViewStatus
    bytes: int | None = None
    skipped: int  # events that it does without, because somebody decided so
    failed: ProjectionError | None  # why it stands still


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Whether one view keeps up: its lag over the last minutes, and what that comes to."""

    seconds: tuple[float, ...]
    lags: tuple[int, ...]
    words: str
    is_losing: bool  # events come faster than they are folded


class KeptViewsViewModel(QObject):
    """`changed()` when anything of it differs, `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        projector: Projector,
        *,
        clock_s: Callable[[], float] = time.monotonic,
        clock_us: Callable[[], int] = now_us,
    ) -> None:
        super().__init__()
        self._clock_s, self.clock_us = clock_s, clock_us
        self._lags: dict[str, deque[tuple[float, int]]] = {}
        self._aging = QTimer(self, interval=AGING_MS)  # what is old gets older by itself
        self._aging.timeout.connect(self.changed)
        self.views: tuple[KeptView, ...] = ()
        self._sizes = ViewSizes(tasks)
        self._sizes.changed.connect(self._size)
        self._sizes.failed.connect(self.failed)
        self.report: Report | None = None
        self._tasks = tasks
        self._projector = projector
        self._is_wanted = False

    @property
    def is_paused(self) -> bool:
        """Whether the projector was told to leave the views as they are."""
        return self.report is not None and self.report.phase == "paused"

    @property
    def words(self) -> str:
        """What the projector does, for a person."""
        report = self.report
        if report is None:
            return said("The projector has not reported yet.")
        behind = max((it.lag for it in report.views.values() if it.is_going), default=0)
        words = {
            "working": said("is updating the views"),
            "paused": said("is paused"),
            "blocked": said("is blocked"),
            "watching": said("is idle, because another process updates the views"),
            "ended": said("has stopped"),
        }[report.phase]
        told = said(
            "The projector {words}: {behind} behind",
            words=words,
            behind=counted("{count:,} event", "{count:,} events", behind),
        )
        if (rates := self._slowest_rates()) and behind:
            told += said(
                ", {folded:,.0f}/s folded, {coming:,.0f}/s arriving",
                folded=rates.folded,
                coming=rates.coming,
            )
            told += f": {rates.sentence}" if rates.sentence else ""
        return told + (f": {report.error}" if report.error else "") + "."

    @property
    def standing_words(self) -> str:
        """Which views stand still, where, after how many attempts, and why; a line each."""
        failed = [it.failed for it in self.views if it.failed]
        return "\n".join(
            said(
                "{name} stopped at {position:,}, tried {attempts}: {value}",
                name=it.name,
                position=it.position,
                attempts=counted("{count:,} time", "{count:,} times", it.attempts),
                value=it.message,
            )
            if it.attempts
            else said("{name} has stopped: {value}", name=it.name, value=it.message)
            for it in failed
        )

    def rates(self, name: str) -> Rates | None:
        """How fast events come and are folded; None while nobody knows."""
        told = self.report.views.get(name) if self.report else None
        return told.rates if told else None

    def age_words(self, it: KeptView) -> str:
        """For how long the view has lacked what it lacks; empty when it lacks nothing."""
        old = old_words(it.status.stale_since_us, self.clock_us())
        return old.removesuffix(" old") if not it.status.is_kept_beside else ""

    def gauge(self, name: str) -> Gauge:
        """What the projector has told of one view lately."""
        told = self._lags.get(name, ())
        rates, lag = self.rates(name), told[-1][1] if told else 0
        parts = [
            said(
                "{name}: {lag} behind",
                name=name,
                lag=counted("{count:,} event", "{count:,} events", lag),
            )
            if lag
            else said("{name}: current", name=name)
        ]
        if rates:
            parts.append(
                said(
                    "{coming:,.0f}/s arriving, {folded:,.0f}/s folded",
                    coming=rates.coming,
                    folded=rates.folded,
                )
            )
            parts += [rates.sentence] if lag and rates.sentence else []
        return Gauge(
            seconds=tuple(at for at, _ in told),
            lags=tuple(lag for _, lag in told),
            words=" · ".join(parts) if told else "",
            is_losing=bool(rates and rates.is_losing),
        )

    @property
    def slowest(self) -> str:
        """The view that is furthest behind, of those that go on; empty while none is known."""
        going = {it: one for it, one in self._told_views().items() if one.is_going}
        return max(going, key=lambda it: going[it].lag, default="")

    @staticmethod
    def view_of(name: str) -> str:
        """The view that a listed version belongs to."""
        return version_named(name).view

    def want(self, is_wanted: bool) -> None:
        """Whether the list is in sight; a hidden one asks for nothing."""
        self._is_wanted = is_wanted
        self._age()
        self.refresh()

    def close(self) -> None:
        """Nothing gets older any more."""
        self._aging.stop()
        self._sizes.close()

    def learn(self, report: Report) -> None:
        """The projector has told how far it is; on the GUI thread."""
        has_changed = report != self.report
        self.report = report
        self._remember(report)
        self._age()
        if has_changed:
            self.refresh()
            self.changed.emit()

    def pause(self) -> None:
        """Leave the views as they are until `resume`: to look at them, or to save the battery."""
        self._projector.pause()

    def resume(self) -> None:
        """Go on from the checkpoints."""
        self._projector.resume()

    def refresh(self) -> None:
        """Ask for the list again."""
        if self._is_wanted:
            self._tasks.latest(
                "kept views", partial(_list), done=self._learn, failed=self.failed.emit
            )
            self._sizes.refresh()

    def _told_views(self) -> dict[str, ViewProgress]:
        return self.report.views if self.report else {}

    def _slowest_rates(self) -> Rates | None:
        return self.rates(self.slowest)

    def _remember(self, report: Report) -> None:
        """At most so many lags of each view, and of one moment the last one."""
        now_s = self._clock_s()
        for name, it in report.views.items():
            lags = self._lags.setdefault(name, deque(maxlen=REMEMBERED))
            if len(lags) > 1 and now_s - lags[-2][0] < LEAST_S:
                lags.pop()
            lags.append((now_s, it.lag))

    def _age(self) -> None:
        is_needed = self._is_wanted and any(it.lag for it in self._told_views().values())
        if is_needed != self._aging.isActive():
            (self._aging.start if is_needed else self._aging.stop)()

    def _learn(self, views: tuple[KeptView, ...]) -> None:
        self.views = views
        self._size()

    @Slot()
    def _size(self) -> None:
        self.views = tuple(replace(it, bytes=self._sizes.of(it.status.name)) for it in self.views)
        self.changed.emit()


def _list(reads: Reads) -> tuple[KeptView, ...]:
    db = reads.views()
    skipped = Counter(it.view for it in skips.load(reads.log.place))
    failed = {} if db is None else checkpoints.errors(db)
    return tuple(
        KeptView(
            status=it,
            skipped=skipped[it.name],
            failed=failed.get(it.name),
        )
        for it in list_views(db, reads.log)
    )
