"""Long work on one view: folded again, put back, emptied, or let go on where it is parked."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.rebuild_words import sentence
from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.jobs import Jobs, Progress, sentences
from gui.work.long_work import LongWork
from gui.work.reports import PutBack, Rebuilt, StillParked
from gui.work.wishes import LetViewGoOn, PutViewBack, RebuildViews, ResetView, Wish
from replay.view_version import Slot as VersionSlot
from replay.view_version import ViewVersion
from store.place import Place

BY_OLDER: Final = said(
    "it was built by older code and stays there until you rebuild it or switch again."
)
CANCELLED: Final = said("The rebuild was cancelled. Nothing was changed or left behind.")


class ViewWorkViewModel(QObject):
    """`changed()` when a work begins, ends or has something to say; `ended()` after each;
    `let_go_on()` when a parked view was tried again or its event skipped."""

    changed = Signal()
    ended = Signal()
    let_go_on = Signal()

    def __init__(self, jobs: Jobs, store: Place) -> None:
        super().__init__()
        self.said = Said()
        self.is_held = self.is_cancelling = False
        self._store = store
        self._wish: Wish | None = None
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self._learn_progress)
        self._work.held.connect(self._learn_held)
        self._work.succeeded.connect(self._learn)
        self._work.objected.connect(self._learn)
        self._work.failed.connect(self._learn_failed)
        self._work.cancelled.connect(self._learn_cancelled)
        self._work.ended.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether a work has begun and not ended."""
        return self._work.is_running

    @property
    def is_rebuilding(self) -> bool:
        """Whether it is one that can be held and cancelled."""
        return self._work.is_running and isinstance(self._wish, RebuildViews)

    def rebuild(self, view: str, *, is_beside: bool) -> None:
        """Fold it again beside the live one; then switch, or leave it beside."""
        self.said = Said(text=said("Rebuilding {view} beside the live view…", view=view))
        self._start(RebuildViews(store=self._store, view=view, is_beside=is_beside))

    def put_back(self, view: str) -> None:
        """Change places with what the view was before the last switch."""
        self._start(PutViewBack(store=self._store, view=view))

    def reset(self, view: str) -> None:
        """Empty it; it is folded again while a person looks on."""
        self.said = Said(text=said("Emptying {view}. The projector then rebuilds it.", view=view))
        self._start(ResetView(store=self._store, view=view))

    def retry(self, view: str) -> None:
        """Try the event again at which it is parked."""
        self._start(LetViewGoOn(store=self._store, view=view))

    def skip(self, view: str, reason: str) -> None:
        """Do without the event at which it is parked."""
        self._start(LetViewGoOn(store=self._store, view=view, skip_reason=reason))

    def hold(self, is_held: bool) -> None:
        """Pause the rebuild, or let it go on."""
        self.is_held = is_held
        self._work.hold(is_held)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Stop the rebuild and leave nothing of it."""
        self.is_cancelling = True
        self._work.cancel()

    def close(self) -> None:
        """Stop what runs; what a rebuild has made stays, for the next one to go on from."""
        self._work.close()

    def _start(self, wish: Wish) -> None:
        self._wish = wish
        self._work.start(wish)

    @Slot()
    def _end(self) -> None:
        self.is_held = self.is_cancelling = False
        self.ended.emit()

    def _say(self, text: str, role: str = "dim") -> None:
        self.said = Said(text=text, role=role)
        self.changed.emit()

    @Slot(object)
    def _learn_progress(self, progress: Progress) -> None:
        if self.is_rebuilding:
            share = "" if progress.fraction is None else f"{progress.fraction:.0%} · "
            self._say(f"{share}{progress.text}")

    @Slot(bool)
    def _learn_held(self, is_held: bool) -> None:
        held = said("The rebuild is paused. The live view stays in use.")
        self._say(held if is_held else said("The rebuild has resumed."))

    @Slot()
    def _learn_cancelled(self) -> None:
        if isinstance(self._wish, RebuildViews):
            self._say(CANCELLED)

    @Slot(object)
    def _learn(self, report: Rebuilt | PutBack | StillParked) -> None:
        match report:
            case Rebuilt():
                self._learn_rebuilt(report)
            case PutBack():
                self._learn_back(report)
            case StillParked():
                self._learn_parked(report)

    def _learn_rebuilt(self, report: Rebuilt) -> None:
        (it,) = report.views
        if it.error:
            told = said("{reason}. The live view stays in use.", reason=it.error)
            self._say(told, "error")
            return
        beside = (
            ""
            if it.is_switched
            else said(
                " It is available as {name}.", name=ViewVersion(it.view, VersionSlot.NEXT).name
            )
        )
        self._say(f"{sentence(it)}{beside}", "warn" if it.was_different else "ok")

    def _learn_back(self, report: PutBack) -> None:
        for it in report.views:  # none after a reset
            then = (
                BY_OLDER
                if it.is_older
                else counted(
                    "{count:,} newer event is being folded in.",
                    "{count:,} newer events are being folded in.",
                    it.lag,
                )
            )
            self._say(
                said(
                    "{view} is back at its previous version, as of {checkpoint:,}; {then}",
                    view=it.view,
                    checkpoint=it.checkpoint,
                    then=then,
                ),
                "ok",
            )

    def _learn_parked(self, report: StillParked) -> None:
        self.let_go_on.emit()
        if report.parked:
            it = report.parked[0]
            self._say(
                said(
                    "{view} stopped at {position:,} again: {error}",
                    view=it.view,
                    position=it.position,
                    error=it.error,
                ),
                "error",
            )
        else:
            self._say(said("No view has stopped."), "ok")

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self._say(sentences(what, hint, said("The live view stays in use")), "error")
