"""What one pane is set to, and what it shows."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Which: TypeAlias = Literal["left", "right", "third", "fourth"]
Moment: TypeAlias = Literal["cursor", "anchor", "now", "exact"]

ALL: Final[tuple[Which, ...]] = ("left", "right", "third", "fourth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one pane is set to."""

    view: str
    moment: Moment = "cursor"
    at: int | None = None  # the position where an exact moment is, and stays
    source: str = ""  # the address of the query store that has the rows; empty: they are here


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneRows:
    """One pane ready to be shown: a row for each pair, empty where it has none."""

    titles: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], bool], ...]  # texts, and whether the row differs
    as_of: int | None  # the position that they show
    age: str = ""  # of rows of a query store: how far they are behind
    trouble: str = ""  # why there are none; that is tried again
