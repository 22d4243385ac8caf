"""The shape of the mouse cursor over each part of the time panel that can be dragged."""

from typing import Final

from PySide6.QtCore import Qt

from gui.widgets.time.frame import Grip

_SIZED: Final[tuple[Grip, ...]] = (
    "window start",
    "window end",
    "range start",
    "range end",
    "anchor",
)
_MOVED: Final[tuple[Grip, ...]] = ("range move", "window move")
SHAPES: Final[dict[Grip, Qt.CursorShape]] = {
    **dict.fromkeys(_SIZED, Qt.CursorShape.SizeHorCursor),
    **dict.fromkeys(_MOVED, Qt.CursorShape.OpenHandCursor),
}
