"""Search: a line to type words into, and the events that hold them, newest first."""

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.viewmodels.search import SearchViewModel
from gui.viewmodels.shown_columns import ShownColumns
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words

TITLES: Final = ("position", "recorded", "stream", "type", "summary", "actor")
TYPING_MS: Final = 120  # after the last letter


class SearchView(QWidget):
    """Asks as one types, and again whenever the index has got on. Nothing while hidden."""

    def __init__(self, search: SearchViewModel, columns: ShownColumns) -> None:
        super().__init__()
        self.setAccessibleName("Search")
        self._search = search
        self._columns = columns
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        self.line.setPlaceholderText("words of stream, type or payload, or how they begin")
        self.line.setAccessibleName("Words to search for")
        self.message = Words("dim")
        self.found = TextGrid("Events that were found")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        for widget in (self.line, self.message):
            rows.addWidget(widget)
        rows.addWidget(self.found, 1)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.line.textChanged.connect(self._typing.start)
        self.line.returnPressed.connect(self._ask)
        self.found.row_activated.connect(search.go_to)
        self.found.row_chosen.connect(search.go_to)
        search.answered.connect(self._show)
        columns.years_shown.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._search.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._search.want(False)

    @Slot()
    def _ask(self) -> None:
        self._typing.stop()
        self._search.ask(self.line.text())

    @Slot()
    def _show(self) -> None:
        hits = self._search.hits
        self.message.say(self._search.words)
        found = [
            TextRow(
                texts=(
                    f"{it.position:,}",
                    self._columns.time_text(it.recorded_at_us),
                    it.stream,
                    it.type,
                    it.summary,
                    it.actor,
                )
            )
            for it in (hits.rows if hits else ())
        ]
        self.found.show_rows(TITLES, found)


PANEL: Final = TabPanel(
    id="search",
    title="Search",
    parent="views",
    order=2,
    make=lambda it: SearchView(it.search, it.columns),
    begin=lambda it: it.line.setFocus(),
)
