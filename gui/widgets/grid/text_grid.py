"""A grid of texts whose columns may become others: results of a question, rows of a view."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from store.number_text import are_numbers

LEAST_PX: Final = 60
MOST_PX: Final = 260
LETTER_PX: Final = 8
PADDING_PX: Final = 24
LOOKED_AT: Final = 50  # rows that a column's width is taken from


class TextGrid(QWidget):
    """`row_chosen(row)` when a person moves to a row, `row_activated(row)` on Enter."""

    row_chosen = Signal(int)
    row_activated = Signal(int)
    scrolled = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._titles: tuple[str, ...] = ()
        self._filled: frozenset[int] = frozenset()
        self._numbers: frozenset[int] = frozenset()  # the columns whose cells stand at the right
        self._model = TextRows(())
        self.grid = GridView(name, (), warning_column=0)
        self.grid.setModel(self._model)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.grid)
        self.grid.row_chosen.connect(self.row_chosen)
        self.grid.row_activated.connect(self.row_activated)
        self.grid.verticalScrollBar().valueChanged.connect(self._tell_scroll)

    def show_rows(self, titles: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Show these in place of what was shown."""
        row, top = self.grid.current_row(), self.grid.verticalScrollBar().value()
        if tuple(titles) != self._titles or not self.count():
            self._filled = self._numbers = frozenset()  # then titles alone give the widths
        filled, numbers = self._filled | _filled(rows), _numbers(rows) or self._numbers
        if tuple(titles) != self._titles or (filled, numbers) != (self._filled, self._numbers):
            self._numbers = numbers
            self._show_columns(titles, rows)
        self._filled = filled
        if not self._model.show_rows(rows):
            return
        if row >= 0:
            self.grid.go_to_row(row)
        self.scroll_to(top)

    def scroll_to(self, value: int) -> None:
        """Bring the row with this number to the top."""
        self.grid.verticalScrollBar().setValue(value)

    def go_to_row(self, row: int) -> None:
        """Make a row the current one, without telling anyone."""
        self.grid.go_to_row(row)

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        return self._model.text(row, column)

    def count(self) -> int:
        """How many rows there are."""
        return self._model.rowCount()

    def _show_columns(self, titles: Sequence[str], rows: Sequence[TextRow]) -> None:
        self._titles = tuple(titles)
        widths = [
            _width(title, [it.texts[n] for it in rows[:LOOKED_AT]])
            for n, title in enumerate(titles)
        ]
        self._model.show_titles(self._titles)
        self.grid.set_columns(
            tuple(
                Column(title=title, width=width, is_mono=True, is_right=at in self._numbers)
                for at, (title, width) in enumerate(zip(titles, widths, strict=True))
            )
        )

    @Slot(int)
    def _tell_scroll(self, value: int) -> None:
        self.scrolled.emit(value)


def _filled(rows: Sequence[TextRow]) -> frozenset[int]:
    """The columns that say something."""
    return frozenset(at for it in rows[:LOOKED_AT] for at, text in enumerate(it.texts) if text)


def _numbers(rows: Sequence[TextRow]) -> frozenset[int]:
    """The columns that say numbers and nothing else."""
    columns = zip(*(it.texts for it in rows[:LOOKED_AT]), strict=True)
    return frozenset(at for at, texts in enumerate(columns) if are_numbers(texts))


def _width(title: str, texts: Sequence[str]) -> int:
    longest = max((len(it) for it in (title, *texts)), default=0)
    return min(max(longest * LETTER_PX + PADDING_PX, LEAST_PX), MOST_PX)
