"""A plain table of texts that is only read; some rows are one sentence."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from gui.widgets.empty_words import EmptyWords
from store.visible_text import visible


class RecordTable(QTableWidget):
    """Columns have titles and first widths; the last one takes what is left. Of those between the
    first ones, which are `always` there, and the last one an empty one is hidden. `empty` is what
    it says while there are no rows."""

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
        self._always = always
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
        self.empty = EmptyWords(self, empty)

    def show_rows(
        self, rows: Sequence[Sequence[str]], *, is_sentence: Callable[[Sequence[str]], bool]
    ) -> None:
        """Show these; what is a sentence takes the place of all columns behind the first one. What
        is cut tells all of it on hover."""
        self.clearSpans()
        for column in range(self._always, self.columnCount() - 1):
            self.setColumnHidden(column, not any(row[column] for row in rows))
        self.setRowCount(len(rows))
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(visible(text))
                item.setToolTip(visible(text) if len(text) > len("2026-01-01") else "")
                self.setItem(at, column, item)
            if is_sentence(texts):
                self.setSpan(at, 1, 1, len(texts) - 1)
