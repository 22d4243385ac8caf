"""The values a field had, event by event."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from replay.states.diff import Path
from replay.states.model import Model
from store.interface import EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHistory:
    """A numeric field's values; the two sequences have the same length."""

    path: Path
    positions: Sequence[int]
    values: Sequence[float]


def field_history(
    log: EventReader, model: Model[Any], stream: str, path: Path, *, until: int
) -> FieldHistory:
    """The numbers at `path` after each event of the stream up to position `until`, every one of
    them; events that leave no number there are left out."""
    positions: list[int] = []
    values: list[float] = []
    state = model.initial()
    for event in log.read_stream(stream, until=until):
        state = model.evolve_owned(state, event)
        number = value_at(model.to_json(state), path)
        if number is not None:
            positions.append(event.position)
            values.append(number)
    return FieldHistory(path=path, positions=positions, values=values)


def value_at(state: Any, path: Path) -> float | None:
    """The number at a path; None where there is none."""
    for key in path:
        try:
            state = state[key]
        except (KeyError, IndexError, TypeError):
            return None
    is_number = isinstance(state, int | Decimal) and not isinstance(state, bool)
    return float(state) if is_number else None
