"""Why the chosen field of the state is what it is, and its history; it follows the cursor."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.answer_words import AnswerWords, field_words
from gui.viewmodels.field_curve import FieldCurve, curve_of
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.two_times import known_words
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.field_changes import FieldAnswer, field_answer
from replay.states.diff import Path
from replay.states.field_history import FieldHistory

WAIT_MS: Final = 120  # after the cursor has moved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    answer: FieldAnswer
    words: AnswerWords
    curve: FieldCurve | None


class BlameViewModel(QObject):
    """`answered()` when there is another answer, or none any more; `failed(error)`.

    What is told is always of the stream whose state is shown.
    """

    answered = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, inspector: InspectorViewModel) -> None:
        super().__init__()
        self.path: Path | None = None  # of the field that a person chose
        self._found: _Found | None = None
        self._is_going = False  # there is a wish to go where the answer will lead
        self._tasks, self._selection, self._inspector = tasks, selection, inspector
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.refresh)
        inspector.inspected.connect(self._follow)
        selection.head_changed.connect(self._grow)

    @property
    def answer(self) -> FieldAnswer | None:
        """Of the chosen field; None while it is looked for."""
        return None if self._found is None else self._found.answer

    @property
    def words(self) -> AnswerWords | None:
        """The same for a person."""
        return None if self._found is None else self._found.words

    @property
    def curve(self) -> FieldCurve | None:
        """The field over its events, where it is a number."""
        return None if self._found is None else self._found.curve

    @property
    def curve_cursor(self) -> int:
        """Where the cursor stands on the curve."""
        if self.curve is None or self.answer is None:
            return self._selection.as_of
        event = self.answer.event
        return self.curve.cursor(self._selection.as_of, event.position if event else 0)

    @property
    def history(self) -> FieldHistory | None:
        """Every change of the field."""
        return None if self._found is None else self._found.answer.history

    def choose(self, path: Path) -> None:
        """Tell of this field from now on."""
        self._is_going = False
        if path != self.path:
            self.path = path
            self._forget()
        self.refresh()

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        self._soon.stop()
        if self.path is None or not self._inspector.stream:
            return
        work = partial(
            _ask,
            stream=self._inspector.stream,
            path=self.path,
            position=self._selection.as_of,
            axis=self._selection.axis,
            known=self._selection.known,
            found=self._found,
        )
        self._tasks.latest("blame", work, done=self._show, failed=self.failed.emit)

    def go_there(self) -> None:
        """Put the cursor on the event that made the field what it is; once it is known."""
        if self.answer is None:
            self._is_going = self.path is not None
        elif self.answer.event is not None:
            self._selection.seek(self.answer.event.position)

    def go_to_change(self, index: int) -> None:
        """Put the cursor on a change of the history."""
        history = self.history
        if history is not None and 0 <= index < len(history.positions):
            self._selection.seek(history.positions[index])

    @Slot(float)
    def go_to_x(self, x: float) -> None:
        """Put the cursor on a step of the curve."""
        if self.curve is not None:
            self._selection.seek(self.curve.position(x))

    @Slot()
    def previous_change(self) -> None:
        """Put the cursor on the event before it that changed the field."""
        self._step(-1)

    @Slot()
    def next_change(self) -> None:
        """Put the cursor on the next event that changed the field."""
        self._step(1)

    def _step(self, steps: int) -> None:
        """From where the cursor is now, wherever the answer in sight was given."""
        if self.path is None or not self._inspector.stream:
            return
        work = partial(
            _beside,
            stream=self._inspector.stream,
            path=self.path,
            position=self._selection.as_of,
            axis=self._selection.axis,
            known=self._selection.known,
            steps=steps,
        )
        self._tasks.latest("blame step", work, done=self._seek, failed=self.failed.emit)

    def _seek(self, position: int | None) -> None:
        if position is not None:
            self._selection.seek(position)

    @Slot()
    def _follow(self) -> None:
        """The cursor stands elsewhere, or another stream is shown."""
        if self.path is None:
            return
        if self.answer is not None and self.answer.stream != self._inspector.stream:
            self._forget()
        if self.answer is None:
            self.refresh()
        else:
            self._soon.start()

    @Slot()
    def _grow(self) -> None:
        if self.path is not None and not self._soon.isActive():
            self._soon.start()

    def _forget(self) -> None:
        self._tasks.cancel("blame")
        if self._found is not None:
            self._found = None
            self.answered.emit()

    def _show(self, found: _Found) -> None:
        is_of_it = (found.answer.stream, found.answer.path) == (self._inspector.stream, self.path)
        if is_of_it and found != self._found:
            self._found = found
            self.answered.emit()
            if self._is_going:
                self._is_going = False
                self.go_there()


def _ask(
    reads: Reads,
    *,
    stream: str,
    path: Path,
    position: int,
    axis: Axis,
    known: int | None,
    found: _Found | None,
) -> _Found:
    """On a reader thread; of a history that was found already the curve was, too."""
    answer = field_answer(
        reads.log, reads.states, stream, path, position=position, axis=axis, known=known
    )
    words = field_words(answer, cursor=reads.log.event(position), axis=axis)
    if known is not None:
        words = replace(words, place=_joined(words.place, known_words(reads.log, known)))
    is_found = found is not None and found.answer.history is answer.history
    curve = found.curve if found and is_found else curve_of(answer.history)
    return _Found(answer=answer, words=words, curve=curve)


def _beside(
    reads: Reads,
    *,
    stream: str,
    path: Path,
    position: int,
    axis: Axis,
    known: int | None,
    steps: int,
) -> int | None:
    answer = field_answer(
        reads.log, reads.states, stream, path, position=position, axis=axis, known=known
    )
    return answer.beside(steps)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
