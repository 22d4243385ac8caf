"""Folding a store with two versions of a model, by a job, and showing where they first differ."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.dialogs.reducers_dialog import ReducersDialog
from gui.viewmodels.reducers_words import same_words
from gui.words import said
from gui.work.jobs import Job, Jobs
from gui.work.reports import ModelsCompared
from gui.work.wishes import CompareModels
from store.place import Place

ShowProblem = Callable[[str, str], None]

NO_MODEL: Final = said("There is no model of your own to compare.")
OPEN_ONE: Final = said(
    "Choose File ▸ Open a model of your own, then change and reload it. It is "
    "then compared with its previous version."
)


class ModelComparing(QObject):
    """`show_message(words)` when they never differ, `show_problem(what, to_do)` when they cannot be
    compared; `event_wanted(stream, position)` from the report. GUI thread."""

    event_wanted = Signal(str, int)

    def __init__(
        self,
        jobs: Jobs,
        show_message: Callable[[str], None],
        show_problem: ShowProblem,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._show_message, self._show_problem = jobs, show_message, show_problem
        self._window = parent

    def run(self, store: Place, model: Path | None) -> None:
        """The model in use against what was trusted before it."""
        if model is None:
            self._show_problem(NO_MODEL, OPEN_ONE)
            return
        job = Job(CompareModels(store=store, model=model), self)
        job.succeeded.connect(self._show_same)
        job.objected.connect(self._show)
        job.failed.connect(self._pass_problem)
        self._jobs.start(job)

    @Slot(object)
    def _show_same(self, report: ModelsCompared) -> None:
        self._show_message(same_words(report))

    @Slot(object)
    def _show(self, report: ModelsCompared) -> None:
        dialog = ReducersDialog(report, self._window)
        dialog.event_wanted.connect(self.event_wanted)
        QTimer.singleShot(0, dialog, dialog.show)

    @Slot(str, str)
    def _pass_problem(self, what: str, hint: str) -> None:
        self._show_problem(what, hint)
