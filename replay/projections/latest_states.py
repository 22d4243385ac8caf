"""The latest state of every stream, by the generic model."""

from msgspec import Struct

from replay.projection import Json, Projection, Rows
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


def apply(rows: Rows[LatestState], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Fold the event into the state of its home and of every stream it is linked into."""
    _fold(rows, event, event.stream, version=event.version)
    for stream in links:
        if stream != event.stream:
            _fold(rows, event, stream, version=None)


def _fold(
    rows: Rows[LatestState], event: RecordedEvent, stream: str, *, version: int | None
) -> None:
    before = rows.get(stream)
    if before is None:
        version, count, state = version or 0, 1, GENERIC.initial()
    else:
        version = before.version if version is None else version
        count, state = before.event_count + 1, before.state
    state = GENERIC.evolve_owned(state, event)
    last = (event.position, event.recorded_at_us, event.type)
    rows.put(LatestState(stream, version, count, *last, state))


PROJECTION = Projection(
    name="latest_states",
    version=1,
    title="Latest states",
    row=LatestState,
    key=("stream",),
    apply=apply,
    uses=(generic_model, merge_patch),
)
