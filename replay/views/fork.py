"""The point at which the views of a branch go on from those of its log."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from replay.view_version import ViewVersion
from store.branches.reader import BranchReader

FORK: Final = "fork_views"  # the name by which the log's views are asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Of one view. The log's views are attached as FORK, and only read."""

    of: ViewVersion
    generation: int
    until: int  # the last position whose event is taken over
    checkpoint: int  # how far the log's view has come; not before `until`
    branch: BranchReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the tables hold then."""

    rows: int
    writes: int
    is_indexed: bool = False  # the history can be asked


# Fills the empty tables of a view as they were at a fork, in a transaction; None: it was better
# to leave them empty. Every table is named with its file: a bare name would be looked for in both.
FromFork: TypeAlias = Callable[[sqlite3.Connection, Fork], Begun | None]
