"""The views of lines that are not in view are brought up with them while somebody looks."""

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from gui.work.throttle import Throttle
from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from store.place import Place

LOOKED_MS: Final = 500  # between two times that news of views are told


class Keeper(Protocol):
    """What brings the views of one line up with it."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class LineViews(QObject):
    """One process for each line in sight, which also follows edits of it. `advanced()` when views
    got on. GUI thread, which never waits for a process to end."""

    advanced = Signal()
    _reported = Signal(object)
    _ended = Signal(object)

    def __init__(self, keeper: Callable[..., Keeper] = Projector) -> None:
        super().__init__()
        self._keeper = keeper
        self._kept: dict[Path, Keeper] = {}
        self._ending: set[Thread] = set()
        self._seen: object = None
        self._telling = Throttle(self.advanced.emit, every_ms=LOOKED_MS, parent=self)
        self._reported.connect(self._learn)
        self._ended.connect(self._go_on)

    @property
    def kept(self) -> frozenset[Path]:
        """The lines whose views are kept now."""
        return frozenset(self._kept)

    def watch(self, lines: Iterable[Path]) -> None:
        """Keep the views of these from now on, and of no others."""
        wanted = frozenset(lines)
        for gone in self._kept.keys() - wanted:
            self._end(self._kept.pop(gone), _nothing)
        for new in wanted - self._kept.keys():
            keeper = self._kept[new] = self._keeper(Place(new), on_report=self._reported.emit)
            keeper.start()

    def leave(self, line: Path, then: Callable[[], object]) -> None:
        """Keep that line's views no longer, and do `then` when nobody here has it open."""
        keeper = self._kept.pop(line, None)
        if keeper is None:
            then()
        else:
            self._end(keeper, then)

    def close(self) -> None:
        """Begin to end all."""
        self._telling.close()
        for it in self._kept.values():
            self._end(it, _nothing)
        self._kept.clear()

    def wait(self) -> None:
        """Until all that were left have ended; on any thread, once it is closed."""
        for thread in tuple(self._ending):
            thread.join()

    def _end(self, keeper: Keeper, then: Callable[[], object]) -> None:
        thread = Thread(name="line-views", target=self._close, args=[keeper, then])
        self._ending = {it for it in self._ending if it.is_alive()} | {thread}
        thread.start()

    def _close(self, keeper: Keeper, then: Callable[[], object]) -> None:
        """On a thread of its own."""
        keeper.close()
        self._ended.emit(then)

    @Slot(object)
    def _go_on(self, then: Callable[[], object]) -> None:
        then()

    @Slot(object)
    def _learn(self, report: Report) -> None:
        news = (report.history, report.checkpoint, tuple(sorted(report.versions.items())))
        if news != self._seen:
            self._seen = news
            self._telling.want()


def _nothing() -> None:
    """What follows when nothing does."""
