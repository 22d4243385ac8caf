"""A time panel with known events, and hands for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.time.axis import AxisKind
from gui.widgets.time.frame import LANES_TOP
from gui.widgets.time.lanes import Counts, Lane, Marks
from gui.widgets.time.panel import TimePanel

LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
FREE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
DAY_US = 86_400_000_000.0
START_US = 1_772_409_600_000_000.0  # 2026-03-02 00:00 UTC

Coordinates = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Events:
    """Sorted coordinates of each lane."""

    lanes: tuple[Coordinates, ...]

    def density(self, start: float, end: float, buckets: int) -> Counts:
        edges = np.linspace(start, end, buckets + 1)
        return np.diff(np.array([np.searchsorted(lane, edges) for lane in self.lanes]), axis=1)

    def marks(self, start: float, end: float) -> Marks:
        pairs = sorted(
            (float(at), key)
            for key, lane in enumerate(self.lanes)
            for at in lane
            if start <= at <= end
        )
        return Marks(
            start=start,
            end=end,
            lanes=np.array([key for _, key in pairs], dtype=np.int64),
            coordinates=np.array([at for at, _ in pairs], dtype=np.float64),
            values=np.arange(1, len(pairs) + 1, dtype=np.int64),
        )


def evenly(lanes: int, each: int, *, first: float, last: float) -> Events:
    """The same number of evenly spread events in each lane."""
    return Events(tuple(np.round(np.linspace(first, last, each)) for _ in range(lanes)))


def make_panel(
    qtbot: QtBot, events: Events, *, kind: AxisKind = "time", width: int = 1_000, height: int = 250
) -> TimePanel:
    """A shown panel of these events, everything in sight."""
    panel = TimePanel()
    qtbot.addWidget(panel)
    panel.resize(width, height)
    panel.set_lanes(
        [
            Lane(key=key, name=f"Type{key}", color_index=key, total=len(lane))
            for key, lane in enumerate(events.lanes)
        ]
    )
    every = np.concatenate(events.lanes)
    panel.set_axis(kind, float(every.min()), float(every.max()), keep_view=False)
    panel.set_density(events.density)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def left_of(panel: TimePanel) -> float:
    """Where the plot begins."""
    return panel.scene.frame().name_px


def x_of(panel: TimePanel, coordinate: float) -> float:
    """The widget's pixel for a coordinate."""
    return left_of(panel) + panel.scene.axis_view.map.x_of(coordinate)


def coordinate_at(panel: TimePanel, x: float) -> float:
    """The coordinate under the widget's pixel, not rounded."""
    return panel.scene.axis_view.map.at(x - left_of(panel))


def send(
    panel: TimePanel,
    kind: QMouseEvent.Type,
    x: float,
    y: float,
    *,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = FREE,
) -> None:
    """One mouse event at a pixel of the panel."""
    held = NONE if kind == QMouseEvent.Type.MouseButtonRelease else button
    pressed = NONE if kind == QMouseEvent.Type.MouseMove else button
    at = QPointF(x, y)
    event = QMouseEvent(kind, at, QPointF(panel.mapToGlobal(at)), pressed, held, modifiers)
    QApplication.sendEvent(panel, event)


def press(
    panel: TimePanel,
    x: float,
    y: float,
    *,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = FREE,
) -> None:
    """Put a button down."""
    send(panel, QMouseEvent.Type.MouseButtonPress, x, y, button=button, modifiers=modifiers)


def move(
    panel: TimePanel,
    x: float,
    y: float,
    *,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = FREE,
) -> None:
    """Move with (or, for NONE, without) a button down."""
    send(panel, QMouseEvent.Type.MouseMove, x, y, button=button, modifiers=modifiers)


def release(panel: TimePanel, x: float, y: float, *, button: Qt.MouseButton = LEFT) -> None:
    """Let a button go."""
    send(panel, QMouseEvent.Type.MouseButtonRelease, x, y, button=button)


def drag(
    panel: TimePanel,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Press, move half way, move, release."""
    press(panel, *start, button=button)
    move(panel, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2, button=button)
    move(panel, *end, button=button)
    release(panel, *end, button=button)


def wheel(
    panel: TimePanel,
    x: float,
    y: float,
    *,
    up: int = 0,
    left: int = 0,
    modifiers: Qt.KeyboardModifier = FREE,
) -> None:
    """Turn the wheel by notches."""
    at = QPointF(x, y)
    event = QWheelEvent(
        at,
        QPointF(panel.mapToGlobal(at)),
        QPoint(),
        QPoint(left * 120, up * 120),
        NONE,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel, event)


def settle(qtbot: QtBot, panel: TimePanel) -> None:
    """Wait until heights have glided to their scale."""
    panel.grab()
    qtbot.waitUntil(lambda: not panel.scene.easing.isActive())


def pixels(panel: TimePanel) -> QImage:
    """What is on the screen."""
    return panel.grab().toImage()


def color_at(panel: TimePanel, x: float, y: float) -> QColor:
    """The colour on the screen at a pixel."""
    return QColor(pixels(panel).pixelColor(round(x), round(y)))


def row_middle(row: int) -> float:
    """The middle of a lane's row."""
    return LANES_TOP + row * 24 + 12


def key(panel: TimePanel, which: Qt.Key) -> None:
    """Type a key into the panel."""
    QTest.keyClick(panel, which)
