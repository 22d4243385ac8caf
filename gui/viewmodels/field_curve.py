"""A number of a state over the events that changed it, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.viewmodels.field_names import unit_of
from replay.states.diff import Path, path_text
from replay.states.field_history import FieldHistory, number


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCurve:
    """Of one stream and field; both sequences have the same length, and at least two points."""

    stream: str
    path: Path
    positions: Sequence[int]
    values: Sequence[float]

    @property
    def label(self) -> str:
        """The field's path."""
        return path_text(self.path)

    @property
    def unit(self) -> str:
        """What the field's name says that it counts; empty where it does not."""
        return unit_of(self.path)


def curve_of(stream: str, history: FieldHistory) -> FieldCurve | None:
    """The numbers of a history; None where there are fewer than two of them."""
    numbers = [(at, number(it)) for at, it in zip(history.positions, history.values, strict=True)]
    points = [(at, it) for at, it in numbers if it is not None]
    if len(points) < 2:
        return None
    positions, values = zip(*points, strict=True)
    return FieldCurve(stream=stream, path=history.path, positions=positions, values=values)
