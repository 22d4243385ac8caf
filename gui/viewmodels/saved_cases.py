"""Decisions saved as tests: save one, run them all, write them as a pytest file."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.command_results import Result
from gui.viewmodels.counts import counted
from gui.viewmodels.worker_question import ask_worker
from gui.work.tasks import Tasks
from replay.workers.worker_process import CommandWorker


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
            return "A test is given the stream's events up to the cursor."
        first, last = found
        return f"A test is given the selected events, {first:,} to {last:,}."

    def save(self, command: dict[str, Any]) -> None:
        """Keep the decision on a command as a test: on the selected events where there are some,
        else as of the cursor."""
        facts = command | {"position": self._selection.as_of, "selected": self._selected}
        self._ask("save case", self._show_saved, **facts)

    def export(self, path: str) -> None:
        """Write all saved tests as a pytest file."""
        self._ask("export cases", partial(self._show_exported, path), path=path)

    @Slot()
    def run(self) -> None:
        """Decide on all saved tests again."""
        self._ask("cases", self._show_run)

    @property
    def _selected(self) -> tuple[int, int] | None:
        """The events between A and the cursor, both included; None without an A."""
        anchor, position = self._selection.anchor, self._selection.as_of
        if anchor is None or anchor == position:
            return None
        return min(anchor, position), max(anchor, position)

    def _ask(self, do: str, done: Any, **facts: Any) -> None:
        work = partial(ask_worker, worker=self._worker, do=do, facts=facts)
        self._tasks.latest(do, work, done=done, failed=self.failed.emit)

    def _show_saved(self, found: dict[str, Any]) -> None:
        text = f"{found['name']}. Given: {counted(found['given'])}."
        self.answered.emit(Result(kind="saved", title="Saved as a test", text=text, value=None))

    def _show_exported(self, path: str, found: dict[str, Any]) -> None:
        title = f"{found['count']} saved tests written"
        self.answered.emit(Result(kind="saved", title=title, text=path, value=None))

    def _show_run(self, found: list[dict[str, Any]]) -> None:
        broken = [it for it in found if it["difference"]]
        title = f"{len(found) - len(broken)} of {len(found)} saved tests hold"
        value = {it["name"]: it["difference"] or "holds" for it in found}
        kind = "broken" if broken else "done"
        self.answered.emit(Result(kind=kind, title=title, text="", value=value or None))
