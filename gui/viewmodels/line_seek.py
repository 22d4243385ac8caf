"""Put the cursor where the event of another line is in the one in view."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.work.reads import Reads
from gui.work.tasks import Tasks


class LineSeek(QObject):
    """`failed(error)`. GUI thread."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks, self._selection = tasks, selection

    def go(self, position: int, line: Path | None) -> None:
        """To an event of a line; where it is not in view, to the event before it."""
        if line is None:
            self._selection.seek(position)
            return
        work = partial(_here, position=position, line=line)
        self._tasks.latest("seek in line", work, done=self._selection.seek, failed=self.failed.emit)


def _here(reads: Reads, *, position: int, line: Path) -> int:
    from store.branches.carried import carried  # most logs have no branches

    with reads.line(line) as there:
        return carried(position, there.log, reads.log)
