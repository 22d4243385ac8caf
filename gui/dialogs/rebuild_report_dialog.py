"""What a rebuild of the views has found: a line a view, and each difference by key and column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.rebuild_words import (
    DIFFERENCE_TITLES,
    TITLES,
    differences,
    is_sound,
    row,
    summary,
)
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.words import Words
from gui.words import said
from gui.work.reports import Rebuilt, ViewRebuilt


class RebuildReportDialog(KeyedDialog):
    """It stands beside the window and takes no
    key from it: whoever types when a long rebuild ends goes on typing."""

    def __init__(self, report: Rebuilt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Views rebuilt"))
        self.setAccessibleName(said("Views rebuilt"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.resize(860, 560)
        views = report.views
        self.summary = Words()
        self.views = TextGrid(
            said("Views that were rebuilt"), empty=said("Rebuilt views are listed here.")
        )
        self.differences: TextGrid | None = None  # where there are any
        self.shut = QPushButton(said("Close"))
        self._rows = rows = QVBoxLayout(self)
        rows.addWidget(self.summary)
        rows.addWidget(self.views, 3)
        self._show(views)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.shut)
        rows.addLayout(buttons)
        self.shut.clicked.connect(self.accept)

    def _show(self, views: Sequence[ViewRebuilt]) -> None:
        self.summary.say(f"{summary(views)}.", role="ok" if is_sound(views) else "warn")
        self.views.show_rows(
            TITLES,
            [TextRow(texts=row(it), is_warning=not is_sound([it])) for it in views],
        )
        if told := differences(views):
            self.differences = TextGrid(said("What was different"))
            self._rows.addWidget(self.differences, 2)
            self.differences.show_rows(
                DIFFERENCE_TITLES, [TextRow(texts=it, is_warning=True) for it in told]
            )
