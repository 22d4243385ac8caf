"""Questions in SQL to the views of the open store."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.reads import Reads
from gui.tasks import Tasks
from replay.sql_query import SqlFailed, SqlResult, ask
from store.errors import StoreError


class SqlViewModel(QObject):
    """`answered()` when `result` or `problem` is there, `busy_changed()`, `failed(error)`."""

    answered = Signal()
    busy_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.result: SqlResult | None = None
        self.problem = ""
        self.is_busy = False
        self._tasks = tasks

    def run(self, statement: str) -> None:
        """Ask; what is under way is stopped."""
        self._set_busy(True)
        work = partial(_ask, statement=statement)
        self._tasks.latest("sql", work, done=self._show, failed=self._tell)

    def stop(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel("sql")
        self.result, self.problem = None, "Stopped."
        self._set_busy(False)
        self.answered.emit()

    def _show(self, result: SqlResult) -> None:
        self.result, self.problem = result, ""
        self._set_busy(False)
        self.answered.emit()

    def _tell(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, StoreError):
            text = str(error)
            self.result = None
            self.problem = f"{text[:1].upper()}{text[1:]}. {error.hint}".strip()
            self.answered.emit()
        else:
            self.failed.emit(error)

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.busy_changed.emit()


def _ask(reads: Reads, *, statement: str) -> SqlResult:
    views = reads.views()
    if views is None:
        raise SqlFailed("there are no views yet", "They are being built; ask again.")
    return ask(views, statement)
