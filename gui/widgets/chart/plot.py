"""What a chart is drawn with: bars by name, or a line over numbers, between two axes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.chart.plain_plot import plain_plot
from gui.words import counted, said

BAR_SHARE: Final = 0.7  # of the room that each bar has
LINE_PX: Final = 2
DOT_PX: Final = 6
NAMES_SHOWN: Final = 6  # on the axis; with more, every so many-th
NAME_LETTERS: Final = 14
ROOM: Final = 0.08  # of the height, above the highest
DOTTED: Final = 100  # points; more of them would hide the line
NAME_PX: Final = 60  # that a name may reach beyond the plot


class Plot(QWidget):
    """Shows one series at a time. `description()` says it in words, for those who hear it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        self._plot = plain_plot(name)
        self._plot.getAxis("bottom").setStyle(hideOverlappingLabels=NAME_PX)
        self._bars = pg.BarGraphItem(x=[], height=[], width=BAR_SHARE)
        self._line, self._dots = pg.PlotCurveItem(), pg.ScatterPlotItem(size=DOT_PX, pen=None)
        for item in (self._bars, self._line, self._dots):
            self._plot.addItem(item)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._plot)
        self.setMinimumHeight(120)
        themes().changed.connect(self._restyle)
        self._restyle()

    def show_bars(self, names: Sequence[str], values: Sequence[float], *, unit: str = "") -> None:
        """One bar a name, in this order."""
        values = [float(it) for it in values]
        self._begin(unit, values)
        places = list(range(len(values)))
        self._bars.setOpts(x=places, height=values, width=BAR_SHARE)
        self._bars.show()
        step = max(1, -(-len(names) // NAMES_SHOWN))
        ticks = [(at, _short(names[at])) for at in places[::step]]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._frame(-0.5, max(len(values) - 0.5, 0.5), values)

    def show_line(
        self, xs: Sequence[float], ys: Sequence[float], *, unit: str = "", over: str = ""
    ) -> None:
        """A line with a dot at each point; `over` is what the xs count."""
        xs, ys = [float(it) for it in xs], [float(it) for it in ys]
        self._begin(unit, ys)
        points = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
        for item in (self._line, self._dots):
            item.setData(*points)
        self._line.show()
        self._dots.setVisible(len(xs) <= DOTTED)
        bottom = self._plot.getAxis("bottom")
        bottom.setTicks(None)
        bottom.setLabel(over)
        first, last = (min(xs), max(xs)) if xs else (0.0, 1.0)
        self._frame(first, last if last > first else first + 1, ys)

    def _begin(self, unit: str, values: Sequence[float]) -> None:
        for item in (self._bars, self._line, self._dots):
            item.hide()
        self._plot.getAxis("bottom").setLabel("")
        self._plot.getAxis("left").setLabel(unit)
        highest = (
            said(", highest {values:,g} {unit}", values=max(values), unit=unit) if values else ""
        )
        self.setAccessibleDescription(
            said(
                "{count}{highest}",
                count=counted("{count} value", "{count} values", len(values)),
                highest=highest,
            ).strip()
        )

    def _frame(self, first: float, last: float, values: Sequence[float]) -> None:
        low, high = min([0.0, *values]), max([0.0, *values])
        height = (high - low) or 1.0
        self._plot.setXRange(first, last, padding=0.03)
        self._plot.setYRange(low, high + height * ROOM, padding=0)

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        self._plot.setBackground(theme["canvas"])
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme["line_strong"])
            axis.setTextPen(theme["text_dim"])
            axis.setTickFont(theme.ui_font(px=theme.small_px))
        self._bars.setOpts(brush=theme["accent"], pen=None)
        self._line.setPen(pg.mkPen(theme["accent"], width=LINE_PX))
        self._dots.setBrush(pg.mkBrush(theme["accent"]))


def _short(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1] + "…"
