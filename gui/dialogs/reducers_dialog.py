"""Where two versions of a model part: the first event, what differs there, and in which streams."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.reducers_words import (
    CHANGE_TITLES,
    STREAM_TITLES,
    change_rows,
    left_out_words,
    stream_rows,
    summary,
)
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said
from gui.work.reports import ModelsCompared


class ReducersDialog(KeyedDialog):
    """It stands beside the window:
    `event_wanted(stream, position)` to look at one there."""

    event_wanted = Signal(str, int)

    def __init__(self, report: ModelsCompared, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Where the models first differ"))
        self.setAccessibleName(said("Where the models first differ"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 460)
        self._partings = report.partings
        self.summary = Words("warn", summary(report))
        self.left_out = Words("dim", left_out_words(report))
        self.changes = TextGrid(
            said("Differences at the first event"),
            empty=said("The fields that differ at the first event are listed here."),
        )
        self.streams = TextGrid(
            said("Streams that differ"), empty=said("The streams that differ are listed here.")
        )
        self.go = QPushButton(said("Go there"))
        self.shut = QPushButton(said("Close"))
        self._lay_out()
        self.changes.show_rows(CHANGE_TITLES, [TextRow(texts=it) for it in change_rows(report)])
        self.streams.show_rows(STREAM_TITLES, [TextRow(texts=it) for it in stream_rows(report)])
        self.streams.go_to_row(0)
        self.streams.row_activated.connect(self._want)
        self.go.clicked.connect(self._want_chosen)
        self.shut.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.addWidget(self.summary)
        rows.addWidget(self.left_out)
        rows.addWidget(self.changes, 1)
        rows.addWidget(self.streams, 2)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.shut)
        rows.addLayout(buttons)

    @Slot(int)
    def _want(self, row: int) -> None:
        it = self._partings[row]
        self.event_wanted.emit(it.stream, it.position)

    @Slot()
    def _want_chosen(self) -> None:
        self._want(max(self.streams.grid.current_row(), 0))
