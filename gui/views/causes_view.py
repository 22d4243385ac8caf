"""Causes: the conversation of the event under the cursor, drawn from the first cause down."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.offers.spots import Spot
from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.causes import CausesViewModel, Message
from gui.viewmodels.things import EventThing, Thing
from gui.widgets.chart.cause_graph import Box, CauseGraph
from gui.widgets.words import Words
from gui.words import counted, said

LOOKING: Final = said("Searching for causes and effects…")
KEYS: Final = said("[ goes to the cause, ] to the effect. A dashed box is a command.")
NONE_YET: Final = said("The causes and effects of the event at the cursor are drawn here.")
NOTHING: Final = said("No other event or command is related to this event.")
SIGHT_PX: Final = 40  # around the box that was come to


class CausesView(QWidget):
    """A click on a box, or Enter, goes to its event. Asks for nothing while it is hidden."""

    def __init__(self, causes: CausesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Causes"))
        self._causes, self._selection = causes, selection
        self.words = Words("faint")
        self.graph = CauseGraph(said("Causes and effects"))
        self._sight = QScrollArea()
        self._lay_out()
        causes.changed.connect(self._show)
        self.graph.box_chosen.connect(self._go)
        self.graph.box_reached.connect(self._bring_into_sight)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._causes.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._causes.want(False)

    def spots(self) -> list[Spot]:
        """The boxes."""
        return [Spot(widget=self.graph, find=self._things, place=self._place)]

    def _things(self, at: QPoint | None) -> list[Thing]:
        box = self.graph.reached if at is None else self.graph.box_at(QPointF(at))
        position = self._causes.position_of(box)
        return [] if position is None else [EventThing(position=position)]

    def _place(self) -> QPoint:
        return self.graph.rect_of(self.graph.reached).bottomLeft().toPoint()

    def _lay_out(self) -> None:
        self._sight.setWidgetResizable(True)
        self._sight.setFrameShape(QFrame.Shape.NoFrame)
        self._sight.setWidget(self.graph)
        self._sight.setAccessibleName(said("Causes and effects, scrolled"))
        self._sight.setProperty("role", "panel")
        self.graph.setProperty("role", "panel")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.addWidget(self.words)
        rows.addWidget(self._sight, 1)

    @Slot()
    def _show(self) -> None:
        causes = self._causes.causes
        if causes is None or self._causes.is_looking:
            self.words.say(LOOKING if self._causes.is_looking else NONE_YET)
            return
        self.words.say(_words(len(causes.messages), causes.left_out))
        boxes = [_box(it) for it in causes.messages]
        self.graph.show_boxes(boxes, causes.links, causes.places, here=self._causes.here)

    @Slot(str)
    def _go(self, message_id: str) -> None:
        position = self._causes.position_of(message_id)
        if position is not None:
            self._selection.seek(position)

    @Slot(QRectF)
    def _bring_into_sight(self, box: QRectF) -> None:
        middle = box.center().toPoint()
        self._sight.ensureVisible(
            middle.x(), middle.y(), SIGHT_PX + round(box.width() / 2), SIGHT_PX
        )


def _words(count: int, left_out: int) -> str:
    if count <= 1:
        return NOTHING
    more = said(" {left_out:,} more are not drawn.", left_out=left_out) if left_out else ""
    return said(
        "{count}.{more} {keys}",
        count=counted("{count:,} message", "{count:,} messages", count),
        more=more,
        keys=KEYS,
    )


def _box(it: Message) -> Box:
    sign = "?" if it.is_command else ""
    where = f"{it.position:,} · {it.stream}" if it.position and not it.is_command else it.stream
    return Box(id=it.id, title=f"{it.name}{sign}", subtitle=where, is_soft=it.is_command)


PANEL: Final = TabPanel(
    id="causes",
    title=said("Causes"),
    parent="inspector",
    order=1,
    make=lambda it: CausesView(it.causes, it.selection),
)
