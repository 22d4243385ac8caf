"""Fold events into state. Same events in, same state out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from replay.states.model import Model
from store.events import RecordedEvent

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Folded(Generic[S]):
    """A state and what it holds. Treat the state as frozen: keyframes share it."""

    state: S
    position: int = 0  # of the last event folded in; 0 before the first
    events: int = 0  # how many were folded in, linked ones included
    last: RecordedEvent | None = None  # the last one; None before the first or from a snapshot
    before: S | None = None  # the state before the last event, where that was kept


def fold(
    model: Model[S], events: Iterable[RecordedEvent], *, start: Folded[S] | None = None
) -> Folded[S]:
    """Apply `events`, in the order given, on top of `start` or of the model's initial state.

    `start` is left as it was.
    """
    folded = start or Folded(model.initial())
    state, last, count = model.copy(folded.state), folded.last, folded.events
    evolve = model.evolve_owned
    for event in events:
        state = evolve(state, event)
        last = event
        count += 1
    if last is folded.last:
        return folded
    return Folded(state, last.position if last else 0, count, last)
