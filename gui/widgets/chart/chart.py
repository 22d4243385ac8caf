"""A small chart with axes: bars by name, or a line over numbers; made when there is one to show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from gui.widgets.chart.plot import Plot


class Chart(QWidget):
    """Shows one series at a time; `accessibleDescription()` says it in words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._plot: Plot | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(name)
        self.setMinimumHeight(120)

    def show_bars(self, names: Sequence[str], values: Sequence[float], *, unit: str = "") -> None:
        """One bar a name, in this order."""
        plot = self._made()
        plot.show_bars(names, values, unit=unit)
        self.setAccessibleDescription(plot.accessibleDescription())

    def show_line(
        self, xs: Sequence[float], ys: Sequence[float], *, unit: str = "", over: str = ""
    ) -> None:
        """A line with a dot at each point; `over` is what the xs count."""
        plot = self._made()
        plot.show_line(xs, ys, unit=unit, over=over)
        self.setAccessibleDescription(plot.accessibleDescription())

    def _made(self) -> "Plot":
        if self._plot is None:
            from gui.widgets.chart.plot import Plot  # late: it takes an eighth of a second

            self._plot = Plot(self.accessibleName())
            self._rows.addWidget(self._plot)
        return self._plot
