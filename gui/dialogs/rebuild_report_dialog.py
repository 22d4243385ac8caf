"""What a rebuild of the views has found: a line a view, and each difference by key and column."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.rebuild_words import (
    DIFFERENCE_TITLES,
    TITLES,
    differences,
    is_sound,
    row,
    summary,
)
from gui.widgets.text_grid import TextGrid
from gui.widgets.text_rows import TextRow
from gui.widgets.words import Words


class RebuildReportDialog(QDialog):
    """Made of the report of `main.py rebuild --json`."""

    def __init__(self, report: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Views rebuilt")
        self.setAccessibleName("Views rebuilt")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 560)
        views = report["views"]
        self.summary = Words()
        self.views = TextGrid("Views that were rebuilt")
        self.differences = TextGrid("What was different")
        self.shut = QPushButton("Close")
        rows = QVBoxLayout(self)
        rows.addWidget(self.summary)
        rows.addWidget(self.views, 3)
        rows.addWidget(self.differences, 2)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.shut)
        rows.addLayout(buttons)
        self.shut.clicked.connect(self.accept)
        self._show(views)

    def _show(self, views: list[dict[str, Any]]) -> None:
        self.summary.say(f"{summary(views)}.", role="ok" if is_sound(views) else "warn")
        self.views.show_rows(
            TITLES,
            [TextRow(texts=row(it), is_warning=not is_sound([it])) for it in views],
        )
        told = differences(views)
        self.differences.show_rows(
            DIFFERENCE_TITLES, [TextRow(texts=it, is_warning=True) for it in told]
        )
        self.differences.setVisible(bool(told))
