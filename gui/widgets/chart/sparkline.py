"""A number over events as a step line between two axes, with a dot where the cursor is."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.chart.plain_plot import plain_plot
from gui.widgets.own_keys import takes_key
from gui.words import said

HEIGHT_PX: Final = 132
LINE_PX: Final = 2
MOST_STEPS: Final = 2_000  # drawn; of more, in each part the first, lowest, highest and last
DOT_PX: Final = 8
ROOM: Final = 0.18  # of the width, at the right, for the label beside the dot

_OWN_KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_BESIDE: Final = (-0.08, 0.5)
_ABOVE: Final = (0.5, 1.15)

Floats = npt.NDArray[np.float64]


class Sparkline(QWidget):
    """`x_chosen(x)` when a person clicks near a step, or moves along them with ← and →. On hover
    it says the value there."""

    x_chosen = Signal(float)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._xs: Floats = np.empty(0)
        self._ys: Floats = np.empty(0)
        self._cursor: float | None = None
        self._label = self._unit = ""
        self._plot = _plot(name)
        self._past, self._after = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._dot = pg.ScatterPlotItem(size=DOT_PX, pen=None)
        self._words = pg.TextItem(anchor=(0, 0.5))
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._pointed = pg.TextItem(anchor=(0.5, 0))
        self._lay_out()
        self._restyle()
        self._draw()
        themes().changed.connect(self._restyle)

    def show_steps(
        self,
        xs: Sequence[float] | Floats,
        ys: Sequence[float] | Floats,
        *,
        cursor: float | None = None,
        label: str = "",
        unit: str = "",
        over: str = "",
    ) -> None:
        """The value is ys[i] from xs[i] on; `label` stands beside the dot at `cursor`, `unit` at
        the left axis, and `over` is what the xs count."""
        self._xs, self._ys = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
        self._cursor, self._label, self._unit = cursor, label, unit
        size = {"font-size": f"{themes().current.small_px}px"}
        self._plot.getAxis("left").setLabel(unit, **size)
        self._plot.getAxis("bottom").setLabel(over, **size)
        self._point(None)
        self._draw()

    def move_cursor(self, cursor: float) -> None:
        """Put the dot elsewhere."""
        self._cursor = cursor
        self._draw()

    def words_at(self, x: float) -> str:
        """What it says there on hover; nothing before the first step."""
        at = self._step_at(x)
        if at < 0:
            return ""
        value = f"{self._ys[at]:,.12g} {self._unit}".strip()
        return said("{value} since {xs:,.0f}", value=value, xs=self._xs[at])

    def clear(self) -> None:
        """Show nothing."""
        self.show_steps([], [])

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, _OWN_KEYS):
            return True  # these keys move in here, whatever they do in the window
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._xs.size:
            super().keyPressEvent(event)
            return
        at = min(max(self._at_cursor() + step, 0), len(self._xs) - 1)
        self.x_chosen.emit(float(self._xs[at]))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._plot)
        self.setFixedHeight(HEIGHT_PX)
        for item in (self._after, self._past, self._dot, self._words):
            self._plot.addItem(item)
        for item in (self._pointer, self._pointed):
            self._plot.addItem(item, ignoreBounds=True)
            item.hide()
        self._plot.scene().sigMouseClicked.connect(self._choose)
        self._plot.scene().sigMouseMoved.connect(self._hover)

    def _at_cursor(self) -> int:
        """The step the cursor is on."""
        return len(self._xs) - 1 if self._cursor is None else self._step_at(self._cursor)

    def _step_at(self, x: float) -> int:
        return int(np.searchsorted(self._xs, x, side="right")) - 1

    def _draw(self) -> None:
        is_empty = not self._xs.size
        for item in (self._past, self._after, self._dot, self._words):
            item.setVisible(not is_empty)
        if is_empty:
            self._plot.setXRange(0, 1, padding=0)
            self._plot.setYRange(0, 1, padding=0)
            return
        end = float(self._xs[-1]) if self._cursor is None else self._cursor
        at = self._at_cursor()
        last = max(float(self._xs[-1]), end)
        self._after.setData(*_steps(*_thinned(*_from(self._xs, self._ys, at, end)), last))
        if at >= 0:
            past = _thinned(self._xs[: at + 1], self._ys[: at + 1])
            self._past.setData(*_steps(*past, end))
            self._place_dot(end, float(self._ys[at]), is_last=end >= last)
        for item in (self._past, self._dot, self._words):
            item.setVisible(at >= 0)  # before the first step there is no value yet
        self.setAccessibleDescription(f"{self._label}: {self.words_at(end)}".strip(": "))
        self._frame(last)

    def _place_dot(self, x: float, y: float, *, is_last: bool) -> None:
        self._dot.setData([x], [y])
        self._words.setText(f"{y:,.12g}")
        self._words.setAnchor(_BESIDE if is_last else _ABOVE)
        self._words.setPos(x, y)

    def _frame(self, last: float) -> None:
        first = float(self._xs[0])
        width = max(last - first, 1e-9)
        low, high = float(self._ys.min()), float(self._ys.max())
        height = (high - low) or abs(high) or 1.0
        self._plot.setXRange(first, last + width * ROOM, padding=0.02)
        self._plot.setYRange(low - height * 0.35, high + height * 0.35, padding=0)

    @Slot(object)
    def _choose(self, click: Any) -> None:
        if self._xs.size and click.button() == Qt.MouseButton.LeftButton:
            x = self._plot.plotItem.vb.mapSceneToView(click.scenePos()).x()
            at = max(int(np.searchsorted(self._xs, x, side="right")) - 1, 0)
            self.x_chosen.emit(float(self._xs[at]))

    @Slot(object)
    def _hover(self, point: Any) -> None:
        box = self._plot.plotItem.vb
        is_inside = self._xs.size and box.sceneBoundingRect().contains(point)
        self._point(box.mapSceneToView(point).x() if is_inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def _point(self, x: float | None) -> None:
        """Say the value at a place, or nothing."""
        words = "" if x is None else self.words_at(x)
        for item in (self._pointer, self._pointed):
            item.setVisible(bool(words))
        if words and x is not None:
            (first, last), (_, high) = self._plot.plotItem.vb.viewRange()
            share = (x - first) / max(last - first, 1e-9)
            self._pointed.setText(words)
            self._pointed.setAnchor((min(max(share, 0.0), 1.0), 0.0))
            self._pointed.setPos(x, high)
            self._pointer.setPos(x)

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        self._plot.setBackground(None)
        self._past.setPen(pg.mkPen(theme["accent"], width=LINE_PX))
        self._after.setPen(pg.mkPen(theme.later_mark("accent"), width=LINE_PX))
        self._dot.setBrush(pg.mkBrush(theme["accent"]))
        self._pointer.setPen(pg.mkPen(theme["line_strong"], width=1))
        for item in (self._words, self._pointed):
            item.setFont(theme.ui_font(px=theme.small_px))
            item.setColor(theme["text"])
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme["line_strong"])
            axis.setTextPen(theme["text_dim"])
            axis.setTickFont(theme.ui_font(px=theme.small_px))


def _plot(name: str) -> Any:
    """A plot with two axes, without a frame."""
    plot = plain_plot(name)
    plot.setFrameShape(QFrame.Shape.NoFrame)
    plot.setContentsMargins(0, 0, 0, 0)
    for side in ("left", "bottom"):
        plot.getAxis(side).enableAutoSIPrefix(False)
    return plot


def _thinned(xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    """As few steps as can be told apart, the extremes among them."""
    part = len(xs) // (MOST_STEPS // 4)
    if part < 8:
        return xs, ys
    whole = len(xs) // part * part
    parts, starts = ys[:whole].reshape(-1, part), np.arange(0, whole, part)
    kept = [starts, starts + parts.argmin(1), starts + parts.argmax(1), starts + part - 1]
    at = np.unique(np.concatenate([*kept, np.arange(whole, len(xs))]))
    return xs[at], ys[at]


def _steps(xs: Floats, ys: Floats, end: float) -> tuple[Floats, Floats]:
    """Corners of the line: flat until the next x, then straight up or down; flat to `end`."""
    return np.append(np.repeat(xs, 2)[1:], end), np.repeat(ys, 2)


def _from(xs: Floats, ys: Floats, at: int, start: float) -> tuple[Floats, Floats]:
    """The steps from `start`, which lies on step `at`, on; all of them when it lies before."""
    if at < 0:
        return xs, ys
    return np.concatenate([[start], xs[at + 1 :]]), np.concatenate([[ys[at]], ys[at + 1 :]])
