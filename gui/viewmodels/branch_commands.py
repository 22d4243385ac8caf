"""The own commands of a branch: what came of each on the log, or as which test it is saved. Asked
as a preview first, then done; a process of its own does both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.said import Said
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.wishes import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is to be seen of one command."""

    title: str = ""
    text: str = ""
    value: Any = None  # JSON
    tone: str = ""
    name: str = ""  # of the value


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """A command as a line of a table, and its detail."""

    texts: tuple[str, ...]
    detail: Detail
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All of them, and what they come to."""

    lines: Sequence[CommandLine] = ()
    said: Said = field(default_factory=Said)
    can_run: bool = False
    goal: int = 0  # a position of the log that can be gone to; 0: none


class BranchCommandsViewModel(QObject):
    """`changed()` when anything of it differs, `progressed(Progress)`, `failed(sentence, hint)`,
    `cancelled()`, and `done()` after the work itself. GUI thread; cancel it."""

    changed = Signal()
    progressed = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    done = Signal()

    def __init__(
        self,
        jobs: Jobs,
        wish: Callable[[bool, frozenset[str]], Wish],
        listed: Callable[[Any, bool], Listed],
    ) -> None:
        """`wish` makes the work, or its preview, by the options that are set; `listed` reads its
        report."""
        super().__init__()
        self._wish, self._read = wish, listed
        self.listed = Listed()
        self.options: frozenset[str] = frozenset()
        self.is_done = False
        self._is_preview = True
        self._is_to_preview = False
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._show)
        self._work.objected.connect(self._show)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self._stop)
        self._work.ended.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        """Whether the work or its preview runs."""
        return self._work.is_running

    @property
    def is_working(self) -> bool:
        """Whether it is the work itself."""
        return self.is_running and not self._is_preview

    @property
    def can_run(self) -> bool:
        """Whether what is shown can be done."""
        return self.listed.can_run and not self.is_running and not self.is_done

    def set_option(self, name: str, *, is_on: bool) -> None:
        """Look again, otherwise."""
        self.options = self.options | {name} if is_on else self.options - {name}
        self.preview()

    @Slot()
    def preview(self) -> None:
        """What would come of it; nothing is written."""
        if self.is_working:
            return
        self._is_to_preview = self.is_running
        if self.is_running:
            self._work.cancel()
            return
        self.is_done, self._is_preview = False, True
        self._work.start(self._wish(True, self.options))

    @Slot()
    def run(self) -> None:
        """Do it."""
        if self.can_run:
            self._is_preview = False
            self._work.start(self._wish(False, self.options))

    @Slot()
    def cancel(self) -> None:
        """Go no further."""
        self._is_to_preview = False
        self._work.cancel()

    @Slot(object)
    def _show(self, report: Any) -> None:
        self.listed = self._read(report, self._is_preview)
        self.is_done = not self._is_preview
        self.changed.emit()
        if self.is_done:
            self.done.emit()

    @Slot()
    def _stop(self) -> None:
        if not self._is_to_preview:
            self.cancelled.emit()

    @Slot()
    def _go_on(self) -> None:
        if self._is_to_preview:
            self._is_to_preview = False
            self.preview()
