"""How many bytes each view takes: asked rarely, since SQLite reads every page to tell."""

from functools import partial
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.view_status import list_views, size_of

LEAST_MS: Final = 1_000  # between an answer and the next question
SHARE: Final = 20  # and so many times what the last answer took: a twentieth of one reader's time

Sizes = dict[str, int | None]  # None where SQLite cannot tell


class ViewSizes(QObject):
    """`changed()` when a size differs, `failed(error)`. `refresh` as often as one likes: what
    comes too soon is asked later, once."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._sizes: Sizes = {}
        self._tasks = tasks
        self._is_asking = self._is_wanted = False
        self._pause = QTimer(self, singleShot=True, interval=LEAST_MS)
        self._pause.timeout.connect(self._go_on)

    def of(self, name: str) -> int | None:
        """The size of a view as last heard of; None while nobody knows."""
        return self._sizes.get(name)

    @property
    def pause_ms(self) -> int:
        """From the last answer to the next question."""
        return self._pause.interval()

    def refresh(self) -> None:
        """The views may have grown."""
        self._is_wanted = True
        if not self._is_asking and not self._pause.isActive():
            self._go_on()

    def close(self) -> None:
        """Ask nothing more."""
        self._pause.stop()

    @Slot()
    def _go_on(self) -> None:
        if self._is_wanted:
            self._is_wanted, self._is_asking = False, True
            self._tasks.latest(
                "view sizes", partial(_measured), done=self._learn, failed=self._fail
            )

    def _learn(self, told: tuple[Sizes, float]) -> None:
        sizes, took_ms = told
        self._rest(took_ms)
        if sizes != self._sizes:
            self._sizes = sizes
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._rest(0)
        self.failed.emit(error)

    def _rest(self, took_ms: float) -> None:
        self._is_asking = False
        self._pause.start(max(LEAST_MS, round(took_ms * SHARE)))


def _measured(reads: Reads) -> tuple[Sizes, float]:
    """The sizes, and how many milliseconds it took to tell them."""
    db, begun_s = reads.views(), perf_counter()
    if db is None:
        return {}, 0.0
    sizes = {it.name: size_of(db, it.name) for it in list_views(db, reads.log)}
    return sizes, (perf_counter() - begun_s) * 1_000
