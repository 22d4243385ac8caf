"""A view at a moment of a line, as a person writes it: `orders`, `orders@42`, `orders@42@fix`,
`orders@@main`."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from replay.branching.line_moment import SIGN, line_moment, line_path
from replay.projector.catch_up import catch_up
from replay.questions.pane_compare import Pane
from replay.states.moment import Moment, parse_moment_text, position_of
from replay.views.read_store import reading_views
from store.interface import EventReader
from store.opening import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSide:
    """What was written. `moment`: None for now; `line`: empty where none is named."""

    view: str
    moment: Moment | None
    line: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line that is read, with its views. `db`: None where there are none."""

    log: EventReader
    db: sqlite3.Connection | None

    def pane(self, side: NamedSide) -> Pane:
        """What a side of this line shows. Raises WrongMoment."""
        at = None if side.moment is None else position_of(self.log, side.moment)
        return Pane(view=side.view, at=at)


def named_side(store: Path, text: str, at: str | None = None) -> NamedSide:
    """`at`: the moment where the text names none. Raises WrongMoment, NoSuchBranch,
    WrongBranchName, UnknownChoice."""
    view, _, rest = text.partition(SIGN)
    moment, line = line_moment(rest) if rest else (None, "")
    if moment is None and at:
        moment = parse_moment_text(at)
    return NamedSide(view=view, moment=moment, line=line, path=line_path(store, line))


@contextmanager
def reading_line(
    path: Path, views: Sequence[str], *, patience_s: float | None = None
) -> Iterator[OpenLine]:
    """A line with these of its views, which are brought up with it first. Raises what opening a
    log, and folding views, raises."""
    with reading(path) as log:
        catch_up(log, only=views, patience_s=patience_s)
        with reading_views(log) as db:
            yield OpenLine(log=log, db=db)
