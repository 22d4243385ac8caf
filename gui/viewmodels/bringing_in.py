"""Looking at files and bringing them into a store: what the dialogs of an import and of the changes
of a table have in common."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.words import said
from gui.work.jobs import Jobs
from gui.work.latest_look import LatestLook
from gui.work.long_work import LongWork
from gui.work.reports import ImportTarget
from gui.work.wishes import Wish
from store.transfer.new_name import free_store_beside

CANCELLED: Final = said("Cancelled. The store was not changed.")


class BringingIn(QObject):
    """`changed()` when a look or the work begins or ends. A look ends with `seen(draft, report)` or
    `unseen(sentence, hint)`. The work tells `progressed(Progress)`, then one of `reported(report)`,
    `failed(sentence, hint)` or `cancelled()`. GUI thread.

    `open_store` is the text of the place of the store that is open; empty: none is."""

    changed = Signal()
    seen = Signal(object, object)
    unseen = Signal(str, str)
    progressed = Signal(object)
    reported = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, *, open_store: str) -> None:
        super().__init__()
        self.open_store = open_store
        self.shown: Any = None  # the draft that what is shown is of; None: nothing could be read
        self.target: ImportTarget | None = None  # the store that it would go into
        self.report = ""
        self.has_stored = False  # whether events of the files are in the store
        self.into = ""  # the store of the work
        self._looking, self._work = LatestLook(jobs), LongWork(jobs)
        self._looking.changed.connect(self.changed)
        self._looking.seen.connect(self.seen)
        self._looking.failed.connect(self._forget)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self.reported)
        self._work.objected.connect(self.reported)  # nothing could be stored
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self._tell_cancelled)

    @property
    def is_running(self) -> bool:
        """Whether the work runs; a look does not count."""
        return self._work.is_running

    @property
    def is_looking(self) -> bool:
        """Whether a look has not told yet what it sees."""
        return self._looking.asked is not None

    @property
    def has_looked(self) -> bool:
        """Whether what is shown is of files that could be read."""
        return self.shown is not None

    @property
    def mixes(self) -> bool:
        """Whether the store has events already."""
        return self.target is not None and self.target.events > 0

    def is_new(self, draft: object) -> bool:
        """Whether a look at a draft would show anything else."""
        return draft != self.shown or self.is_looking

    def look(self, draft: object, wish: Wish) -> None:
        """Look; of one that is overtaken by a newer one nothing is told."""
        self._looking.look(draft, wish)

    def show(self, draft: object, target: ImportTarget | None) -> None:
        """From now on this is what is shown."""
        self.shown, self.target = draft, target

    def run(self, wish: Wish, *, into: str) -> None:
        """Bring in, whole or not at all."""
        self.report, self.into = "", into
        self._work.start(wish)

    def tell(self, report: str, *, has_stored: bool) -> None:
        """What the work did. The store is another one now, so what would happen has to be seen
        anew."""
        self.report, self.has_stored, self.shown = report, has_stored, None

    @Slot()
    def cancel(self) -> None:
        """Stop whatever runs; it leaves no trace."""
        self._looking.cancel()
        self._work.cancel()

    @Slot(str, str)
    def _forget(self, what: str, hint: str) -> None:
        self.shown, self.target = None, None
        self.unseen.emit(what, hint)

    @Slot()
    def _tell_cancelled(self) -> None:
        self.report = CANCELLED
        self.cancelled.emit()


def new_store_beside(file: str) -> str:
    """A name for a new store beside a file."""
    return str(free_store_beside(Path(file)))
