"""What would differ without one event: streams and rows, each a link."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.viewmodels.without import ROWS, STREAMS, WithoutViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.section import Section
from gui.widgets.words import Words
from gui.words import said


class WithoutDialog(KeyedDialog):
    """Stays open beside the window while one follows its links; Esc closes it, and stops what
    runs. Nothing is written."""

    def __init__(self, work: WithoutViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = said("Without the event at {position:,}", position=work.position)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(900, 560)
        self._work = work
        work.setParent(self)
        self.words = Words()
        self.streams = TextGrid(
            said("States that would differ"),
            empty=said("The states that would differ without the event are listed here."),
        )
        self.rows = TextGrid(
            said("Rows of views that would differ"),
            empty=said("The rows that would differ without the event are listed here."),
        )
        self.stop, self.close_button = QPushButton(said("Stop")), QPushButton(said("Close"))
        self._streams_part = Section(said("States that would differ"), self.streams)
        self._rows_part = Section(said("Rows of views that would differ"), self.rows)
        self._lay_out()
        work.changed.connect(self._show)
        self.streams.row_activated.connect(work.go_to_stream)
        self.rows.row_activated.connect(work.go_to_row)
        self.stop.clicked.connect(work.cancel)
        self.close_button.clicked.connect(self.close)
        self.finished.connect(work.cancel)
        self._show()

    def spots(self) -> list[Spot]:
        """The lines of both tables."""
        return [
            cells_spot(self.streams.grid, self._work.stream_things),
            cells_spot(self.rows.grid, self._work.row_things),
        ]

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.addWidget(self.words)
        rows.addWidget(self._streams_part, 2)
        rows.addWidget(self._rows_part, 3)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.stop)
        foot.addWidget(self.close_button)
        rows.addLayout(foot)
        for grid in (self.streams, self.rows):
            grid.setToolTip(said("Enter or double-click goes there"))

    @Slot()
    def _show(self) -> None:
        work = self._work
        self.words.say(work.words)
        self.stop.setEnabled(work.is_running)
        streams, rows = work.stream_rows(), work.view_rows()
        self.streams.show_rows(STREAMS, [TextRow(texts=it) for it in streams])
        self.rows.show_rows(ROWS, [TextRow(texts=it) for it in rows])
        self._streams_part.set_count(f"{len(streams):,}" if work.found else "")
        self._rows_part.set_count(f"{len(rows):,}" if work.found else "")
