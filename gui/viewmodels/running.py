"""Runs through the log to the next event that a breakpoint stops at, at once."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.hits import Asked, Sought, seek
from gui.viewmodels.value_text import cell_text
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.breakpoint import breakpoint_words
from replay.questions.breakpoint_doubts import doubt
from replay.questions.next_hit import Hit, Told
from store.errors import StoreError
from store.events import RecordedEvent

KEY: Final = "run to a breakpoint"
NONE_ON: Final = said("No breakpoint is on. Add one first.")


class RunningViewModel(QObject):
    """`changed()` when `words`, `tone` or `is_running` differ; `stopped(words)` where a breakpoint
    has stopped, empty once the cursor is elsewhere; `failed(error)`."""

    changed = Signal()
    stopped = Signal(str)
    failed = Signal(Exception)
    _counted = Signal(object, object)  # from a reader thread

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        events: EventListViewModel,
        breakpoints: BreakpointsViewModel,
    ) -> None:
        super().__init__()
        self.words, self.tone = "", "dim"
        self.is_running = False
        self.hit: Hit | None = None  # that the cursor stands at
        self._tasks, self._selection = tasks, selection
        self._events, self._breakpoints = events, breakpoints
        self._counted.connect(self._tell_count)
        selection.as_of_changed.connect(self._leave)

    @Slot()
    def run(self) -> None:
        """To the next event behind the cursor at which a breakpoint that is on stops."""
        self._run(is_back=False)

    @Slot()
    def run_back(self) -> None:
        """To the last one before the cursor."""
        self._run(is_back=True)

    @Slot()
    def cancel(self) -> None:
        """Look no further; the cursor stays."""
        self._tasks.cancel(KEY)
        if self.is_running:
            self.is_running = False
            self._say(said("Stopped."), "dim")

    def stop_at(self, hit: Hit, event: RecordedEvent) -> None:
        """Go there, and say which breakpoint it was."""
        self._selection.choose_stream(hit.stream)
        self._selection.seek(hit.position)
        self.hit = hit
        words = _told(hit, event)
        self._say(words, "ok")
        self.stopped.emit(words)

    def _run(self, *, is_back: bool) -> None:
        breakpoints = self._breakpoints.enabled
        if not breakpoints:
            self._say(NONE_ON, "warn")
            self.stopped.emit(NONE_ON)
            return
        asked = Asked(
            breakpoints=breakpoints,
            position=self._selection.as_of,
            axis=self._selection.axis,
            order=self._events.order,
            is_back=is_back,
        )
        self._selection.follow(False)
        self.is_running = True
        self._say(said("Running…"), "dim")
        work = partial(_run_through, asked=asked, told=self._counted.emit)
        done = partial(self._show, asked)
        self._tasks.latest(KEY, work, done=done, failed=self._tell, restart=True)

    @Slot(object, object)
    def _tell_count(self, count: int, _place: int) -> None:
        if self.is_running:
            self._say(
                said(
                    "{count} checked…", count=counted("{count:,} event", "{count:,} events", count)
                ),
                "dim",
            )

    def _show(self, asked: Asked, found: tuple[Sought, str]) -> None:
        self.is_running = False
        sought, why = found
        if sought.hit is not None and sought.event is not None:
            self.stop_at(sought.hit, sought.event)
            return
        where = "before" if asked.is_back else "after"
        words = said(
            "No breakpoint is hit {where} position {position:,}",
            where=where,
            position=asked.position,
        )
        words = f"{words}: {why}" if why else f"{words}."
        self._say(words, "warn")
        self.stopped.emit(words)

    def _tell(self, error: Exception) -> None:
        self.is_running = False
        if isinstance(error, StoreError):
            self._say(f"{error}", "error")
            self.stopped.emit(f"{error}")
        else:
            self._say("", "dim")
            self.failed.emit(error)

    @Slot(object)
    def _leave(self, position: int) -> None:
        if self.hit is not None and self.hit.position != position:
            self.hit = None
            self._say("", "dim")
            self.stopped.emit("")

    def _say(self, words: str, tone: str) -> None:
        self.words, self.tone = words, tone
        self.changed.emit()


def _run_through(reads: Reads, *, asked: Asked, told: Told) -> tuple[Sought, str]:
    """What was found; where nothing is, what may be wrong with a breakpoint. On a reader thread."""
    sought = seek(reads, asked=asked, told=told)
    if sought.hit is not None:
        return sought, ""
    doubts = (doubt(reads.log, reads.states, it) for it in asked.breakpoints)
    return sought, "; ".join(it for it in doubts if it)


def _told(hit: Hit, event: RecordedEvent) -> str:
    values = (f"{name} = {cell_text(it)}" for name, it in hit.values.items())
    told = (
        said("{type} at {position:,}", type=event.type, position=event.position),
        hit.stream,
        *values,
    )
    return said(
        "Stopped by {breakpoint} · {told}",
        breakpoint=breakpoint_words(hit.breakpoint),
        told=" · ".join(told),
    )
