"""A number of a state over the events that changed it, ready to be drawn."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gui.viewmodels.field_names import unit_of
from gui.words import said
from replay.states.diff import path_text
from replay.states.field_history import FieldHistory, number


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCurve:
    """Sequences of one length, of at least two points. Along the events as they were recorded an
    x is a position; where they occurred in another order it counts the stream's events in that."""

    label: str  # the field's path
    unit: str  # that its name says; empty where it does not
    over: str  # what the xs count
    xs: Sequence[int]
    values: Sequence[float]
    positions: Sequence[int]
    is_by_position: bool

    def cursor(self, position: int, last: int) -> int:
        """Where the cursor stands; `last` is the position of the last change up to it, 0 if there
        is none."""
        if self.is_by_position:
            return position
        return next(
            (x for x, it in zip(self.xs, self.positions, strict=True) if it == last),
            self.xs[0] - 1,
        )

    def position(self, x: float) -> int:
        """The event at or before an x."""
        return self.positions[max(bisect_right(self.xs, x) - 1, 0)]


def curve_of(history: FieldHistory) -> FieldCurve | None:
    """The numbers of a history; None where there are fewer than two of them."""
    whole = zip(history.places, history.positions, history.values, strict=True)
    points = [
        (place, position, drawn)
        for place, position, value in whole
        if (drawn := number(value)) is not None
    ]
    if len(points) < 2:
        return None
    places, positions, values = zip(*points, strict=True)
    is_by_position = all(after > before for before, after in pairwise(positions))
    return FieldCurve(
        label=path_text(history.path),
        unit=unit_of(history.path),
        over=said("position") if is_by_position else said("events of the stream, as they occurred"),
        xs=positions if is_by_position else tuple(it + 1 for it in places),
        values=values,
        positions=positions,
        is_by_position=is_by_position,
    )
