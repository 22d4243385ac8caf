"""Moving along the axis: zoom, pan, and what is framed."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Slot

from gui.widgets.time.scene import TimeScene

KEY_ZOOM: Final = 1.5
PAN_SHARE: Final = 0.1
FASTEST: Final = 6.0  # times the first step, when a key is held
HELD_MS: Final = 180


class AxisNavigation(QObject):
    """For keys, menus and the pointer alike."""

    def __init__(self, scene: TimeScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._pan_speed = 1.0
        self._since_pan = QElapsedTimer()

    @Slot()
    def zoom_in(self) -> None:
        """Closer, around the pointer, else the playhead, else the middle."""
        self.zoom(KEY_ZOOM, self._focus_x())

    @Slot()
    def zoom_out(self) -> None:
        """Wider, around the same."""
        self.zoom(1 / KEY_ZOOM, self._focus_x())

    @Slot()
    def pan_left(self) -> None:
        """Towards earlier; faster while it is repeated."""
        self.pan(-PAN_SHARE * self._faster() * self._scene.axis_view.view.width)

    @Slot()
    def pan_right(self) -> None:
        """Towards later; faster while it is repeated."""
        self.pan(PAN_SHARE * self._faster() * self._scene.axis_view.view.width)

    @Slot()
    def frame_selection(self) -> None:
        """Show the chosen range, or A to the playhead; once more shows everything."""
        ends = self._scene.shaded()
        if ends is not None and ends[0] != ends[1]:
            start, end = min(ends), max(ends)
            before = self._scene.axis_view.view
            margin = (end - start) * 0.05
            self._scene.axis_view.show(start - margin, end + margin)
            if self._scene.axis_view.view != before:
                self._scene.show_other_part()
                return
        self._scene.frame_all()

    def _focus_x(self) -> float:
        width = self._scene.axis_view.view.width
        if self._scene.pointer_x is not None:
            return self._scene.pointer_x
        if self._scene.cursor is not None and 0 <= self._scene.x_of(self._scene.cursor) <= width:
            return self._scene.x_of(self._scene.cursor)
        return width / 2

    def zoom(self, factor: float, x: float) -> None:
        """Closer or wider, with what is under a pixel of the plot kept there."""
        self._scene.axis_view.zoom(factor, x)
        self._scene.show_other_part()

    def pan(self, pixels: float) -> None:
        """Towards later, or below 0 earlier."""
        self._scene.axis_view.pan(pixels)
        self._scene.show_other_part()

    def _faster(self) -> float:
        """Each repetition is a little faster, until the key is let go."""
        is_held = self._since_pan.isValid() and self._since_pan.elapsed() < HELD_MS
        self._pan_speed = min(self._pan_speed * 1.15, FASTEST) if is_held else 1.0
        self._since_pan.start()
        return self._pan_speed
