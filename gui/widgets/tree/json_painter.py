"""How a row of a JSON tree looks: name, value, old → new, and a faint note at the right.

Where room is short the note goes first, then the old value; the new value is what one looks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.look.theme import themes
from gui.look.tokens import Theme
from gui.widgets.grid.laid_text import Glyphs, cut_text, glyphs_of, laid_text, width_of
from gui.widgets.tree.json_nodes import Mark, Node
from gui.widgets.tree.json_words import short_text
from gui.words import said

ARROW_PX: Final = 12
PADDING_PX: Final = 12
GAP_PX: Final = 6
TINT: Final = 0.12  # of an added or removed row
HIT: Final = 0.28
BAR_PX: Final = 3
NOTE_GAP_PX: Final = 2 * GAP_PX
LEAST_NOTE_PX: Final = 48
LEAST_OLD_PX: Final = 24
_DOWN: Final = ((0.0, -1.5), (5.0, -1.5), (2.5, 2.5))
_RIGHT: Final = ((0.5, -3.0), (4.5, 0.0), (0.5, 3.0))
_TINTS: Final = {"added": "added", "removed": "removed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one row stands in its tree."""

    label: str
    left: int
    is_open: bool
    is_current: bool
    has_focus: bool
    is_touched: bool  # something below it is marked
    needle: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one colour; old values are struck through."""

    text: str
    color: str
    is_struck: bool = False


def paint_row(painter: QPainter, box: QRect, node: Node, look: Look) -> None:
    """Draw one row, all of it."""
    theme = themes().current
    _paint_ground(painter, box, node, look, theme)
    if node.size:
        _paint_arrow(painter, look.left, box, look.is_open, theme["text_dim"])
    left = look.left + (ARROW_PX if node.size else 0)
    room = QRectF(left, box.top(), box.right() - PADDING_PX + 1 - left, box.height())
    runs = _runs(node, look)
    end = _paint_runs(painter, room, runs, look, theme)
    _paint_note(painter, room, end + NOTE_GAP_PX, node.note, theme)


def _paint_ground(painter: QPainter, box: QRect, node: Node, look: Look, theme: Theme) -> None:
    kind = _kind(node)
    if look.is_current:
        painter.fillRect(box, theme["selection"])
    elif kind in ("changed", "moved"):
        painter.fillRect(box, theme["changed"])
    elif kind:
        painter.fillRect(box, _faint(theme[_TINTS[kind]], TINT))
    if look.is_current and kind:
        painter.fillRect(
            box.left(), box.top(), BAR_PX, box.height(), theme[_TINTS.get(kind, "warn")]
        )
    if look.is_current and look.has_focus:
        painter.setPen(QPen(theme["accent"], 1))
        painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))


def _kind(node: Node) -> str:
    """What happened to the row, or to the nearest one above that came or went whole."""
    if node.mark is not None:
        return node.mark.kind
    above = node.parent
    while above is not None:
        if above.mark is not None and above.mark.kind in _TINTS:
            return above.mark.kind
        above = above.parent
    return ""


def _paint_arrow(painter: QPainter, left: int, box: QRect, is_open: bool, color: QColor) -> None:
    x, y = left + 3.0, box.top() + box.height() / 2
    points = (
        [(0.0, -1.5), (5.0, -1.5), (2.5, 2.5)] if is_open else [(0.5, -3.0), (4.5, 0), (0.5, 3.0)]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def cut_words(box: QRect, node: Node, look: Look) -> str:
    """All that a row says, if some of it has no room; else nothing."""
    theme = themes().current
    runs, glyphs = _runs(node, look), glyphs_of(theme.mono_font())
    words = sum(width_of(it.text, glyphs) + GAP_PX for it in runs) - GAP_PX
    if node.note:
        small = glyphs_of(theme.ui_font(px=theme.small_px))
        words += NOTE_GAP_PX + width_of(node.note, small)
    left = look.left + (ARROW_PX if node.size else 0)
    if words <= box.right() - PADDING_PX + 1 - left:
        return ""
    said = " ".join(it.text for it in runs)
    return f"{said}\n{node.note}" if node.note else said


def _paint_note(painter: QPainter, room: QRectF, left: float, note: str, theme: Theme) -> None:
    """Draw the note at the right end of what the words have left of the room."""
    glyphs = glyphs_of(theme.ui_font(px=theme.small_px))
    width = min(width_of(note, glyphs), room.right() - left)
    if not note or width < min(LEAST_NOTE_PX, width_of(note, glyphs)):
        return
    cut = cut_text(note, width + 0.5, glyphs)
    painter.setFont(glyphs.font)
    painter.setPen(theme["text_dim"])
    _draw(painter, room.right() - width_of(cut, glyphs), room.top(), room.height(), cut, glyphs)


def _draw(
    painter: QPainter, left: float, top: float, height: float, text: str, glyphs: Glyphs
) -> None:
    down = round((height - glyphs.height) / 2)
    painter.drawStaticText(round(left), round(top) + down, laid_text(text, glyphs))


def _runs(node: Node, look: Look) -> Sequence[Run]:
    """The words of a row from left to right."""
    name = Run(look.label, "text_dim")
    is_container = isinstance(node.value, dict | list)
    if is_container and look.is_open and node.mark is None:
        return (name,)
    kind = _kind(node)
    value = Run(short_text(node.value), _value_color(node, kind), kind == "removed")
    if node.mark is None:
        dots = (Run("•", "warn"),) if look.is_touched and not look.is_open else ()
        return (name, value, *dots)
    return (name, *_told(node.mark, value))


def _told(mark: Mark, value: Run) -> Sequence[Run]:
    if mark.kind == "moved":
        return (value, Run(said("moved from {before}", before=short_text(mark.before)), "text_dim"))
    if mark.kind != "changed" or mark.before is None:
        return (value,)
    return (
        Run(short_text(mark.before), "removed", True),
        Run("→", "text_dim"),
        Run(value.text, "added"),
    )


def _value_color(node: Node, kind: str) -> str:
    if kind in _TINTS:
        return _TINTS[kind]
    is_quiet = node.value is None or isinstance(node.value, dict | list)
    return "text_dim" if is_quiet else "text"


def _paint_runs(
    painter: QPainter, room: QRectF, runs: Sequence[Run], look: Look, theme: Theme
) -> float:
    """Draw the words and give back where they end."""
    glyphs = glyphs_of(theme.mono_font())
    left, most = room.left(), room.right()
    painter.setFont(glyphs.font)
    for run, width in zip(runs, _widths(runs, room.width(), glyphs), strict=True):
        text = run.text
        if width < width_of(text, glyphs):
            text = cut_text(text, width, glyphs)
            width = width_of(text, glyphs)
        if look.needle:
            place = QRectF(left, room.top(), width + 1, room.height())
            _paint_hit(painter, place, text, glyphs, look, theme)
        painter.setPen(theme[run.color])
        _draw(painter, left, room.top(), room.height(), text, glyphs)
        if run.is_struck:  # drawn here: the font's own line stops where another font steps in
            middle = round(room.center().y()) + 0.5
            painter.drawLine(QPointF(left, middle), QPointF(left + width, middle))
        left += width + GAP_PX
        if left >= most:
            break
    return left - GAP_PX


def _widths(runs: Sequence[Run], room: float, glyphs: Glyphs) -> list[float]:
    """What each run gets: an old value gives way to the new one behind it, then the last one to
    those before it."""
    widths = [width_of(it.text, glyphs) for it in runs]
    over = sum(widths) + GAP_PX * (len(widths) - 1) - room
    if over > 0 and len(runs) > 1 and any(it.is_struck for it in runs[:-1]):
        old = next(at for at, it in enumerate(runs) if it.is_struck)
        given = min(over, max(widths[old] - LEAST_OLD_PX, 0.0))
        widths[old] -= given
    left = 0.0
    for at, width in enumerate(widths):
        widths[at] = max(min(width, room - left), 0.0)
        left += widths[at] + GAP_PX
    return widths


def _paint_hit(
    painter: QPainter, place: QRectF, text: str, glyphs: Glyphs, look: Look, theme: Theme
) -> None:
    at = text.casefold().find(look.needle)
    if at < 0:
        return
    left = place.left() + width_of(text[:at], glyphs)
    width = width_of(text[at : at + len(look.needle)], glyphs)
    box = QRectF(left - 1, place.top() + 3, width + 2, place.height() - 6)
    painter.fillRect(box, _faint(theme["accent"], HIT))
    if look.is_hit:
        painter.setPen(QPen(theme["accent"], 1))
        painter.drawRect(box)


def _faint(color: QColor, part: float) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(part)
    return faint
