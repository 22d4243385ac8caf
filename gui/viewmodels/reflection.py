"""Whether the views show what a person has just recorded."""

from collections.abc import Mapping

from gui.viewmodels.command_results import but
from gui.words import counted, said


class Reflection:
    """What the projector has told of the views, against a position."""

    def __init__(self) -> None:
        self._shown_up_to = 0  # by every view that goes on
        self._standing: Mapping[str, int] = {}  # views that do not, and what they show

    def learn(self, checkpoint: int, standing: Mapping[str, int]) -> bool:
        """How far the slowest view is that goes on, and where those are that do not. Returns
        whether that is news."""
        is_new = (checkpoint, standing) != (self._shown_up_to, self._standing)
        self._shown_up_to, self._standing = checkpoint, standing
        return is_new

    def of(self, position: int | None) -> str:
        """As a sentence; empty where nothing was recorded."""
        if position is None:
            return ""
        behind = position - self._shown_up_to
        if behind <= 0:
            without = [name for name, shown in self._standing.items() if shown < position]
            return said("Every view{without} shows it.", without=but(without))
        return said(
            "The views are {behind} behind it and show an older state.",
            behind=counted("{count:,} event", "{count:,} events", behind),
        )
