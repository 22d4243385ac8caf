"""The same state by every way there is: from the beginning, from a snapshot, by stepping back.

Reversing and snapshots are never needed, only sometimes quicker; so all ways must end in the same
state, and here they are seen to, with the time that each took.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from replay.states.model import Model
from replay.states.state_at import StateAt
from replay.states.stream_states import Before, StreamStates
from store import json_text
from store.interface import EventReader
from store.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a state. `folded` counts the events that were applied, or undone."""

    basis: str  # "beginning", "snapshot", "reverse", …: what it really was
    folded: int
    milliseconds: float
    digest: str  # SHA-256 of the state as canonical JSON, 16 hex digits


def ways_to(
    log: EventReader,
    stream: str,
    position: int,
    *,
    new_states: Callable[[Before], StreamStates],
    snapshot_before: Before,
) -> list[Way]:
    """The ways to the state of a stream as of a position, the plain one first. Stepping back
    starts at the stream's next event; where it cannot be undone, it is left out, as is a
    snapshot where there is none."""
    found = [_measured(lambda: new_states(no_snapshot).at(log, stream, position))]
    saved = _measured(lambda: new_states(snapshot_before).at(log, stream, position))
    found += [saved] if saved.basis == "snapshot" else []
    later = next(log.read_stream(stream, after=position, limit=1), None)
    if later is not None:
        states = new_states(no_snapshot)
        states.at(log, stream, later.position)  # what stepping back starts from
        back = _measured(lambda: states.at(log, stream, position))
        found += [back] if back.basis == "reverse" else []
    return found


def no_snapshot(_model: Model[Any], _stream: str, _position: int) -> None:
    """Where none shall be used."""


def _measured(find: Callable[[], StateAt[Any]]) -> Way:
    watch = Stopwatch()
    state = find()
    milliseconds = watch.seconds(state.folded) * 1_000
    text = json_text.encode(state.state)
    return Way(
        basis=state.basis,
        folded=state.folded,
        milliseconds=round(milliseconds, 3),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )
