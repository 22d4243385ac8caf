"""What the panes ask reader threads: rows side by side, wherever those of each pane are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gui.window_words import error_words
from gui.work.reads import Reads
from gui.work.there import reads_there
from replay.questions.pane_compare import HereSide, Pane
from replay.questions.pane_groups import Grouped, group_sides
from replay.questions.pane_sides import PaneSide
from replay.questions.view_status import list_views
from replay.states.moment import parse_moment_text, position_of

SHOWN: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPane:
    """A pane, and what it is called on the screen. `source`: the address of the query store that
    has its rows; empty for those here."""

    name: str
    pane: Pane
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPanes:
    """The panes that could be read, side by side. `found` is None where none could."""

    found: Grouped | None
    names: tuple[str, ...]  # of the panes in `found`, in its order
    troubles: dict[str, str] = field(default_factory=dict)  # of the others: why, by name


def views_here(reads: Reads) -> tuple[str, ...]:
    """The names of the views that have rows."""
    return tuple(it.name for it in list_views(reads.views(), reads.log) if it.columns)


def position_at(reads: Reads, *, text: str) -> int:
    """Of a moment as a person writes it. Raises WrongMoment."""
    return position_of(reads.log, parse_moment_text(text.strip().removeprefix("@")))


def compare_panes(
    reads: Reads, *, panes: Sequence[NamedPane], only_differences: bool
) -> ShownPanes:
    """A pane whose query store does not answer is left out, and the others are compared. Raises
    what views here raise, and NotComparable."""
    from store.remote.errors import RemoteError  # what speaks to servers is loaded late

    sides, troubles = dict[str, PaneSide](), dict[str, str]()
    for it in panes:
        try:
            sides[it.name] = _side(reads, it)
        except RemoteError as error:
            troubles[it.name] = error_words(error)
    while sides:
        only = only_differences and len(sides) > 1
        try:
            found = group_sides([*sides.values()], only_differences=only, limit=SHOWN)
            return ShownPanes(found=found, names=tuple(sides), troubles=troubles)
        except RemoteError as error:
            gone = [it.name for it in panes if it.name in sides and it.source == error.shown]
            if not gone:
                raise
            for name in gone:
                del sides[name]
                troubles[name] = error_words(error)
    return ShownPanes(found=None, names=(), troubles=troubles)


def _side(reads: Reads, it: NamedPane) -> PaneSide:
    if not it.source:
        return HereSide(reads.views(), reads.log, it.pane)
    from replay.query_store.there_side import ThereSide

    store = reads_there(reads).there(it.source)
    return ThereSide(store, reads.log, it.pane.view, at=it.pane.at)
