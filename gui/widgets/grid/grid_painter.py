"""Paints the rows of a grid column by column, straight from ready texts.

A delegate would be called for every cell; here fonts and pens change once a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.look.tokens import Theme
from gui.widgets.grid.laid_text import Glyphs, cut_text, glyphs_of, laid_text, width_of
from gui.widgets.time.mark_shapes import MARK_PX, mark_pixmap

PADDING_PX: Final = 8
SWATCH_PX: Final = 17
PLACEHOLDER_PX: Final = 6
WARNING_PX: Final = 5
WIDEST: Final = 0.62  # of a font's size: texts that could be wider than their room are measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How a column looks."""

    title: str
    width: int  # at first; and where columns fit what they hold, enough when room is short
    id: str = ""  # names it in a kept layout; its title where it has none
    is_removable: bool = False  # a person added it
    is_mono: bool = False  # names, numbers, times
    is_right: bool = False
    is_dim: bool = False
    has_swatch: bool = False  # the row's colour and shape in front of the text
    is_flexible: bool = False  # takes the room that is left, until a person sizes it
    most: int = 0  # worth having where there is room, and columns do not fit what they hold
    widest: str = ""  # a text that it must have room for, whatever is in sight
    tight: int | None = None  # enough where the essential columns would not be in sight otherwise
    leads: bool = False  # rows are told by it: it is whole before the flexible one has its width

    @property
    def name(self) -> str:
        """What a kept layout calls it."""
        return self.id or self.title


class RowCells(Protocol):
    """A row that is ready to be painted."""

    @property
    def texts(self) -> tuple[str, ...]:
        """A text a column."""

    @property
    def color_index(self) -> int:
        """Of the row's swatch."""

    @property
    def is_warning(self) -> bool:
        """Whether the warning column is painted in the colour of the tone."""

    @property
    def tone(self) -> str:
        """The theme's colour of a warning: warn, or error."""


class PlacedColumn(NamedTuple):
    """A column in sight."""

    at: int
    left: int
    width: int
    column: Column


class PlacedRow(NamedTuple):
    """A row in sight; None while its page is on its way."""

    top: int
    cells: RowCells | None
    is_after: bool


def paint_rows(
    painter: QPainter,
    rows: Sequence[PlacedRow],
    columns: Sequence[PlacedColumn],
    *,
    row_px: int,
    warning_column: int,
    theme: Theme,
) -> None:
    """Draw the texts and swatches of `rows` over whatever ground was painted."""
    ready = [row for row in rows if row.cells is not None]
    bright = [row for row in ready if not row.is_after]
    after = [row for row in ready if row.is_after]
    for placed in columns:
        column = placed.column
        glyphs = glyphs_of(theme.mono_font() if column.is_mono else theme.ui_font())
        painter.setFont(glyphs.font)
        if column.has_swatch:
            _paint_swatches(painter, ready, placed, row_px, theme)
        color = "text_dim" if column.is_dim else "text"
        for part, color_of in ((bright, theme.__getitem__), (after, theme.later_words)):
            plain = part
            if placed.at == warning_column:
                plain = [row for row in part if not row.cells.is_warning]  # type: ignore[union-attr]
                marked = [row for row in part if row.cells.is_warning]  # type: ignore[union-attr]
                for tone in sorted({row.cells.tone for row in marked}):  # type: ignore[union-attr]
                    toned = [it for it in marked if it.cells.tone == tone]  # type: ignore[union-attr]
                    _paint_warnings(painter, toned, placed, glyphs, row_px, color_of(tone))
            painter.setPen(color_of(color))
            _paint_texts(painter, plain, placed, glyphs, row_px)
    for row in rows:
        if row.cells is None:
            _paint_placeholder(painter, row, columns, row_px, theme)


def _paint_texts(
    painter: QPainter,
    rows: Sequence[PlacedRow],
    placed: PlacedColumn,
    glyphs: Glyphs,
    row_px: int,
) -> None:
    at, is_right = placed.at, placed.column.is_right
    left, room = _room(placed)
    down = round((row_px - glyphs.height) / 2)
    surely_fits = int(room / (glyphs.advance or glyphs.font.pixelSize() * WIDEST))
    draw = painter.drawStaticText
    for row in rows:
        text = row.cells.texts[at]  # type: ignore[union-attr]
        if len(text) > surely_fits or not text.isascii():  # another script, another width
            text = cut_text(text, room, glyphs)
        x = left + room - width_of(text, glyphs) if is_right else left
        draw(int(x), row.top + down, laid_text(text, glyphs))


def _paint_warnings(
    painter: QPainter,
    rows: Sequence[PlacedRow],
    placed: PlacedColumn,
    glyphs: Glyphs,
    row_px: int,
    color: QColor,
) -> None:
    """In the warning colour, with a small triangle in front."""
    for row in rows:
        _paint_triangle(painter, placed.left + 1, row.top + row_px / 2, color)
    painter.setPen(color)
    _paint_texts(painter, rows, placed, glyphs, row_px)


def _paint_triangle(painter: QPainter, left: float, middle: float, color: QColor) -> None:
    """Points to the left: time went back."""
    half = WARNING_PX / 2 + 0.5
    corners = [(0.0, 0.0), (WARNING_PX, -half), (WARNING_PX, half)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(left + dx, middle + dy) for dx, dy in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_swatches(
    painter: QPainter,
    rows: Sequence[PlacedRow],
    placed: PlacedColumn,
    row_px: int,
    theme: Theme,
) -> None:
    ratio = painter.device().devicePixelRatioF()
    x = placed.left + PADDING_PX - 1
    down = (row_px - MARK_PX - 2) / 2
    for row in rows:
        index = row.cells.color_index  # type: ignore[union-attr]
        color = (theme.later_event_color if row.is_after else theme.event_color)(index)
        stamp = mark_pixmap(theme.event_mark(index), color.name(), ratio)
        painter.drawPixmap(QPointF(x, row.top + down), stamp)


def _paint_placeholder(
    painter: QPainter,
    row: PlacedRow,
    columns: Sequence[PlacedColumn],
    row_px: int,
    theme: Theme,
) -> None:
    """A bar where the text of each cell will be."""
    top = row.top + (row_px - PLACEHOLDER_PX) // 2
    for placed in columns:
        width = max(min(placed.width - 2 * PADDING_PX, placed.width * 2 // 3), 4)
        left = placed.left + PADDING_PX
        if placed.column.is_right:
            left = placed.left + placed.width - PADDING_PX - width
        painter.fillRect(QRect(left, top, width, PLACEHOLDER_PX), theme["line"])


def paint_focus(painter: QPainter, box: QRect, color: QColor) -> None:
    """The frame of the row that the keys move."""
    painter.setPen(QPen(color, 1))
    painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))


def _room(placed: PlacedColumn) -> tuple[float, float]:
    """Where a text begins and how wide it may be."""
    left = placed.left + PADDING_PX + (SWATCH_PX if placed.column.has_swatch else 0)
    return left, max(placed.left + placed.width - PADDING_PX - left, 0)
