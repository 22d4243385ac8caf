"""Painting the time panel: the background, the lanes, then the cursors over them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.look.theme import themes
from gui.widgets.time import cursors as cursors
from gui.widgets.time.arcs import draw_arcs
from gui.widgets.time.fork_shapes import draw_branch_line, draw_forks
from gui.widgets.time.frame import Frame
from gui.widgets.time.scene import TimeScene
from gui.widgets.time.ticks import moment_text


class TimePainter:
    """Paints a scene as it is now."""

    def __init__(self, scene: TimeScene) -> None:
        self._scene = scene

    def paint(self, painter: QPainter) -> None:
        """All of it; what need not be painted is clipped by Qt."""
        theme, scene, frame = themes().current, self._scene, self._scene.frame()
        painter.drawPixmap(0, 0, self._background(frame))
        if scene.picture.lanes:
            self._paint_lanes(painter, frame)
            self._paint_cursors(painter, frame)
        else:
            painter.setPen(theme["text_dim"])
            painter.drawText(frame.plot, Qt.AlignmentFlag.AlignCenter, scene.empty_text)
        if scene.shows_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme["accent"])
            whole = QRectF(0, 0, frame.width, frame.height)
            painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))

    def paint_arcs(self, painter: QPainter, arcs: Sequence[tuple[float, float]]) -> None:
        """Between coordinates, over all that is painted."""
        if arcs and self._scene.picture.lanes:
            ends = [(self._scene.x_of(start), self._scene.x_of(end)) for start, end in arcs]
            draw_arcs(painter, self._scene.frame(), ends, themes().current)

    def _paint_lanes(self, painter: QPainter, frame: Frame) -> None:
        scene, theme = self._scene, themes().current
        ends = scene.shaded()
        if ends is not None:
            xs = (scene.x_of(ends[0]), scene.x_of(ends[1]))
            cursors.draw_shade(painter, frame, xs, theme, is_range=scene.range is not None)
        split = None if scene.cursor is None else round(scene.x_of(scene.cursor)) + 1.0
        scene.picture.draw(painter, frame.plot, scene.axis_view, scene.rows(), theme, split=split)
        if scene.picture.ease() and not scene.easing.isActive():
            scene.begin_easing()

    def _paint_cursors(self, painter: QPainter, frame: Frame) -> None:
        scene, theme, room = self._scene, themes().current, frame.plot.width()
        whole = scene.axis_view.whole
        if scene.flags:
            for at in {round(whole.x_of(it)) for it in scene.flags}:
                cursors.draw_in_overview(painter, frame, at, theme["warn"])
            for start, end in scene.flagged:
                ends = (scene.x_of(start), scene.x_of(end))
                cursors.draw_flagged(painter, frame, ends, theme)
            cursors.draw_flags(painter, frame, [scene.x_of(it) for it in scene.flags], theme)
        if scene.breaches:
            for at in {round(whole.x_of(it)) for it in scene.breaches}:
                cursors.draw_in_overview(painter, frame, at, theme["error"])
            cursors.draw_breaches(painter, frame, [scene.x_of(it) for it in scene.breaches], theme)
        if scene.forks:
            if scene.is_branch:
                ends = (whole.x_of(scene.forks[0]), whole.x_of(scene.axis_view.axis.last))
                draw_branch_line(painter, frame, ends, theme)
            draw_forks(painter, frame, [scene.x_of(it) for it in scene.forks], theme)
        if scene.pointer_x is not None:
            scale = scene.axis_view.map.scale
            text = moment_text(scene.at(scene.pointer_x), scene.axis_view.axis.kind, scale=scale)
            cursors.draw_pointer(painter, frame, scene.pointer_x, text, theme)
        if scene.known is not None and scene.axis_view.axis.kind == "time":
            cursors.draw_in_overview(painter, frame, whole.x_of(scene.known), theme["ok"])
            cursors.draw_known(painter, frame, scene.x_of(scene.known), theme)
        for coordinate, draw, color in (
            (scene.anchor, cursors.draw_anchor, theme["text_dim"]),
            (scene.cursor, cursors.draw_cursor, theme["accent"]),
        ):
            if coordinate is not None:
                cursors.draw_in_overview(painter, frame, whole.x_of(coordinate), color)
                if -1 <= (x := scene.x_of(coordinate)) <= room + 1:
                    draw(painter, frame, x, theme)

    def _background(self, frame: Frame) -> QPixmap:
        scene = self._scene
        return scene.background.pixmap(
            frame,
            scene.axis_view,
            scene.picture.lanes,
            first_lane=scene.first_lane,
            indexed_until=scene.indexed_until,
            ratio=scene.rows().ratio,
        )
