"""The time panel: a scene that is painted, and that mouse and keys move about in."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look.theme import themes
from gui.widgets.time.frame import LANES_TOP
from gui.widgets.time.navigation import AxisNavigation
from gui.widgets.time.painting import TimePainter
from gui.widgets.time.pointed import Pointed, pointed_at
from gui.widgets.time.pointer import PointerInput
from gui.widgets.time.scene import TimeScene
from gui.words import said

SHOWN_LANES: Final = 8  # in the size that is asked for
LEAST_LANES: Final = 3
FRAMED_FOCUS: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class TimePanel(QWidget):
    """Draws what it is given and tells what a person does; it knows no log. GUI thread.

    `scrubbed(coordinate)` on every move of a drag, then `scrub_finished()`;
    `range_selected(start, end)` from a drag in the ruler; `anchor_dragged(coordinate)`;
    `mark_clicked(value)`; `hovered(point)` and `unhovered()`; `focus_framed(bool)` as the keyboard
    comes and goes, `card_refused()` on Esc;
    `near_wanted(start, end)` when marks could be drawn.

    What the owner says goes to the `scene`: lanes, axis, density, marks, cursors and range.
    """

    near_wanted = Signal(float, float)
    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_selected = Signal(float, float)
    anchor_dragged = Signal(float)
    mark_clicked = Signal(object)
    hovered = Signal(QPointF)
    unhovered = Signal()
    focus_framed = Signal(bool)
    card_refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(said("Time panel"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        scene = self.scene = TimeScene(self)
        self.arcs: tuple[tuple[float, float], ...] = ()
        self._painter = TimePainter(scene)
        self._navigation = AxisNavigation(scene)
        self._pointer = PointerInput(scene, self._navigation, self)
        self.set_lanes, self.set_axis, self.set_density = (
            scene.set_lanes,
            scene.set_axis,
            scene.set_density,
        )
        self.set_counted = scene.set_counted
        self.set_marks, self.set_anchor, self.set_range = (
            scene.set_marks,
            scene.set_anchor,
            scene.set_range,
        )
        self.set_indexed_until, self.set_flags = scene.set_indexed_until, scene.set_flags
        self.set_breaches = scene.set_breaches
        self.set_empty_text, self.set_gap_share = scene.set_empty_text, scene.set_gap_share
        self.viewport, self.cursor_coordinate = scene.viewport, scene.cursor_coordinate
        self.show_range, self.frame_all = scene.show_range, scene.frame_all
        self.zoom_in, self.zoom_out = self._navigation.zoom_in, self._navigation.zoom_out
        self.pan_left, self.pan_right = self._navigation.pan_left, self._navigation.pan_right
        self.frame_selection = self._navigation.frame_selection
        self._connect()

    def set_forks(self, coordinates: tuple[float, ...], *, is_branch: bool) -> None:
        """Mark these forks; in a branch, what follows its fork is its own line."""
        self.scene.forks, self.scene.is_branch = coordinates, is_branch
        self.update()

    def set_known(self, coordinate: float | None) -> None:
        """The moment up to which events were known, on an axis of time; None: all of them."""
        self.scene.known = coordinate
        self.update()

    def _connect(self) -> None:
        pointer, scene = self._pointer, self.scene
        scene.near_wanted.connect(self.near_wanted)
        pointer.scrubbed.connect(self.scrubbed)
        pointer.scrub_finished.connect(self.scrub_finished)
        pointer.range_selected.connect(self.range_selected)
        pointer.anchor_dragged.connect(self.anchor_dragged)
        pointer.mark_clicked.connect(self.mark_clicked)
        pointer.hovered.connect(self.hovered)
        pointer.unhovered.connect(self.unhovered)

    @property
    def is_scrubbing(self) -> bool:
        """Whether the playhead is being dragged."""
        return self._pointer.is_scrubbing

    def set_cursor(self, coordinate: float | None) -> None:
        """Move the playhead, unless it is being dragged."""
        if not self.is_scrubbing:
            self.scene.move_cursor(coordinate)

    def set_arcs(self, arcs: tuple[tuple[float, float], ...]) -> None:
        """From one coordinate to another, over the lanes."""
        self.arcs = arcs
        self.update()

    @Slot()
    def reveal_cursor(self) -> None:
        """Pan so that the playhead is in sight, unless something is being dragged."""
        if not self._pointer.is_busy:
            self.scene.reveal_cursor()

    def tip_at(self, point: QPointF) -> str:
        """What is told of the place under a pixel; empty where there is nothing to tell."""
        return self._pointer.tip_at(point)

    def pointed_at(self, point: QPointF) -> Pointed:
        """What is drawn at a point."""
        return pointed_at(self.scene, point)

    def describe_pointed(self, words: str) -> None:
        """What a screen reader is told of the mark at the playhead; empty: where the cursors
        are, alone."""
        self.scene.describe(words)

    # Sizes.

    def sizeHint(self) -> QSize:
        lanes = min(self.scene.lane_count(), SHOWN_LANES)
        return QSize(800, LANES_TOP + themes().current.row_px * lanes + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, LANES_TOP + LEAST_LANES * themes().current.row_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scene.resize()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.scene.restyle()
        super().changeEvent(event)

    # What Qt tells goes to whom it concerns.

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter)
        self._painter.paint_arcs(painter, self.arcs)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.scene.frame_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer.leave()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.turn(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = None if _has_modifier(event) else self._acts().get(event.key())
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus is framed when it came by keys; a click has its own sign, the playhead."""
        self.scene.show_focus(event.reason() in FRAMED_FOCUS)
        self.focus_framed.emit(event.reason() in FRAMED_FOCUS)

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self.scene.show_focus(False)
        self.focus_framed.emit(False)

    def event(self, event: QEvent) -> bool:
        """Tell a lane's whole name, as it may be cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _acts(self) -> dict[int, Callable[[], None]]:
        """What keys do here."""
        page, scene = self.scene.frame().whole_lanes, self.scene
        return {
            Qt.Key.Key_Escape: self.card_refused.emit,
            Qt.Key.Key_W: self.zoom_in,
            Qt.Key.Key_S: self.zoom_out,
            Qt.Key.Key_A: self.pan_left,
            Qt.Key.Key_D: self.pan_right,
            Qt.Key.Key_F: self.frame_selection,
            Qt.Key.Key_Up: lambda: scene.scroll_by(-1),
            Qt.Key.Key_Down: lambda: scene.scroll_by(1),
            Qt.Key.Key_PageUp: lambda: scene.scroll_by(-page),
            Qt.Key.Key_PageDown: lambda: scene.scroll_by(page),
        }


def _has_modifier(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
