"""What the panes ask reader threads: rows side by side, wherever those of each pane are."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gui.window_words import error_words
from gui.work.reads import Reads
from gui.work.there import reads_there
from replay.questions.pane_compare import HereSide, Pane
from replay.questions.pane_groups import Grouped, group_sides
from replay.questions.pane_sides import PaneSide
from replay.questions.view_status import list_views
from replay.states.moment import parse_moment_text, position_of
from store.errors import StoreError

SHOWN: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPane:
    """A pane, and what it is called on the screen. `source`: the address of the query store that
    has its rows; empty for those here. `line`: where another line is whose rows it shows, named
    `of`; `is_carried`: its position is one of the line in view, and means the same event there."""

    name: str
    pane: Pane
    source: str = ""
    line: Path | None = None
    of: str = ""
    is_carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPanes:
    """The panes that could be read, side by side. `found` is None where none could."""

    found: Grouped | None
    names: tuple[str, ...]  # of the panes in `found`, in its order
    troubles: dict[str, str] = field(default_factory=dict)  # of the others: why, by name


def views_here(reads: Reads) -> tuple[str, ...]:
    """The names of the views that have rows."""
    return tuple(it.name for it in list_views(reads.views(), reads.log) if it.columns)


def position_at(reads: Reads, *, text: str, line: Path | None = None) -> int:
    """Of a moment as a person writes it, in another line if one is given. Raises WrongMoment."""
    with reads.line(line) as there:
        return position_of(there.log, parse_moment_text(text.strip().removeprefix("@")))


def compare_panes(
    reads: Reads, *, panes: Sequence[NamedPane], only_differences: bool
) -> ShownPanes:
    """A pane whose query store does not answer is left out, and the others are compared. Raises
    what views here raise, and NotComparable."""
    from store.remote.errors import RemoteError  # what speaks to servers is loaded late

    sides, troubles = dict[str, PaneSide](), dict[str, str]()
    with ExitStack() as stack:
        for it in panes:
            try:
                sides[it.name] = _side(reads, it, stack)
            except RemoteError as error:
                troubles[it.name] = error_words(error)
            except StoreError as error:
                if it.line is None:
                    raise
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


def pane_there(reads: Reads, there: Reads, it: NamedPane) -> Pane:
    """What a pane shows, in positions of its own line."""
    if not it.is_carried or it.line is None or it.pane.at is None:
        return it.pane
    from store.branches.carried import carried  # most logs have no branches

    return replace(it.pane, at=carried(it.pane.at, reads.log, there.log))


def _side(reads: Reads, it: NamedPane, stack: ExitStack) -> PaneSide:
    if it.source:
        from replay.query_store.there_side import ThereSide

        store = reads_there(reads).there(it.source)
        return ThereSide(store, reads.log, it.pane.view, at=it.pane.at)
    there = stack.enter_context(reads.line(it.line))
    side = HereSide(there.views(), there.log, pane_there(reads, there, it))
    if it.line is not None:
        side.begin()  # what is in its way is told of this pane alone
    return side
