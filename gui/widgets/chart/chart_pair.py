"""Two small charts with their titles, side by side."""

from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.widgets.chart.chart import Chart
from gui.widgets.words import Words

HEIGHT_PX: Final = 210


class ChartPair(QWidget):
    """`left` and `right` are the charts."""

    def __init__(self, name: str, left: str, right: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.left, self.right = Chart(left), Chart(right)
        self.setMaximumHeight(HEIGHT_PX)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, chart in enumerate((self.left, self.right)):
            grid.addWidget(Words("dim", chart.accessibleName()), 0, column)
            grid.addWidget(chart, 1, column)
