"""How wide the columns of a grid are: as wide as what they hold, as far as there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from gui.look.theme import themes
from gui.widgets.grid.grid_painter import PADDING_PX, SWATCH_PX, Column, RowCells
from gui.widgets.grid.laid_text import glyphs_of, width_of

WIDEST_PX: Final = 340  # of a column that no person has sized
EASY_PX: Final = 240  # what the flexible column has before others get more than they need


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a column asks for. `least` where room is short, `most` where there is plenty; `tight`
    where the essential columns would not be in sight otherwise. One that `leads` takes what it
    needs from the flexible one, down to what that has where it is tight."""

    least: int
    most: int
    is_flexible: bool = False
    tight: int | None = None
    leads: bool = False


def fitted(wishes: Sequence[Wish], room: int) -> list[int]:
    """A width for each column, none below its least. Where there is not enough for all, those up to
    the flexible one and the next are served first: what is behind them can be scrolled to."""
    flexible = next((at for at, it in enumerate(wishes) if it.is_flexible), None)
    if flexible is None:
        return _served(_slimmed(wishes, room), room)
    wishes = _whole_behind(_led(_tightened(wishes, flexible, room), flexible), flexible, room)
    front, middle, behind = wishes[:flexible], wishes[flexible], wishes[flexible + 1 :]
    if sum(it.least for it in wishes) <= room:
        widths = _served([*front, *behind], room - EASY_PX)
        widths.insert(flexible, room - sum(widths))
        return widths
    reserved = behind[0].least if behind else 0
    before = _served(front, room - EASY_PX - reserved)
    width = max(middle.least, min(EASY_PX, room - sum(before) - reserved))
    after = _served(behind, room - sum(before) - width)
    width += max(room - sum(before) - width - sum(after), 0)
    return [*before, width, *after]


def _tightened(wishes: Sequence[Wish], flexible: int, room: int) -> list[Wish]:
    """With less for some, the flexible one first, where that brings the essential ones into sight:
    those up to the one behind it, and up to the last that says what is enough for it."""
    found, essential = list(wishes), _essential(wishes, flexible)
    short = sum(wishes[at].least for at in essential) - room
    is_enough = short <= sum(_spare(wishes[at]) for at in essential)
    if short <= 0 or not (is_enough or len(essential) == len(wishes)):
        return found
    others = [at for at in essential if at != flexible and not wishes[at].leads]
    leading = [at for at in essential if at != flexible and wishes[at].leads]
    for those in ([flexible], others, leading):
        spare = sum(_spare(wishes[at]) for at in those)
        cut = min(short, spare)
        for at in those if cut > 0 else ():
            less = ceil(cut * _spare(wishes[at]) / spare)
            found[at] = replace(wishes[at], least=wishes[at].least - less)
        short -= cut
    return found


def _essential(wishes: Sequence[Wish], flexible: int) -> range:
    last = max((at for at, it in enumerate(wishes) if it.tight is not None), default=0)
    return range(min(max(flexible + 2, last + 1), len(wishes)))


def _slimmed(wishes: Sequence[Wish], room: int) -> list[Wish]:
    """With less for the widest of those that can spare it, where that brings all into sight: a
    short text stays whole while there is a long one to be cut."""
    short = sum(it.least for it in wishes) - room
    if short <= 0 or short > sum(map(_spare, wishes)):
        return list(wishes)
    fits, too_wide = 0, max(it.least for it in wishes)
    while too_wide - fits > 1:
        level = (fits + too_wide) // 2
        if sum(_up_to(it, level) for it in wishes) <= room:
            fits = level
        else:
            too_wide = level
    return [replace(it, least=_up_to(it, fits)) for it in wishes]


def _up_to(wish: Wish, level: int) -> int:
    return max(min(wish.least, level), wish.least - _spare(wish))


def _led(wishes: Sequence[Wish], flexible: int) -> list[Wish]:
    """With more for those that lead, which the flexible one gives."""
    found = list(wishes)
    for at, it in enumerate(wishes):
        if it.leads:
            more = min(it.most - it.least, _spare(found[flexible]))
            found[at] = replace(it, least=it.least + more)
            found[flexible] = replace(found[flexible], least=found[flexible].least - more)
    return found


def _whole_behind(wishes: Sequence[Wish], flexible: int, room: int) -> list[Wish]:
    """With what the one behind the flexible one needs, as far as the essential ones leave it: the
    flexible one never has enough, so it would take all of that room."""
    found, behind = list(wishes), flexible + 1
    if behind < len(found):
        it = found[behind]
        left = room - sum(found[at].least for at in _essential(wishes, flexible))
        found[behind] = replace(it, least=it.least + max(min(it.most - it.least, left), 0))
    return found


def _spare(wish: Wish) -> int:
    return 0 if wish.tight is None else max(wish.least - wish.tight, 0)


def _served(wishes: Sequence[Wish], room: int) -> list[int]:
    """Each gets its least. What is left of the room is shared by those that ask for more: who asks
    for little gets all of it, the others the same."""
    widths = [it.least for it in wishes]
    spare = max(room - sum(widths), 0)
    asking = sorted(range(len(wishes)), key=lambda at: wishes[at].most - wishes[at].least)
    for others, at in zip(range(len(asking), 0, -1), asking, strict=True):
        more = min(spare // others, wishes[at].most - wishes[at].least)
        widths[at], spare = widths[at] + more, spare - more
    return widths


def widened(wishes: Sequence[Wish], before: Sequence[Wish | None], room: int) -> list[Wish]:
    """What columns ask for that are not to get less than `before`, except for what they do not
    need now and another column is short of."""
    kept = [it if old is None else joined(it, old) for it, old in zip(wishes, before, strict=True)]
    sizes = fitted(kept, room)
    if not any(size < it.most for it, size in zip(wishes, sizes, strict=True)):
        return kept
    return [
        it if size > it.most and not it.is_flexible else other
        for it, other, size in zip(wishes, kept, sizes, strict=True)
    ]


def joined(one: Wish, other: Wish) -> Wish:
    """What both ask for."""
    least, most = max(one.least, other.least), max(one.most, other.most)
    return replace(one, least=least, most=most)


def wishes_of(columns: Sequence[Column], rows: Sequence[RowCells | None]) -> list[Wish] | None:
    """What each column asks for to hold these rows; None while one of them is on its way."""
    if any(it is None or len(it.texts) < len(columns) for it in rows):
        return None
    return [_wish(it, rows, at) for at, it in enumerate(columns)]


def needed_px(column: Column, rows: Sequence[RowCells | None], at: int) -> int:
    """What the column with this number needs for its title and what the rows that are here say."""
    texts = [column.widest, *(it.texts[at] for it in rows if it is not None)]
    return min(wanted_px(column, texts), WIDEST_PX)


def _wish(column: Column, rows: Sequence[RowCells | None], at: int) -> Wish:
    if column.is_flexible:
        return flexible_wish(column)
    needed = needed_px(column, rows, at)
    least = min(needed, max(column.width, _title_px(column)))
    return Wish(least=least, most=needed, tight=column.tight, leads=column.leads)


def stated_wish(column: Column) -> Wish:
    """What a column asks for whose rows nobody has measured."""
    return Wish(least=column.width, most=max(column.width, column.most), tight=column.tight)


def flexible_wish(column: Column) -> Wish:
    """What the column asks for that takes the room that is left."""
    return Wish(least=column.width, most=column.width, is_flexible=True, tight=column.tight)


def wanted_px(column: Column, texts: Iterable[str]) -> int:
    """What a column needs to hold its title and these texts whole."""
    return max(_title_px(column), _widest_px(column, texts))


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
