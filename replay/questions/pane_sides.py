"""What stands in a pane: rows as of a position, wherever they are."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from replay.questions.view_answers import ViewPage, ViewRow

Rows: TypeAlias = Iterator[tuple[ViewRow, dict[str, Any]]]  # with its values by column, by key


class PaneSide(Protocol):
    """One pane that is compared. One thread."""

    @property
    def history(self) -> str:
        """Which events its positions count: those of one log, or of one branch as it is now."""

    @property
    def is_now(self) -> bool:
        """Whether it shows the newest that there is, so that it may be held to another's."""

    def begin(self, at: int | None = None) -> ViewPage:
        """Its columns, and the position that it shows: the one it is set to, or `at`. Raises what
        is in the way of an answer."""

    def rows(self, as_of: int) -> Rows:
        """Every row as of that position, whatever comes meanwhile."""


def begun(sides: Sequence[PaneSide]) -> tuple[ViewPage, ...]:
    """How each pane begins. What shows "now" of one history is as of one position in all of them,
    the oldest, even when events come in between."""
    pages = tuple(it.begin() for it in sides)
    now: dict[str, int] = {}
    for it, side in zip(pages, sides, strict=True):
        if side.is_now:
            now[side.history] = min(it.as_of, now.get(side.history, it.as_of))
    return tuple(
        side.begin(now[side.history]) if side.is_now and it.as_of > now[side.history] else it
        for it, side in zip(pages, sides, strict=True)
    )
