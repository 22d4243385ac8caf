"""The card over the time panel: of what the mouse points at, or of the event at the playhead while
the panel has the keyboard."""

from PySide6.QtCore import QObject, QPointF, QRect, Slot

from gui.selection import Selection
from gui.viewmodels.flags import FlagsViewModel
from gui.viewmodels.forks import ForksViewModel
from gui.viewmodels.time_hover import TimeHoverViewModel
from gui.widgets.hover_card import HoverCard
from gui.widgets.time.panel import TimePanel

REACH_PX = 8  # around a mark that the card keeps free


class TimeCard(QObject):
    """Lives as long as the panel. The mouse goes before the keyboard; Esc puts the card away until
    the panel gets the keyboard again."""

    def __init__(
        self,
        panel: TimePanel,
        hover: TimeHoverViewModel,
        *,
        flags: FlagsViewModel,
        forks: ForksViewModel,
        selection: Selection,
    ) -> None:
        super().__init__(panel)
        self._panel, self._hover, self._flags = panel, hover, flags
        self._selection, self._forks = selection, forks
        self.card = HoverCard(panel)
        self._beside = QRect()
        self._is_mouse = False  # over something that has a card
        self._has_keyboard = False
        panel.hovered.connect(self._point)
        panel.unhovered.connect(self._leave)
        panel.focus_framed.connect(self._take_keyboard)
        panel.card_refused.connect(self._put_away)
        hover.told.connect(self._show)
        selection.as_of_changed.connect(self._follow)
        selection.axis_changed.connect(self._leave)

    @Slot(QPointF)
    def _point(self, point: QPointF) -> None:
        it, panel = self._panel.pointed_at(point), self._panel
        self._is_mouse = True
        lane_px, y = panel.scene.frame().lane_px, round(point.y())
        if it.flag is not None:
            placed = [one.bookmark for one in self._flags.placed if one.start == it.flag]
            self._place(round(point.x()), y)
            self._hover.point_mark(placed)
        elif it.fork is not None:
            self._place(round(point.x()), y)
            self._hover.point_words(self._forks.lines_at(it.fork))
        elif it.mark is not None:
            self._place(round(it.mark_x), y)
            self._hover.point_event(it.mark)
        elif it.bar is not None:
            self._place(round(point.x()), y, reach=lane_px)
            self._hover.point_span(*it.bar)
        else:
            self._leave()

    @Slot()
    def _leave(self) -> None:
        self._is_mouse = False
        if self._has_keyboard:
            self._follow()
        else:
            self._hover.leave()

    @Slot(bool)
    def _take_keyboard(self, has_keyboard: bool) -> None:
        self._has_keyboard = has_keyboard
        if not self._is_mouse:
            self._leave()

    @Slot()
    def _put_away(self) -> None:
        self._has_keyboard = False
        self._leave()

    @Slot()
    def _follow(self) -> None:
        """To the event at the playhead."""
        position, cursor = self._selection.as_of, self._panel.cursor_coordinate()
        if not self._has_keyboard or self._is_mouse or not position:
            return
        scene = self._panel.scene
        x = scene.frame().name_px + (0.0 if cursor is None else scene.x_of(cursor))
        self._place(round(min(max(x, 0.0), self._panel.width())), self._panel.height() // 2)
        self._hover.point_event(position)

    def _place(self, x: int, y: int, *, reach: int = REACH_PX) -> None:
        beside = QRect(x - reach, y - reach, 2 * reach, 2 * reach)
        if beside != self._beside:
            self._beside = beside
            if self._hover.lines and not self.card.isHidden():
                self.card.show_lines(self._hover.lines, beside)

    @Slot()
    def _show(self) -> None:
        self.card.show_lines(self._hover.lines, self._beside)
        self._panel.describe_pointed(self._hover.words if self._has_keyboard else "")
