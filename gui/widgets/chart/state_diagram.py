"""States as boxes, moves as arrows between them, the current state filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from gui.widgets.elision import elided
from gui.widgets.tips import set_tip
from gui.words import said
from store.visible_text import visible

if TYPE_CHECKING:
    pass

BOX_PX: Final = 26  # height
PADDING_PX: Final = 10
ROW_PX: Final = 46  # from box to box
MARGIN_PX: Final = 8
ARROW_PX: Final = 5
SIDE_PX: Final = 12  # between the lanes of moves that skip states
WORDS_PX: Final = 40  # left and right of the words beside a straight arrow
WIDEST_PX: Final = 260  # of a box, for the sake of such words
APART_PX: Final = 13  # between arrows that leave a state at its side


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From one state to another, by all these events."""

    here: str
    there: str
    by: str


class StateDiagram(QWidget):
    """States stand below one another in the order in which they are come to."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._states: tuple[str, ...] = ()
        self._moves: tuple[Move, ...] = ()
        self._current = ""
        themes().changed.connect(self._restyle)

    def show_states(
        self, states: Sequence[str], moves: Sequence[tuple[str, str, str]], *, current: str
    ) -> None:
        """`moves` are (from, event or command, to)."""
        self._states = _in_order(states, moves)
        self._moves = _merged(moves)
        self._current = current
        told = [said("{a} → {b} by {by}", a=a, b=b, by=by) for a, by, b in moves]
        self.setAccessibleDescription(
            said("in state {current}. {told}", current=current, told="; ".join(told))
        )
        set_tip(self, "\n".join(told))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, max(len(self._states) * ROW_PX - (ROW_PX - BOX_PX), 0) + 2 * MARGIN_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = themes().current
        boxes = self._boxes()
        left: dict[str, int] = {}  # how many arrows leave a state at its side
        skips = [it for it in self._moves if it.here != it.there and not self._is_next(it)]
        for number, move in enumerate(skips):
            out = left[move.here] = left.get(move.here, -1) + 1
            several = sum(it.here == move.here for it in skips)
            self._paint_skip(painter, boxes, move, number, (out - (several - 1) / 2) * APART_PX)
        for move in filter(self._is_next, self._moves):
            self._paint_next(painter, boxes, move)
        for state, box in boxes.items():
            is_current = state == self._current
            painter.setPen(QPen(theme["accent" if is_current else "line_strong"], 1))
            painter.setBrush(theme["accent" if is_current else "panel"])
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(theme["on_accent" if is_current else "text"])
            painter.setFont(theme.ui_font())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, visible(state))
        painter.end()

    def _boxes(self) -> dict[str, QRectF]:
        metrics = QFontMetricsF(themes().current.ui_font())
        width = max((metrics.horizontalAdvance(it) for it in self._states), default=0)
        width += 2 * PADDING_PX
        small = QFontMetricsF(themes().current.ui_font(px=themes().current.small_px))
        words = [small.horizontalAdvance(it.by) for it in self._moves if self._is_next(it)]
        width = max([width, *(min(it + WORDS_PX, WIDEST_PX) for it in words)])
        return {
            it: QRectF(MARGIN_PX, MARGIN_PX + at * ROW_PX, width, BOX_PX)
            for at, it in enumerate(self._states)
        }

    def _is_next(self, move: Move) -> bool:
        at = self._states.index
        return at(move.there) == at(move.here) + 1

    def _paint_next(self, painter: QPainter, boxes: dict[str, QRectF], move: Move) -> None:
        """Straight down, the words beside it."""
        here, there = boxes[move.here], boxes[move.there]
        painter.setPen(QPen(themes().current["text_faint"], 1))
        x = here.left() + 24
        painter.drawLine(QPointF(x, here.bottom()), QPointF(x, there.top()))
        _head(painter, QPointF(x, there.top()), QPointF(0, 1))
        y = (here.bottom() + there.top()) / 2
        self._paint_words(painter, move.by, x + 8, y, right=here.right())

    def _paint_skip(
        self, painter: QPainter, boxes: dict[str, QRectF], move: Move, number: int, down: float
    ) -> None:
        """Round the side in a lane of its own; `down` is how far from the middle it leaves."""
        here, there = boxes[move.here], boxes[move.there]
        painter.setPen(QPen(themes().current["text_faint"], 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x = here.right() + SIDE_PX * (number + 1)
        y, end = here.center().y() + down, there.center().y() + 3 - 2 * number
        path = QPainterPath(QPointF(here.right(), y))
        for corner in (QPointF(x, y), QPointF(x, end), QPointF(there.right() + ARROW_PX, end)):
            path.lineTo(corner)
        painter.drawPath(path)
        _head(painter, QPointF(there.right(), end), QPointF(-1, 0))
        lanes = here.right() + SIDE_PX * (len(self._moves) - 1)
        words = f"{move.by} → {move.there}"
        self._paint_words(painter, words, lanes, y, right=self.width())

    def _paint_words(
        self, painter: QPainter, words: str, x: float, y: float, *, right: float
    ) -> None:
        theme = themes().current
        painter.setFont(theme.ui_font(px=theme.small_px))
        painter.setPen(theme["text_dim"])
        room = QRectF(x, y - 9, right - x, 18)
        text = elided(visible(words), QFontMetricsF(painter.font()), max(room.width(), 0))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def _in_order(states: Sequence[str], moves: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """By how many moves it takes to come there; as given where that is the same."""
    import networkx as nx  # late: it takes a tenth of a second

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(states)
    graph.add_edges_from((here, there) for here, _, there in moves)
    far = nx.single_source_shortest_path_length(graph, states[0]) if states else {}
    is_listed_in_order = all(graph.has_edge(a, b) for a, b in pairwise(states))
    if is_listed_in_order:
        return tuple(states)
    return tuple(sorted(states, key=lambda it: far.get(it, len(states))))


def _merged(moves: Sequence[tuple[str, str, str]]) -> tuple[Move, ...]:
    """One arrow between two states, whatever leads along it."""
    by: dict[tuple[str, str], list[str]] = {}
    for here, event, there in moves:
        by.setdefault((here, there), []).append(event)
    return tuple(Move(here=a, there=b, by=", ".join(it)) for (a, b), it in by.items())


def _head(painter: QPainter, tip: QPointF, along: QPointF) -> None:
    across = QPointF(-along.y(), along.x())
    back = tip - along * ARROW_PX * 1.4
    painter.setBrush(themes().current["text_faint"])
    painter.drawPolygon(
        QPolygonF([tip, back + across * ARROW_PX * 0.7, back - across * ARROW_PX * 0.7])
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
