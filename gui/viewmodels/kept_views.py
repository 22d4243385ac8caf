"""How the views of the open store are kept: how far each is, at what rate, and what is wrong."""

from collections import Counter
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.reads import Reads
from gui.tasks import Tasks
from replay import checkpoints, skips
from replay.checkpoints import ProjectionError
from replay.projector_process import Projector
from replay.projector_report import Report
from replay.view_query import ViewStatus, list_views, size_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """One view. `bytes` is None where SQLite cannot tell."""

    status: ViewStatus
    bytes: int | None
    skipped: int  # events that it does without, because somebody decided so
    failed: ProjectionError | None  # why it stands still


class KeptViewsViewModel(QObject):
    """`changed()` when anything of it differs, `failed(error)`."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, projector: Projector) -> None:
        super().__init__()
        self.views: tuple[KeptView, ...] = ()
        self.report: Report | None = None
        self._tasks = tasks
        self._projector = projector
        self._is_wanted = False

    @property
    def is_paused(self) -> bool:
        """Whether the projector was told to leave the views as they are."""
        return self.report is not None and self.report.phase == "paused"

    @property
    def words(self) -> str:
        """What the projector does, for a person."""
        report = self.report
        if report is None:
            return "The projector has not told anything yet."
        behind = report.head - report.checkpoint
        words = {"working": "keeps the views", "paused": "is paused", "blocked": "is held up",
                 "watching": "watches: another process keeps the views",
                 "ended": "has given up"}[report.phase]  # fmt: skip
        told = f"The projector {words}; {behind:,} events behind"
        if report.rate and behind:
            told += f", {report.rate:,.0f} a second, {behind / report.rate:,.0f} s to go"
        return told + (f": {report.error}" if report.error else "") + "."

    @property
    def standing_words(self) -> str:
        """Which views stand still, where, after how many attempts, and why; a line each."""
        failed = [it.failed for it in self.views if it.failed]
        return "\n".join(
            f"{it.name} stands at {it.position:,}, tried {it.attempts:,} times: {it.message}"
            if it.attempts
            else f"{it.name} stands still: {it.message}"
            for it in failed
        )

    def want(self, is_wanted: bool) -> None:
        """Whether the list is in sight; a hidden one asks for nothing."""
        self._is_wanted = is_wanted
        self.refresh()

    def learn(self, report: Report) -> None:
        """The projector has told how far it is; on the GUI thread."""
        has_changed = report != self.report
        self.report = report
        if has_changed:
            self.refresh()
            self.changed.emit()

    def pause(self) -> None:
        """Leave the views as they are until `resume`: to look at them, or to save the battery."""
        self._projector.pause()

    def resume(self) -> None:
        """Go on from the checkpoints."""
        self._projector.resume()

    def refresh(self) -> None:
        """Ask for the list again."""
        if self._is_wanted:
            self._tasks.latest("kept views", partial(_list), done=self._learn,
                               failed=self.failed.emit)  # fmt: skip

    def _learn(self, views: tuple[KeptView, ...]) -> None:
        self.views = views
        self.changed.emit()


def _list(reads: Reads) -> tuple[KeptView, ...]:
    db = reads.views()
    skipped = Counter(it.view for it in skips.load(reads.log.path))
    failed = {} if db is None else checkpoints.errors(db)
    return tuple(
        KeptView(
            status=it,
            bytes=None if db is None else size_of(db, it.name),
            skipped=skipped[it.name],
            failed=failed.get(it.name),
        )
        for it in list_views(db, reads.log)
    )
