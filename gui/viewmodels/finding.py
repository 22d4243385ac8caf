"""Finds the moment at which a condition on the state of a stream came true."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.bookmarks import BookmarksViewModel
from gui.viewmodels.completion import offers_for
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.value_text import cell_text
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.errors import UnknownField
from replay.history.sampled_states import names_of_states
from replay.questions.moment_bisection import bisect_moment
from replay.questions.row_moments import row_moments
from replay.questions.unknown_state_fields import unknown_state_field
from replay.states.condition_moments import FoundMoments
from replay.states.condition_moments import Which as Which
from store.errors import StoreError, WrongFilter
from store.events import RecordedEvent
from store.filter.complete import expected_at
from store.filter.parse import parse_condition

KEY: Final = "find moment"
NO_STREAM: Final = said(
    "Select an event or a stream first. The condition is checked against its state."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found, with the event; or why nothing can be."""

    found: FoundMoments
    event: RecordedEvent | None
    unknown: UnknownField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutRow:
    """A row of a view, in place of the state of a stream."""

    view: str
    key: tuple[str | int, ...]

    @property
    def words(self) -> str:
        """As a person reads it."""
        return said("{str} of {view}", str=", ".join(map(str, self.key)), view=self.view)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One question."""

    stream: str
    condition: str
    which: Which
    stays: bool  # once it is true it stays true
    position: int
    axis: Axis
    row: AboutRow | None = None  # then it is about a row of a view


class FindingViewModel(QObject):
    """`changed()` when `words`, `tone` or `is_running` differ, `failed(error)`. What is found is
    where the cursor goes, and has a bookmark with the condition as its name."""

    changed = Signal()
    failed = Signal(Exception)
    _counted = Signal(int)  # from a reader thread

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        inspector: InspectorViewModel,
        bookmarks: BookmarksViewModel,
    ) -> None:
        super().__init__()
        self.words, self.tone = "", "dim"
        self.is_running = False
        self.row: AboutRow | None = None
        self._tasks, self._selection = tasks, selection
        self._inspector, self._bookmarks = inspector, bookmarks
        self._counted.connect(self._tell_count)
        inspector.inspected.connect(self.changed)

    @property
    def stream(self) -> str:
        """Whose state a condition is about; empty when none is shown."""
        return self._inspector.stream

    @property
    def subject(self) -> str:
        """What a condition is about, in words: a stream, or a row of a view."""
        return self.stream if self.row is None else self.row.words

    def be_about(self, row: AboutRow | None) -> None:
        """Conditions are about a row of a view from now on, or about the stream again."""
        if row != self.row:
            self.cancel()
            self.row = row
            self._say("", "dim")

    def find(self, condition: str, which: Which, *, stays: bool = False) -> None:
        """Look for it in the stream whose state is shown, seen from the cursor, on its axis."""
        if not self.subject:
            self._say(NO_STREAM, "warn")
            return
        wanted = Wanted(
            stream=self.stream,
            condition=condition,
            which=which,
            stays=stays,
            position=self._selection.as_of,
            axis=self._selection.axis,
            row=self.row,
        )
        self.is_running = True
        self._say(said("Searching {subject}…", subject=self.subject), "dim")
        work = partial(_find, wanted=wanted, told=self._counted.emit)
        done = partial(self._show, wanted)
        self._tasks.latest(KEY, work, done=done, failed=self._tell, restart=True)

    def offers(self, text: str, cursor: int) -> tuple[int, list[tuple[str, str]]]:
        """What can stand at the cursor of a condition, in place of the word that begins at the
        place that is told: fields of the state as it is shown, comparisons, and its values."""
        inspection = self._inspector.inspection
        shown = inspection.state if inspection and self.row is None else None
        state = shown.state if shown else None
        names = names_of_states([state], head=self._selection.head)
        expected = expected_at(text, cursor)
        return expected.start, [(it.text, "") for it in offers_for(names, expected, text)]

    @Slot()
    def cancel(self) -> None:
        """Look no further."""
        self._tasks.cancel(KEY)
        if self.is_running:
            self.is_running = False
            self._say(said("Stopped."), "dim")

    @Slot(int)
    def _tell_count(self, count: int) -> None:
        if self.is_running:
            self._say(
                said(
                    "{count} checked…", count=counted("{count:,} event", "{count:,} events", count)
                ),
                "dim",
            )

    def _show(self, wanted: Wanted, answer: Answer) -> None:
        self.is_running = False
        if answer.unknown is not None:
            self._say(answer.unknown.sentence, "error")
        elif answer.event is None:
            self._say(f"{_never(wanted)} · {_way(answer.found)}", "warn")
        else:
            self._bookmarks.add(answer.event.position, f"{wanted.condition} · {_subject(wanted)}")
            if wanted.row is None:
                self._selection.choose_stream(wanted.stream)
            self._selection.seek(answer.event.position)
            self._say(_told(answer.event, answer.found), "ok")

    def _tell(self, error: Exception) -> None:
        self.is_running = False
        if isinstance(error, WrongFilter):
            self._say(error.problem, "error")
        elif isinstance(error, StoreError):
            self._say(f"{error}", "error")
        else:
            self._say("", "dim")
            self.failed.emit(error)

    def _say(self, words: str, tone: str) -> None:
        self.words, self.tone = words, tone
        self.changed.emit()


def _find(reads: Reads, *, wanted: Wanted, told: Callable[[int], None]) -> Answer:
    """On a reader thread."""
    log, states, tree = reads.log, reads.states, parse_condition(wanted.condition)
    if (row := wanted.row) is not None:
        moments = row_moments(
            reads.views(),
            log,
            row.view,
            row.key,
            wanted.condition,
            which=wanted.which,
            position=wanted.position,
        )
        event = log.event(moments.moments[0].position) if moments.moments else None
        return Answer(found=moments, event=event, unknown=None)
    found = None
    if wanted.stays and wanted.which == "first" and wanted.axis != "occurred":
        found = bisect_moment(log, states, wanted.stream, tree)
    if found is None:
        found = states.moments(
            log,
            wanted.stream,
            wanted.condition,
            which=wanted.which,
            position=wanted.position,
            axis=wanted.axis,
            told=told,
        )
    if found.moments:
        return Answer(found=found, event=log.event(found.moments[0].position), unknown=None)
    unknown = unknown_state_field(log, states, wanted.stream, tree)
    return Answer(found=found, event=None, unknown=unknown)


def _subject(wanted: Wanted) -> str:
    return wanted.stream if wanted.row is None else wanted.row.words


def _never(wanted: Wanted) -> str:
    match wanted.which:
        case "next":
            return said(
                "Not after position {position:,} in {wanted}",
                position=wanted.position,
                wanted=_subject(wanted),
            )
        case "previous":
            return said(
                "Not before position {position:,} in {wanted}",
                position=wanted.position,
                wanted=_subject(wanted),
            )
    return said("Never in {wanted}", wanted=_subject(wanted))


def _told(event: RecordedEvent, found: FoundMoments) -> str:
    values = (f"{name} = {cell_text(it)}" for name, it in found.moments[0].values.items())
    return " · ".join(
        (
            said("{type} at {position:,}", type=event.type, position=event.position),
            *values,
            _way(found),
        )
    )


def _way(found: FoundMoments) -> str:
    if found.way == "bisection":
        return said(
            "bisection, {looked_at} checked",
            looked_at=counted("{count:,} state", "{count:,} states", found.looked_at),
        )
    return said(
        "scan, {looked_at} checked",
        looked_at=counted("{count:,} event", "{count:,} events", found.looked_at),
    )


def wrong_condition(text: str) -> tuple[int, str] | None:
    """The character that is wrong and what is wrong with it; None for one that can be read, and
    for an empty one."""
    try:
        if text.strip():
            parse_condition(text)
    except WrongFilter as error:
        return error.at, error.problem
    return None
