"""What views answer: rows, changes and how a view stands, each with what it is worth."""

from dataclasses import dataclass
from typing import Any

from replay.errors import NoPast, ViewBehind
from replay.projection import Column
from replay.view_version import version_named
from replay.views.outdated import Outdated
from replay.views.sink import KeyValues
from store import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewStatus:
    """How one view stands."""

    name: str
    title: str
    columns: tuple[Column, ...]  # empty for one that is no table of rows
    checkpoint: int
    lag: int  # events that it has not seen
    row_count: int
    write_count: int
    is_indexed: bool  # its past can be asked
    error: str | None  # why it is parked; None while it is not
    error_position: int | None
    outdated: Outdated | None = None  # None: it is what the code of now makes
    stale_since_us: int | None = None  # when the first event came that it lacks; None: it has all

    @property
    def standing(self) -> str:
        """What there is to be known of a view that an older code made; mostly empty."""
        return self.outdated.words(self.checkpoint + self.lag) if self.outdated else ""

    @property
    def is_kept_beside(self) -> bool:
        """Whether it is a version of a view that the projector does not keep up."""
        return not version_named(self.name).is_live


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRow:
    """One row. `values` are the columns in order, the key among them; JSON columns as text, None
    for one that a history left out and that cannot be folded again."""

    key: KeyValues
    values: tuple[Any, ...]
    position: int  # of the event that wrote it
    is_deleted: bool = False  # only in a history


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPage:
    """Rows of a view, and what they are worth."""

    view: str
    columns: tuple[Column, ...]
    rows: tuple[ViewRow, ...]
    wanted: int  # the position that was asked for; the head when none was
    as_of: int  # the position that the rows show
    checkpoint: int
    head: int
    is_ready: bool  # False: the view is still being built and its past cannot be asked yet
    has_past: bool  # whether it can be asked for other positions than the one it has come to
    stale_since_us: int | None = None  # when the first event came that was asked for and is not in
    outdated: Outdated | None = None  # None: it is what the code of now makes

    def facts(self, row: ViewRow) -> dict[str, Any]:
        """A row as JSON values by column."""
        return {
            column.name: json_text.decode(value) if column.kind == "json" and value else value
            for column, value in zip(self.columns, row.values, strict=True)
        }

    @property
    def behind(self) -> int:
        """How many events lie between what was asked for and what is shown."""
        return max(self.wanted - self.as_of, 0)

    def require_answer(self) -> None:
        """Raises NoPast, ViewBehind when these are not the rows that were asked for."""
        if not self.is_ready:
            raise NoPast(version_named(self.view))
        if self.behind:
            raise ViewBehind(version_named(self.view), shown=self.as_of, wanted=self.wanted)

    def require_past(self) -> None:
        """Raises NoPast when the view cannot be asked for other positions."""
        if not self.has_past:
            raise NoPast(version_named(self.view))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row at two positions; None where it was not there."""

    row: int  # its number, to page on behind it
    key: KeyValues
    before: ViewRow | None
    after: ViewRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewChanges:
    """The rows written between two positions, by their number."""

    view: str
    columns: tuple[Column, ...]
    changes: tuple[RowChange, ...]
    after: int
    until: int  # never more than the checkpoint
    is_ready: bool
    next_row: int | None  # to page on behind it; None at the end
