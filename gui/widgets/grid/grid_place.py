"""Where a table is scrolled to, by what its rows show and not by their numbers.

In the order of an axis events come between those that there were: the same rows are others then.
"""

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from gui.widgets.grid.grid_view import GridView


class Listing(Protocol):
    """One list of rows; another one has another number."""

    @property
    def generation(self) -> int: ...


class Rows(Protocol):
    """Rows that stand for positions. `is_regrown` when rows came between those that there were."""

    is_regrown: bool

    @property
    def count(self) -> int: ...
    @property
    def listing(self) -> Listing: ...
    def position(self, row: int) -> int: ...
    def row_of(self, position: int) -> int: ...


class GridPlace(QObject):
    """Remembers the event in the top row."""

    def __init__(self, rows: Rows, grid: GridView) -> None:
        super().__init__(grid)
        self._rows, self._grid = rows, grid
        self._top = 0  # a position; 0: none
        self._generation = rows.listing.generation
        grid.rows_visible.connect(self._note)

    def go_back(self, cursor: int) -> bool:
        """Bring the event that was at the top there again, and choose the cursor's row, after rows
        came between. False when there was none."""
        if not self._top:
            return False
        row, chosen = self._rows.row_of(self._top), self._rows.row_of(cursor)
        self._grid.dim_after(chosen)
        self._grid.go_to_row(chosen)
        self._generation = self._rows.listing.generation
        self._grid.verticalScrollBar().setValue(max(row, 0))
        return True

    @Slot(int, int)
    def _note(self, first: int, _last: int) -> None:
        generation = self._rows.listing.generation
        if self._rows.is_regrown and generation != self._generation:
            return  # the rows are of another list, and nobody has gone back yet
        self._generation = generation
        self._top = self._rows.position(first) if 0 <= first < self._rows.count else 0
