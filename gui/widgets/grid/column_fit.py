"""How wide the columns of a grid are: as wide as what they hold, as far as there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from gui.look.theme import themes
from gui.widgets.grid.grid_painter import PADDING_PX, SWATCH_PX, Column, RowCells
from gui.widgets.grid.laid_text import glyphs_of, width_of

WIDEST_PX: Final = 340  # of a column that no person has sized
EASY_PX: Final = 240  # what the flexible column has before others get more than they need


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a column asks for. `least` where room is short, `most` where there is plenty."""

    least: int
    most: int
    is_flexible: bool = False


def fitted(wishes: Sequence[Wish], room: int) -> list[int]:
    """A width for each column. Each has its least at least; what is left of the room goes to those
    that ask for more, from the left, and then to the flexible one."""
    widths = [it.least for it in wishes]
    flexible = next((at for at, it in enumerate(wishes) if it.is_flexible), None)
    left = room - sum(widths)
    spare = left
    if flexible is not None:
        spare -= max(EASY_PX - widths[flexible], 0)
    for at, wish in enumerate(wishes):
        more = min(max(spare, 0), wish.most - wish.least)
        if at != flexible and more > 0:
            widths[at] += more
            spare, left = spare - more, left - more
    if flexible is not None and left > 0:
        widths[flexible] += left
    return widths


def joined(one: Wish, other: Wish) -> Wish:
    """What both ask for."""
    least, most = max(one.least, other.least), max(one.most, other.most)
    return Wish(least=least, most=most, is_flexible=one.is_flexible)


def wishes_of(columns: Sequence[Column], rows: Sequence[RowCells | None]) -> list[Wish] | None:
    """What each column asks for to hold these rows; None while one of them is on its way."""
    if any(it is None or len(it.texts) < len(columns) for it in rows):
        return None
    return [_wish(it, rows, at) for at, it in enumerate(columns)]


def needed_px(column: Column, rows: Sequence[RowCells | None], at: int) -> int:
    """What the column with this number needs for its title and what the rows that are here say."""
    texts = [column.widest, *(it.texts[at] for it in rows if it is not None)]
    return min(max(_title_px(column), _widest_px(column, texts)), WIDEST_PX)


def _wish(column: Column, rows: Sequence[RowCells | None], at: int) -> Wish:
    if column.is_flexible:
        return Wish(least=column.width, most=column.width, is_flexible=True)
    needed = needed_px(column, rows, at)
    return Wish(least=min(needed, max(column.width, _title_px(column))), most=needed)


def _widest_px(column: Column, texts: Iterable[str]) -> int:
    theme = themes().current
    glyphs = glyphs_of(theme.mono_font() if column.is_mono else theme.ui_font())
    swatch = SWATCH_PX if column.has_swatch else 0
    widest = max((width_of(it, glyphs) for it in texts), default=0.0)
    return ceil(widest) + 1 + swatch + 2 * PADDING_PX


def _title_px(column: Column) -> int:
    theme = themes().current
    title = width_of(column.title, glyphs_of(theme.ui_font(px=theme.small_px)))
    return ceil(title) + 3 + 2 * PADDING_PX
