"""Recorded commands decided on again, as an experiment. Nothing is written, nothing is sent."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.model_file import ModelFileViewModel
from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reports import CommandRerun, CommandsRerun
from gui.work.wishes import RerunCommands
from store.place import Place


class RerunningViewModel(QObject):
    """`changed()` when a run begins, ends or has something to say. GUI thread."""

    changed = Signal()

    def __init__(
        self, jobs: Jobs, place: Place, selection: Selection, model_file: ModelFileViewModel
    ) -> None:
        """`model_file`: a person's own that is in use, or none."""
        super().__init__()
        self.said = Said()
        self.differing: tuple[CommandRerun, ...] = ()
        self._place, self._selection, self._model_file = place, selection, model_file
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._learn)
        self._work.objected.connect(self._learn)
        self._work.failed.connect(self._learn_failed)

    @property
    def is_running(self) -> bool:
        """Whether commands are decided on again just now."""
        return self._work.is_running

    def start(self, *, is_range: bool) -> None:
        """All commands; or those whose events lie from A to the cursor."""
        after, until = 0, None
        selection = self._selection
        if is_range and selection.anchor is not None:
            first, until = sorted((selection.anchor, selection.as_of))
            after = max(first - 1, 0)
        own = str(self._model_file.path or "")
        wish = RerunCommands(store=self._place, after=after, until=until, model=own)
        self._work.start(wish)

    @Slot()
    def cancel(self) -> None:
        """Decide on no more of them."""
        self._work.cancel()

    def close(self) -> None:
        """Stop what runs."""
        self._work.close()

    @Slot(object)
    def _learn(self, report: CommandsRerun) -> None:
        count, other = report.commands, len(report.differing)
        words = [
            counted(
                "{count:,} command decided again by the current rules: ",
                "{count:,} commands decided again by the current rules: ",
                count,
            )
        ]
        words.append(
            counted("1 has a different outcome.", "{count:,} have a different outcome.", other)
            if other
            else said("no outcome differs.")
        )
        if report.without_events:
            words.append(
                said(
                    " {without_events:,} that recorded no event were not checked.",
                    without_events=report.without_events,
                )
            )
        if report.would_send:
            words.append(
                counted(
                    " {count:,} message would have been sent; it was not.",
                    " {count:,} messages would have been sent; none was.",
                    len(report.would_send),
                )
            )
        self.differing = report.differing
        self.said = Said(text="".join(words), role="warn" if other else "ok")
        self.changed.emit()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said, self.differing = Said(text=sentences(what, hint), role="error"), ()
        self.changed.emit()
