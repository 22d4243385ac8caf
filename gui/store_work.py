"""What is done with a store as a whole: exports, checks, rebuilds, models and projections."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.dialogs.checkpoint_dialog import CheckpointDialog
from gui.dialogs.event_change_dialog import EventChangeDialog
from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.dialogs.trust_dialog import TrustDialog
from gui.problems import objection
from gui.session import Session
from gui.settings import Settings
from gui.viewmodels.event_change import EventChangeViewModel
from gui.viewmodels.signing import SigningKind, SigningViewModel
from gui.viewmodels.snapshot_work import SnapshotWorkViewModel
from gui.views.status_view import StatusView
from gui.widgets.banner import Banner
from gui.widgets.branch_band import name_branch
from gui.words import said
from gui.work.jobs import Job, Jobs
from gui.work.model_comparing import ModelComparing
from gui.work.own_projection import OwnProjectionOpener
from gui.work.rebuilding import Rebuilding
from gui.work.reports import AuditExported, Certified, Verified
from gui.work.wishes import Certify, ExportAudit, Verify, Wish

MODELS: Final = said("Models (*.py);;All files (*)")
AUDITS: Final = said("Spreadsheet (*.csv);;JSON Lines (*.jsonl)")
PROJECTIONS: Final = said("Projections (*.py)")


class StoreWork(QObject):
    """Dialogs stand over `window`; what came of a work is said in the status line or the banner.
    `current` gives the open store. GUI thread."""

    def __init__(
        self,
        jobs: Jobs,
        settings: Settings,
        status: StatusView,
        banner: Banner,
        *,
        current: Callable[[], Session | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._jobs, self._settings, self._status, self._banner = jobs, settings, status, banner
        self._current, self._window = current, window
        shared = (jobs, status.show_message, self.show_problem, window)
        self._projections = OwnProjectionOpener(*shared)
        self._rebuilding = Rebuilding(*shared)
        self._comparing = ModelComparing(*shared)
        self._comparing.event_wanted.connect(self._go_to_event)

    def export(self, session: Session) -> None:
        """Ask what to export and where."""
        # Late: every format of event files is loaded with them, which few starts need.
        from gui.dialogs.export_dialog import ExportDialog
        from gui.viewmodels.exporting import ExportingViewModel

        work = ExportingViewModel(self._jobs, session.place, session.filter)
        dialog = ExportDialog(work, self._window)
        name_branch(dialog, session.line.name)
        dialog.open()

    def export_audit(self, session: Session) -> None:
        """Ask where, and write down who did what in the stream whose state is shown."""
        stream = session.inspector.stream
        branch = session.line.name
        name = f"audit-branch-{branch}.csv" if branch else "audit.csv"
        start = str(Path(self._settings.folder()) / name)
        out, _ = QFileDialog.getSaveFileName(
            self._window,
            said("Export the audit trail of {stream}", stream=stream or said("all streams")),
            start,
            AUDITS,
        )
        if out:
            job = Job(ExportAudit(store=session.place, out=out, stream=stream), self)
            job.succeeded.connect(self._show_audit)
            job.failed.connect(self.show_problem)
            self._jobs.start(job)

    def certify(self, session: Session) -> None:
        """Prove by digest that views and snapshots are what the log says."""
        self._check(Certify(store=session.place))

    def verify(self, session: Session) -> None:
        """Read the whole log and name what is damaged."""
        self._check(Verify(store=session.place))

    def show_checkpoint(self, session: Session, kind: SigningKind) -> CheckpointDialog:
        """Sign what the store holds, or prove its history by what was signed."""
        work = SigningViewModel(self._jobs, kind, session.place)
        dialog = CheckpointDialog(work, self._window)
        name_branch(dialog, session.line.name)
        dialog.open()
        return dialog

    def rebuild(self, session: Session) -> None:
        """Fold every view again, and show what was different."""
        self._rebuilding.run(session.place)

    def show_snapshots(self, session: Session) -> None:
        """List, make, check and throw away saved states."""
        work = SnapshotWorkViewModel(self._jobs, session.place, session.snapshots)
        stream = session.inspector.stream
        dialog = SnapshotsDialog(work, session.snapshots, stream, self._window)
        name_branch(dialog, session.line.name)
        dialog.open()

    def change_event(self, session: Session) -> None:
        """Other fields, another name, or no effect any more: tried on what is stored."""
        inspection = session.inspector.inspection
        own = session.model_file.path
        EventChangeDialog(
            EventChangeViewModel(self._jobs, session.place, model=str(own) if own else ""),
            [it.name for it in session.navigator.types],
            total=session.navigator.types_total,
            chosen=inspection.event.type if inspection and inspection.event else "",
            parent=self._window,
        ).open()

    def choose_model(self, session: Session) -> None:
        """Ask for a model file; it runs only when it is trusted."""
        if chosen := self._chosen(said("Open a model"), MODELS):
            session.model_file.open(Path(chosen))

    def compare_models(self, session: Session) -> None:
        """Fold with the model in use and with what it was, and name where they first differ."""
        self._comparing.run(session.place, session.model_file.path)

    def choose_projection(self, session: Session) -> None:
        """Ask for a projection file; it runs only when it is trusted."""
        if chosen := self._chosen(said("Open a projection"), PROJECTIONS):
            self._projections.open(session.place, Path(chosen))

    def watch(self, session: Session) -> None:
        """Ask and say what concerns the model file of a store, from now on."""
        session.model_file.trust_wanted.connect(self.ask_for_trust)
        session.model_file.loaded.connect(self._show_model)
        session.model_file.changed_on_disk.connect(self._show_model_change)

    @Slot(str, str, str)
    def ask_for_trust(self, path: str, sha256: str, text: str) -> TrustDialog:
        """Show a model file before it is run."""
        dialog = TrustDialog(path, sha256, text, self._window)
        dialog.trusted.connect(self._trust)
        dialog.open()
        return dialog

    @Slot(str, str)
    def show_problem(self, what: str, to_do: str) -> None:
        """What went wrong with a work, and what to do."""
        self._banner.show_problem(what, to_do=to_do)

    @Slot(str, str)
    def show_offer(self, what: str, to_do: str) -> None:
        """Something that a person may want to do about the store."""
        self._banner.show_problem(what, to_do=to_do, tone="warn")

    @Slot(str)
    def withdraw_offer(self, what: str) -> None:
        """It was taken up."""
        self._banner.withdraw(what)

    def _chosen(self, title: str, kinds: str) -> str:
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, self._settings.folder(), kinds)
        return chosen

    def _check(self, wish: Wish) -> None:
        job = Job(wish, self)
        job.succeeded.connect(self._show_done)
        job.objected.connect(self._show_objection)
        job.failed.connect(self.show_problem)
        self._jobs.start(job)

    @Slot(object)
    def _show_done(self, _report: object) -> None:
        job = self.sender()
        title = job.title if isinstance(job, Job) else said("Work")
        self._status.show_message(said("{title}: done, no problems found", title=title))

    @Slot(object)
    def _show_audit(self, report: AuditExported) -> None:
        name = Path(report.out).name
        self._status.show_message(
            said(
                "Audit trail of {events:,} events written to {name}",
                events=report.events,
                name=name,
            )
        )

    @Slot(object)
    def _show_objection(self, report: Verified | Certified) -> None:
        self.show_problem(*objection(report))

    @Slot(str, int)
    def _go_to_event(self, stream: str, position: int) -> None:
        if (session := self._current()) is not None:
            session.selection.choose_stream(stream)
            session.selection.seek(position)

    @Slot(str, str)
    def _trust(self, path: str, sha256: str) -> None:
        if (session := self._current()) is not None:
            session.model_file.trust(Path(path), sha256)

    @Slot()
    def _show_model(self) -> None:
        if (session := self._current()) is not None and (titles := session.model_file.titles):
            self._banner.dismiss()
            self._status.show_message(said("Model in use: {titles}", titles=", ".join(titles)))

    @Slot(str)
    def _show_model_change(self, path: str) -> None:
        self._banner.show_problem(
            said(
                "The model file {name} has changed. The window still uses the old version.",
                name=Path(path).name,
            ),
            to_do=said("Choose File ▸ Reload the model to review and reload it."),
            tone="warn",
        )
