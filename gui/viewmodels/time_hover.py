"""What the mouse, or the keyboard, points at in the time panel, in words."""

from collections import OrderedDict
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from gui.selection import Axis
from gui.viewmodels.bookmarks import Bookmark
from gui.viewmodels.event_rows import actor
from gui.viewmodels.time_text import full_time_text
from gui.viewmodels.timeline import TimelineViewModel
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks

KEPT: Final = 512  # cards of events, so that what was pointed at is there at once
NAMED: Final = 6  # types of a bar; the others are counted
LONGEST: Final = 300  # letters of a summary

Lines = tuple[str, ...]


class TimeHoverViewModel(QObject):
    """`told()` when there are other lines, or none any more; `failed(error)`. Events are read on a
    reader thread; while one is looked for only the newest wish is kept."""

    told = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, timeline: TimelineViewModel) -> None:
        super().__init__()
        self.lines: Lines = ()
        self._tasks, self._timeline = tasks, timeline
        self._cards: OrderedDict[tuple[int, Axis], Lines] = OrderedDict()
        self._wanted: tuple[int, Axis] | None = None

    @property
    def words(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def point_event(self, position: int) -> None:
        """Tell type, summary, stream, time and actor of an event."""
        key = (position, self._timeline.axis)
        if key == self._wanted:
            return
        self._wanted = key
        if key in self._cards:
            self._tasks.cancel("time hover")
            self._show(self._cards[key])
            return
        work = partial(_event_lines, position=position, axis=key[1])
        done = partial(self._learn, key)
        self._tasks.latest("time hover", work, done=done, failed=self.failed.emit)

    def point_span(self, start: float, end: float) -> None:
        """Tell what a bar counts: a look-up in memory."""
        self._forget_event()
        self._show(self._span_lines(start, end))

    def point_mark(self, bookmarks: list[Bookmark]) -> None:
        """Tell name and note of a flag."""
        self._forget_event()
        told = [line for it in bookmarks for line in (it.name, *it.note.splitlines())]
        self._show(tuple(told))

    def point_words(self, lines: Lines) -> None:
        """Tell what is known already."""
        self._forget_event()
        self._show(lines)

    def leave(self) -> None:
        """Nothing is pointed at."""
        self._forget_event()
        self._show(())

    def _forget_event(self) -> None:
        self._wanted = None
        self._tasks.cancel("time hover")

    def _learn(self, key: tuple[int, Axis], lines: Lines) -> None:
        self._cards[key] = lines
        while len(self._cards) > KEPT:
            self._cards.popitem(last=False)
        if key == self._wanted:
            self._show(lines)

    def _span_lines(self, start: float, end: float) -> Lines:
        timeline, index = self._timeline, self._timeline.index
        if index is None:
            return ()
        edges = np.array([start, end + 1e-6])
        if timeline.listed is not None:
            total = int(timeline.listed.counts(edges, index, timeline.axis).sum())
            counts = {"listed": total}
        else:
            found = index.counts(edges, timeline.axis)[:, 0]
            counts = dict(zip(index.types, map(int, found), strict=False))
        total = sum(counts.values())
        if not total:
            return ()
        ordered = sorted(counts.items(), key=lambda it: -it[1])
        shown = [f"{count:,}  {name}" for name, count in ordered[:NAMED] if count]
        rest = [count for _, count in ordered[NAMED:] if count]
        more = (
            [said("{rest:,}  of {count:,} more types", rest=sum(rest), count=len(rest))]
            if rest
            else []
        )
        title = counted("1 event", "{count:,} events", total)
        return (f"{title} · {_span_text(start, end, timeline.axis)}", *shown, *more)

    def _show(self, lines: Lines) -> None:
        if lines != self.lines:
            self.lines = lines
            self.told.emit()


def _span_text(start: float, end: float, axis: Axis) -> str:
    if axis == "position":
        first, last = int(np.ceil(start)), int(np.floor(end))
        return (
            said("position {first:,}", first=first)
            if first >= last
            else said("positions {first:,} to {last:,}", first=first, last=last)
        )
    first_text, last_text = full_time_text(int(start)), full_time_text(int(end))
    same = first_text[:11] == last_text[:11]
    return f"{first_text} – {last_text[11:] if same else last_text}"


def _event_lines(reads: Reads, *, position: int, axis: Axis) -> Lines:
    event = reads.log.event(position)
    if event is None:
        return ()
    at_us = event.occurred_at_us if axis == "occurred" else event.recorded_at_us
    who = actor(event.metadata_json)
    summary = reads.summaries.of([event])[0]
    cut = summary if len(summary) <= LONGEST else f"{summary[:LONGEST]}…"
    return (
        f"{event.type} · {event.position:,}",
        *([cut] if cut else []),
        f"{event.stream} · v{event.version:,}",
        full_time_text(at_us) + (said(" · by {who}", who=who) if who else ""),
    )
