"""Opening a projection file: seen and trusted first, then added to the store by a job."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gui.dialogs.trust_dialog import TrustDialog
from gui.words import said
from gui.work.jobs import Job, Jobs
from gui.work.reports import ProjectionAdded
from gui.work.wishes import AddProjection
from replay.own.user_models import ModelFailed, Trust, digest
from store.place import Place

ShowProblem = Callable[[str, str], None]


class OwnProjectionOpener(QObject):
    """`show_message(words)` when a view was added, `show_problem(what, to_do)` when it was not. GUI
    thread."""

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

    def open(self, store: Place, path: Path) -> TrustDialog | None:
        """Add a file to a store; it is shown first when it is not trusted as it is."""
        try:
            if Trust().holds(path):
                self._add(store, path)
                return None
            text, sha256 = path.read_text("utf-8", "replace"), digest(path)
        except (OSError, ModelFailed) as error:
            self._show_problem(str(error), said("Choose a file that can be read."))
            return None
        dialog = TrustDialog(str(path), sha256, text, self._window, what=said("projection"))
        dialog.trusted.connect(partial(self._trust, store))
        dialog.open()
        return dialog

    def _trust(self, store: Place, path: str, sha256: str) -> None:
        if digest(Path(path)) != sha256:
            self.open(store, Path(path))  # what they read is not what lies there now
            return
        Trust().give(Path(path))
        self._add(store, Path(path))

    def _add(self, store: Place, path: Path) -> None:
        job = Job(AddProjection(store=store, file=path), self)
        job.succeeded.connect(self._show_added)
        job.failed.connect(self._pass_problem)
        self._jobs.start(job)

    @Slot(object)
    def _show_added(self, report: ProjectionAdded) -> None:
        self._show_message(said("View added: {added}", added=", ".join(report.added)))

    @Slot(str, str)
    def _pass_problem(self, what: str, hint: str) -> None:
        self._show_problem(what, hint)
