"""The latest state of every stream, by the generic model."""

from typing import Any

from msgspec import Struct

from replay.projection import Json, Projection, RowByRow
from replay.states import generic_model, merge_patch
from replay.states.generic_model import GENERIC
from store.events import RecordedEvent


class LatestState(Struct, frozen=True):
    """One row."""

    stream: str
    version: int
    event_count: int  # folded in, linked ones included
    last_position: int
    last_recorded_at_us: int
    last_type: str
    state: Json


class _State:
    """A row while it goes on."""

    __slots__ = ("event_count", "state", "version")

    def __init__(self, _stream: str, row: LatestState | None) -> None:
        self.version = row.version if row else 0
        self.event_count = row.event_count if row else 0
        self.state = row.state if row else GENERIC.initial()


_evolve = GENERIC.evolve_owned


def _go_on(it: _State, event: RecordedEvent, is_linked: bool) -> tuple[Any, ...]:
    """Fold an event that lives in the stream, or is linked into it."""
    it.state = state = _evolve(it.state, event)
    it.event_count = count = it.event_count + 1
    if not is_linked:
        it.version = event.version
    return it.version, count, event.position, event.recorded_at_us, event.type, state


apply = RowByRow(row=LatestState, key="stream", begin=_State, go_on=_go_on, follows_links=True)

PROJECTION = Projection(
    name="latest_states",
    version=1,
    title="Latest states",
    row=LatestState,
    key=("stream",),
    apply=apply,
    uses=(generic_model, merge_patch),
)
