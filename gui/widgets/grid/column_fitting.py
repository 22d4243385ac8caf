"""When the columns of a grid are measured: nothing moves sideways under the eyes of who scrolls."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QTableView

from gui.widgets.grid.column_fit import Wish, needed_px, wishes_of
from gui.widgets.grid.grid_header import GridHeader
from gui.widgets.grid.grid_painter import Column, RowCells

SETTLED_MS: Final = 300  # after the last row that came into sight


class ColumnFitting(QObject):
    """Columns fit what the rows in sight hold when the rows become others, and once more when those
    stand still for the first time: a list is often opened at its end. Where one has scrolled or
    jumped later, what is too narrow for the rows there is widened once they stand still; nothing
    is made narrower, unless another column is short of that room.
    """

    def __init__(self, view: QTableView, header: GridHeader, *, is_on: bool) -> None:
        super().__init__(view)
        self._view, self._header = view, header
        self._columns: Sequence[Column] = ()
        self._is_on = self._is_due = is_on
        self._is_fresh = True  # the rows have not stood still yet
        self._settling = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        header.fit_wanted.connect(self.fit)

    @property
    def is_settled(self) -> bool:
        """Whether columns are only widened from now on."""
        return not self._is_fresh

    def learn_columns(self, columns: Sequence[Column]) -> None:
        """Those that there are."""
        self._columns = columns

    @Slot()
    def fit(self) -> None:
        """Measure anew, as soon as the rows in sight are there."""
        self._is_due = self._is_on
        self._is_fresh = True
        self.fit_if_due()

    @Slot()
    def fit_if_due(self) -> None:
        """Rows have come, or other ones are in sight."""
        if not self._is_on or not self._view.isVisible():
            return
        self._settling.start()
        if not self._is_due:
            return
        wishes = self._wishes()
        if wishes is not None:  # else told again when the rows are there
            self._is_due = False
            self._header.fit_to(wishes, self._view.viewport().width())

    def needed_px(self, at: int) -> int:
        """The width that a column needs for the rows in sight."""
        return needed_px(self._columns[at], self._rows(), at)

    @Slot()
    def _settle(self) -> None:
        wishes = self._wishes() if self._view.isVisible() else None
        if wishes is None:
            return
        act = self._header.fit_to if self._is_fresh else self._header.widen_to
        self._is_fresh = self._is_due = False
        act(wishes, self._view.viewport().width())

    def _wishes(self) -> list[Wish] | None:
        rows = self._rows()
        return wishes_of(self._columns, rows) if rows else None

    def _rows(self) -> list[RowCells | None]:
        """What the rows in sight hold; None for one that is on its way."""
        model: Any = self._view.model()
        if model is None:
            return []
        first, height = self._view.verticalScrollBar().value(), self._view.viewport().height()
        last = first + max(height // max(self._view.rowHeight(first), 1), 1)
        return [model.cells(row) for row in range(first, min(last + 1, model.rowCount()))]
