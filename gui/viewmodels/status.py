"""Where the cursor is, how far the log and each view have come, and how long answers take."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.time_text import full_time_text
from gui.words import said
from gui.work.tasks import Tasks
from replay.projector.projector_report import Report
from replay.projector.staleness import old_words
from store.times import now_us

AGING_MS: Final = 1_000
REMEMBERED: Final = 32  # answers that the shown query time is the worst of
TIMED: Final = frozenset({"inspect", "event pages", "scrub", "advance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLag:
    """How far one view is behind the log."""

    name: str
    checkpoint: int
    lag: int  # events
    error: str  # why it stands still; empty while it runs
    standing: str = ""  # of rows that an older code made: what becomes of them
    stale_since_us: int | None = None  # when the first event came that it lacks


def view_lags(report: Report) -> tuple[ViewLag, ...]:
    """Of every view, as what keeps them has told."""
    return tuple(
        ViewLag(
            name=name,
            checkpoint=it.checkpoint,
            lag=it.lag,
            error=it.error or "",
            standing=it.standing,
            stale_since_us=it.stale_since_us,
        )
        for name, it in report.views.items()
    )


class StatusViewModel(QObject):
    """`changed()` when texts below may differ: once for everything that happens in one turn of
    the event loop, and before that is painted."""

    changed = Signal()
    _touched = Signal()

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        inspector: InspectorViewModel,
        *,
        clock_us: Callable[[], int] = now_us,
    ) -> None:
        super().__init__()
        self.clock_us = clock_us
        self._is_touched = False
        self._touched.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._aging = QTimer(self, interval=AGING_MS)  # what is old gets older by itself
        self._aging.timeout.connect(self._touch)
        self.views: tuple[ViewLag, ...] = ()
        self.held = ""  # why no process updates the views; empty while one does
        self._selection = selection
        self._inspector = inspector
        self._query_ms: deque[float] = deque(maxlen=REMEMBERED)
        tasks.measured.connect(self._measure)
        inspector.inspected.connect(self._touch)
        selection.head_changed.connect(self._touch)
        selection.as_of_changed.connect(self._touch)

    def learn_views(self, views: tuple[ViewLag, ...], *, held: str = "") -> None:
        """The projector has told how far the views have come, and what holds it up."""
        if (views, held) != (self.views, self.held):
            self.views, self.held = views, held
            self._touch()
        if any(it.stale_since_us is not None for it in views) != self._aging.isActive():
            (self._aging.stop if self._aging.isActive() else self._aging.start)()

    def close(self) -> None:
        """Nothing gets older any more."""
        self._aging.stop()

    @property
    def cursor(self) -> int:
        """The cursor's position."""
        return self._selection.as_of

    @property
    def head(self) -> int:
        """The log's head."""
        return self._selection.head

    @property
    def time_text(self) -> str:
        """When the event under the cursor was recorded (or occurred, on that axis), in UTC."""
        inspection = self._inspector.inspection
        if inspection is None or inspection.event is None:
            return ""
        event = inspection.event
        occurred = self._selection.axis == "occurred"
        return full_time_text(event.occurred_at_us if occurred else event.recorded_at_us)

    @property
    def stream_text(self) -> str:
        """The chosen stream and its version at the cursor."""
        inspection = self._inspector.inspection
        state = inspection.state if inspection else None
        return f"{state.stream} v{state.version}" if state else ""

    @property
    def lag(self) -> int:
        """How many events the slowest view is behind."""
        return max((self.head - view.checkpoint for view in self.views), default=0)

    @property
    def views_text(self) -> str:
        """`all views current`, or which one is how far behind, and how old."""
        if self.held:
            return said("no process updates the views")
        failed = [view for view in self.views if view.error]
        if failed:
            return said(
                "{name} stopped at {checkpoint:,}",
                name=failed[0].name,
                checkpoint=failed[0].checkpoint,
            )
        if not self.views:
            return said("views are starting")
        if older := [view for view in self.views if view.standing]:
            return f"{older[0].name}: {older[0].standing}"
        if self.lag <= 0:
            return said("all views current")
        since = min((it.stale_since_us for it in self.views if it.stale_since_us), default=None)
        old = old_words(since, self.clock_us())
        return said("views {lag:,} behind", lag=self.lag) + (f", {old}" if old else "")

    @property
    def query_text(self) -> str:
        """The slowest of the latest answers."""
        return (
            said("query {query_ms:.1f} ms", query_ms=max(self._query_ms)) if self._query_ms else ""
        )

    @Slot()
    def _touch(self) -> None:
        if not self._is_touched:
            self._is_touched = True
            self._touched.emit()

    @Slot()
    def _tell(self) -> None:
        self._is_touched = False
        self.changed.emit()

    @Slot(str, float)
    def _measure(self, key: str, elapsed_ms: float) -> None:
        if key in TIMED:
            self._query_ms.append(elapsed_ms)
            self._touch()
