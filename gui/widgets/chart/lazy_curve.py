"""A number over events that is made when there is first one to be drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from gui.widgets.chart.sparkline import Sparkline


class Line(Protocol):
    """What is drawn: ys[i] from xs[i] on."""

    @property
    def xs(self) -> Sequence[float]: ...
    @property
    def values(self) -> Sequence[float]: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def over(self) -> str: ...


class LazyCurve(QWidget):
    """Takes no room while there is nothing to draw. `x_chosen(x)` when a person chooses a step."""

    x_chosen = Signal(float)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.plot: Sparkline | None = None
        self.hide()

    def show_line(self, line: Line | None, *, cursor: float) -> None:
        """Draw it, with a dot at the cursor; None takes it away."""
        self.setVisible(line is not None)
        if line is None:
            return
        if self.plot is None:
            from gui.widgets.chart.sparkline import Sparkline  # late: it takes a third of a second

            self.plot = Sparkline(self._name)
            self.plot.x_chosen.connect(self.x_chosen)
            self._rows.addWidget(self.plot)
        self.plot.show_steps(
            line.xs, line.values, cursor=cursor, label=line.label, unit=line.unit, over=line.over
        )

    def move_cursor(self, cursor: float) -> None:
        """Put the dot elsewhere."""
        if self.plot is not None and self.isVisible():
            self.plot.move_cursor(cursor)
