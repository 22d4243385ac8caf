"""Decisions saved as tests: save one, run them all, write them as a pytest file."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.command_results import Result
from gui.viewmodels.worker_question import ask_worker
from gui.words import counted, said
from gui.work.tasks import Tasks
from replay.children.questions import Question
from replay.workers.worker_messages import (
    CaseResult,
    ExportCases,
    Form,
    RunCases,
    SaveCase,
    SavedCase,
)
from replay.workers.worker_process import CommandWorker

A = TypeVar("A")


class SavedCasesViewModel(QObject):
    """`answered(result)` after each answer, `given_changed()` when other events would be given,
    `failed(error)`."""

    answered = Signal(object)
    given_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, worker: CommandWorker, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._worker, self._tasks, self._selection = worker, tasks, selection
        for changed in (selection.anchor_changed, selection.as_of_changed):
            changed.connect(self.given_changed)

    @property
    def given(self) -> str:
        """Which events a saved test starts from, as a sentence."""
        found = self._selected
        if found is None:
            return said("A test starts from the stream's events up to the cursor.")
        first, last = found
        return said(
            "A test starts from the selected events, {first:,} to {last:,}.", first=first, last=last
        )

    def save(self, form: Form) -> None:
        """Keep the decision on a command as a test: on the selected events where there are some,
        else as of the cursor."""
        position, selected = self._selection.as_of, self._selected
        self._ask(SaveCase(form=form, position=position, selected=selected), self._show_saved)

    def export(self, path: str) -> None:
        """Write all saved tests as a pytest file."""
        self._ask(ExportCases(path=path), partial(self._show_exported, path))

    @Slot()
    def run(self) -> None:
        """Decide on all saved tests again."""
        self._ask(RunCases(), self._show_run)

    @property
    def _selected(self) -> tuple[int, int] | None:
        """The events between A and the cursor, both included; None without an A."""
        anchor, position = self._selection.anchor, self._selection.as_of
        if anchor is None or anchor == position:
            return None
        return min(anchor, position), max(anchor, position)

    def _ask(self, question: Question[A], done: Callable[[A], None]) -> None:
        work = partial(ask_worker, worker=self._worker, question=question)
        key = type(question).__name__
        self._tasks.latest(key, work, done=done, failed=self.failed.emit)

    def _show_saved(self, found: SavedCase) -> None:
        text = said(
            "{name}. Given: {given}.",
            name=found.name,
            given=counted("{count:,} event", "{count:,} events", found.given),
        )
        self.answered.emit(
            Result(kind="saved", title=said("Saved as a test"), text=text, value=None)
        )

    def _show_exported(self, path: str, count: int) -> None:
        title = said(
            "{count} written", count=counted("{count} saved test", "{count} saved tests", count)
        )
        self.answered.emit(Result(kind="saved", title=title, text=path, value=None))

    def _show_run(self, found: tuple[CaseResult, ...]) -> None:
        broken = [it for it in found if it.difference]
        title = said(
            "{holding} of {count} saved tests pass",
            holding=len(found) - len(broken),
            count=len(found),
        )
        value = {it.name: it.difference or "holds" for it in found}
        kind = "broken" if broken else "done"
        self.answered.emit(Result(kind=kind, title=title, text="", value=value or None))
