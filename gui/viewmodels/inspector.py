"""The event under the cursor, the state of the chosen stream there, and what differs from A."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.compared_line import ComparedLineViewModel, read_of_line
from gui.viewmodels.corrections import CorrectionsViewModel
from gui.viewmodels.two_times import known_words
from gui.viewmodels.value_origin import origin_of
from gui.window_words import error_words
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.commands.compensations import compensated_by, compensates
from replay.history.causality import Trail, trail
from replay.history.causation_index import CausationIndex
from replay.history.repeated_keys import unmarked_keys_twice
from replay.states.diff import Change, Path, diff
from replay.states.generic_model import GENERIC
from replay.states.meaning import Meaning, meaning_of
from replay.states.state_at import StateAt
from store.errors import StoreError
from store.events import RecordedEvent
from store.interface import EventReader

OtherLine: TypeAlias = tuple[FilePath | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything about one position."""

    position: int
    place: tuple[int, str, Axis, int | None]  # position, chosen stream, axis, and what was known
    event: RecordedEvent | None
    links: tuple[str, ...]
    trail: Trail | None
    state: StateAt[Any] | None  # of the chosen stream; None before the first event
    changes: tuple[Change, ...]  # what the state's last event did to it
    meaning: Meaning | None = None  # what the model of the event's own stream says of it
    takes_back: RecordedEvent | None = None  # the event that this one compensates
    taken_back_by: RecordedEvent | None = None
    keys_twice: tuple[str, ...] = ()  # in its JSON, where no mark of an import says so
    is_merged: bool = False  # nothing gives the stream's events a meaning: payloads are merged
    known: str = ""  # what was known, in words; empty where all that is recorded counts
    came_us: int | None = None  # when the event came, where it claims to be recorded later


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One stream at two positions, which may be of two lines."""

    stream: str
    before: StateAt[Any]
    after: StateAt[Any]
    changes: tuple[Change, ...]
    known: str = ""  # as in Inspection
    line: str = ""  # that the state at A is of; empty: the one in view


class InspectorViewModel(QObject):
    """`inspected()` and `compared()` when there is something new to show; `origin_found(position)`
    of the event that gave a field its value; `failed(error)`."""

    inspected = Signal()
    compared = Signal()
    origin_found = Signal(int)
    failed = Signal(Exception)

    def __init__(
        self, tasks: Tasks, selection: Selection, line: ComparedLineViewModel | None = None
    ) -> None:
        """`line`: the one that A is of."""
        super().__init__()
        self.line = line
        self.problem = ""  # why there is no comparison, where something is in its way
        self.inspection: Inspection | None = None
        self.comparison: Comparison | None = None
        self.corrections = CorrectionsViewModel(tasks, selection)
        self.corrections.failed.connect(self.failed)
        self._tasks = tasks
        self._selection = selection
        self._wants_comparison = False
        self._expected: Inspection | None = None
        selection.as_of_changed.connect(self.refresh)
        selection.stream_changed.connect(self.refresh)
        selection.axis_changed.connect(self.refresh)
        selection.known_changed.connect(self.refresh)
        selection.anchor_changed.connect(self._compare)
        if line is not None:
            line.changed.connect(self._compare)

    @property
    def stream(self) -> str:
        """The stream whose state is shown: the chosen one, else that of the event."""
        event = self.inspection.event if self.inspection else None
        return self._selection.stream or (event.stream if event else "")

    def choose_stream(self, stream: str) -> None:
        """Show the state of this stream from now on."""
        self._selection.choose_stream(stream)

    def want_comparison(self, is_wanted: bool) -> None:
        """Whether the comparison is in sight; a hidden one asks for nothing."""
        self._wants_comparison = is_wanted
        self._compare()

    def find_origin(self, path: Path) -> None:
        """Ask which event gave the field at `path` the value that it has at the cursor."""
        work = partial(
            origin_of,
            stream=self.stream,
            path=path,
            position=self._selection.as_of,
            axis=self._selection.axis,
            known=self._selection.known,
        )
        self._tasks.latest("origin", work, done=self.origin_found.emit, failed=self.failed.emit)

    def expect(self, inspection: Inspection) -> None:
        """The cursor is about to go where this was read: it need not be asked for."""
        self._expected = inspection

    @Slot()
    def refresh(self) -> None:
        """Show what is under the cursor: what was expected there, else ask for it."""
        selection = self._selection
        expected, self._expected = self._expected, None
        if expected is not None and expected.place == (
            selection.as_of,
            selection.stream,
            selection.axis,
            selection.known,
        ):
            self._tasks.cancel("inspect")
            self._show(expected)
        else:
            work = partial(
                inspect,
                position=selection.as_of,
                stream=selection.stream,
                axis=selection.axis,
                known=selection.known,
            )
            self._tasks.latest("inspect", work, done=self._show, failed=self.failed.emit)
        self._compare()

    @Slot()
    def _compare(self) -> None:
        anchor, stream, line = self._selection.anchor, self.stream, self._other_line()
        if anchor is None and line[0] is not None:
            anchor = self._selection.as_of
        if anchor is None or not stream:
            self._show_comparison(None)
        elif self._wants_comparison:
            work = partial(
                _compare,
                stream=stream,
                first=anchor,
                second=self._selection.as_of,
                axis=self._selection.axis,
                known=self._selection.known,
                line=line,
            )
            self._tasks.latest("compare", work, done=self._show_comparison, failed=self._tell)

    def _other_line(self) -> OtherLine:
        return (None, "") if self.line is None else (self.line.path, self.line.words)

    def _show(self, inspection: Inspection) -> None:
        had_stream = bool(self.stream)
        self.inspection = inspection
        self.corrections.inspect(inspection.event)
        self.inspected.emit()
        if not had_stream:
            self._compare()

    def _tell(self, error: Exception) -> None:
        """What is in the way of another line is told where it would be shown."""
        if isinstance(error, StoreError) and self._other_line()[0] is not None:
            self._show_comparison(None, error_words(error))
        else:
            self.failed.emit(error)

    def _show_comparison(self, comparison: Comparison | None, problem: str = "") -> None:
        self.comparison, self.problem = comparison, problem
        self.compared.emit()


def inspect(
    reads: Reads, *, position: int, stream: str, axis: Axis, known: int | None = None
) -> Inspection:
    """Read everything about a position; on a reader thread."""
    log = reads.log
    event = log.event(position)
    name = stream or (event.stream if event else "")
    state = _state(reads, stream=name, event=event, axis=axis, known=known) if event else None
    return Inspection(
        position=position,
        place=(position, stream, axis, known),
        event=event,
        links=log.links(position),
        trail=trail(log, event) if event else None,
        came_us=_came_us(log, event) if event else None,
        state=state,
        changes=tuple(diff(state.previous, state.state)) if state else (),
        is_merged=_is_merged(reads, name),
        known=known_words(log, known),
        meaning=_meaning(reads, event) if event else None,
        takes_back=compensates(log, reads.states.models, event) if event else None,
        taken_back_by=_taken_back_by(reads, event) if event else None,
        keys_twice=unmarked_keys_twice(event) if event else (),
    )


def _is_merged(reads: Reads, stream: str) -> bool:
    states = reads.states
    is_here = bool(stream) and not states.is_elsewhere(stream)
    return is_here and states.fold_of(reads.log, stream) is GENERIC


def _taken_back_by(reads: Reads, event: RecordedEvent) -> RecordedEvent | None:
    caused = CausationIndex(reads.views(), reads.log).caused_in_stream(event)
    return compensated_by(reads.log, reads.states.models, event, later=caused)


def _came_us(log: EventReader, event: RecordedEvent) -> int | None:
    is_ahead = event.recorded_at_us > log.running_max_us(event.position)
    return log.arrived_at_us(event.position) if is_ahead else None


def _meaning(reads: Reads, event: RecordedEvent) -> Meaning | None:
    model = reads.states.model_of(reads.log, event.stream)
    return meaning_of(reads.states.models, model, event)


def _compare(
    reads: Reads,
    *,
    stream: str,
    first: int,
    second: int,
    axis: Axis,
    known: int | None,
    line: OtherLine,
) -> Comparison | None:
    path, name = line
    event = reads.log.event(second)
    with read_of_line(reads, path, stream, first, known) as (there, (at, known_there)):
        anchor = there.log.event(at or 0)
        if event is None or anchor is None:
            return None
        before = _state(there, stream=stream, event=anchor, axis=axis, known=known_there)
    after = _state(reads, stream=stream, event=event, axis=axis, known=known)
    return Comparison(
        stream=stream,
        before=before,
        after=after,
        changes=tuple(diff(before.state, after.state)),
        known=known_words(reads.log, known),
        line=name,
    )


def _state(
    reads: Reads, *, stream: str, event: RecordedEvent, axis: Axis, known: int | None
) -> StateAt[Any]:
    """The stream's state when `event` was recorded, or when it occurred: then of the events at
    that very time with those up to it, and of all of them only what was known."""
    if axis == "occurred":
        moment = (event.occurred_at_us, event.position)
        return reads.states.as_occurred(reads.log, stream, *moment, known=known)
    return reads.states.at(reads.log, stream, event.position)
