"""A plain table of texts that is only read; some rows are one sentence."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from gui.widgets.empty_words import EmptyWords
from gui.widgets.grid.column_fit import Wish, fitted
from store.visible_text import visible

PADDING_PX: Final = 20  # of a cell and its title, both sides
Rows = Sequence[Sequence[str]]


class RecordTable(QTableWidget):
    """Columns have titles and first widths. None is wider than it needs while another one is cut;
    the last one takes what is left. Of those between the first ones, which are `always` there, and
    the last one an empty one is hidden. `empty` is what it says while there are no rows."""

    def __init__(
        self,
        name: str,
        titles: Sequence[str],
        widths: Sequence[int],
        *,
        always: int,
        empty: str = "",
    ) -> None:
        super().__init__(0, len(titles))
        self._always, self._titles, self._widths = always, tuple(titles), tuple(widths)
        self._wishes: list[Wish] = []
        self._is_sized = False  # a person has sized a column: from then on all keep their width
        self._is_sizing = True
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(titles))
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        header.sectionResized.connect(self._note_size)
        self._is_sizing = False
        self._wishes = [self._wish(at, ()) for at in range(len(titles))]
        self.empty = EmptyWords(self, empty)

    def show_rows(self, rows: Rows, *, is_sentence: Callable[[Sequence[str]], bool]) -> None:
        """Show these; what is a sentence takes the place of all columns behind the first one. What
        is cut tells all of it on hover."""
        self.clearSpans()
        self._is_sizing = True
        for column in range(self._always, self.columnCount() - 1):
            self.setColumnHidden(column, not any(row[column] for row in rows))
        self._is_sizing = False
        self.setRowCount(len(rows))
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(visible(text))
                item.setToolTip(visible(text) if len(text) > len("2026-01-01") else "")
                self.setItem(at, column, item)
            if is_sentence(texts):
                self.setSpan(at, 1, 1, len(texts) - 1)
        whole = [it for it in rows if not is_sentence(it)]
        self._wishes = [self._wish(at, whole) for at in range(len(self._titles))]
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        if self._is_sized or not self._wishes:
            return
        self._is_sizing = True
        for column, width in enumerate(fitted(self._wishes, self.viewport().width())):
            if not self.isColumnHidden(column):
                self.setColumnWidth(column, width)
        self._is_sizing = False

    def _wish(self, at: int, rows: Rows) -> Wish:
        """Room for its title and texts; where there is little, no more than its first width."""
        if self.isColumnHidden(at):
            return Wish(least=0, most=0)
        title = self.horizontalHeader().fontMetrics().horizontalAdvance(self._titles[at])
        texts = (self.fontMetrics().horizontalAdvance(visible(it[at])) for it in rows)
        need = max(title, *texts, 0) + PADDING_PX
        first = self._widths[at] if at < len(self._widths) else 0
        return Wish(least=min(need, max(first, title + PADDING_PX)), most=need)

    @Slot(int)
    def _note_size(self, at: int) -> None:
        is_stretched = at == self.columnCount() - 1
        self._is_sized = self._is_sized or not (self._is_sizing or is_stretched)
