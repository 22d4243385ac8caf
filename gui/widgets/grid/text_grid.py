"""A grid of texts whose columns may become others: results of a question, rows of a view."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.grid.column_fit import wanted_px
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from gui.widgets.own_keys import takes_key
from store.number_text import are_numbers

_ALONG: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right)
LEAST_PX: Final = 44
MOST_PX: Final = 260
TIGHT_PX: Final = 88  # of a text, where all columns are in sight so; numbers are never cut
LOOKED_AT: Final = 50  # rows that a column's width is taken from


class TextGrid(QWidget):
    """`row_chosen(row)` when a person moves to a row, `row_activated(row)` on Enter. With cells
    ← and → move along the row, and `cell_chosen(row, column)` tells of every move and click.
    `empty` is what it says while there are no rows."""

    row_chosen = Signal(int)
    row_activated = Signal(int)
    cell_chosen = Signal(int, int)
    scrolled = Signal(int)

    def __init__(self, name: str, *, has_cells: bool = False, empty: str = "") -> None:
        super().__init__()
        self._titles: tuple[str, ...] = ()
        self._filled: frozenset[int] = frozenset()
        self._widths: tuple[int, ...] = ()
        self._numbers: frozenset[int] = frozenset()  # the columns whose cells stand at the right
        self._model = TextRows(())
        self.grid = GridView(name, (), warning_column=0, empty=empty)
        self.grid.setModel(self._model)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.grid)
        self.grid.row_chosen.connect(self.row_chosen)
        self.grid.row_activated.connect(self.row_activated)
        self._column = 0  # that a person chose last
        if has_cells:
            self.grid.installEventFilter(self)
            self.grid.clicked.connect(self._choose_clicked)
            self.grid.row_chosen.connect(self._choose_cell)
        self.grid.verticalScrollBar().valueChanged.connect(self._tell_scroll)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only with cells: two keys of the grid."""
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, _ALONG):
            return True  # these keys move in here, whatever they do in the window
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self._column = min(max(self._column + step, 0), len(self._titles) - 1)
                self._choose_cell(self.grid.current_row())
                return True
        return super().eventFilter(watched, event)

    @Slot(QModelIndex)
    def _choose_clicked(self, index: QModelIndex) -> None:
        self._column = index.column()
        self._choose_cell(index.row())

    @Slot(int)
    def _choose_cell(self, row: int) -> None:
        if 0 <= row < self.count() and self._titles:
            self.grid.marked_column = self._column
            self.grid.viewport().update()
            self.cell_chosen.emit(row, self._column)

    def show_rows(self, titles: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Show these in place of what was shown."""
        row, top = self.grid.current_row(), self.grid.verticalScrollBar().value()
        if tuple(titles) != self._titles or not self.count():
            self._filled = self._numbers = frozenset()  # then titles alone give the widths
            self._widths = tuple(_width(it, ()) for it in titles)
        filled, numbers = self._filled | _filled(rows), _numbers(rows) or self._numbers
        widths = tuple(map(max, self._widths, _widths(titles, rows)))  # never less than before
        known = (self._titles, self._filled, self._numbers, self._widths)
        if (tuple(titles), filled, numbers, widths) != known:
            self._numbers, self._widths = numbers, widths
            self._show_columns(titles, rows)
        self._filled = filled
        if not self._model.show_rows(rows):
            return
        if row >= 0:
            self.grid.go_to_row(row)
        self.scroll_to(top)

    def say_when_empty(self, words: str) -> None:
        """Other words for while there are no rows."""
        self.grid.empty_words.say(words)

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
        self._titles, self._column, self.grid.marked_column = tuple(titles), 0, -1
        self._model.show_titles(self._titles)
        texts = [[it.texts[at] for it in rows[:LOOKED_AT]] for at in range(len(titles))]
        self.grid.set_columns(
            tuple(
                _column(title, texts[at], width=self._widths[at], is_right=at in self._numbers)
                for at, title in enumerate(titles)
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


def _column(title: str, texts: Sequence[str], *, width: int, is_right: bool) -> Column:
    """One that gets as much of the room that is left as its texts need."""
    return Column(
        title=title,
        width=width,
        is_mono=True,
        is_right=is_right,
        tight=None if is_right else min(width, max(_wanted(title, ()), TIGHT_PX)),
        most=_wanted(title, texts),
    )


def _widths(titles: Sequence[str], rows: Sequence[TextRow]) -> list[int]:
    return [
        _width(title, [it.texts[at] for it in rows[:LOOKED_AT]]) for at, title in enumerate(titles)
    ]


def _width(title: str, texts: Sequence[str]) -> int:
    return min(max(_wanted(title, texts), LEAST_PX), MOST_PX)


def _wanted(title: str, texts: Sequence[str]) -> int:
    """What a column needs to hold all of these."""
    return wanted_px(Column(title=title, width=0, is_mono=True), texts)
