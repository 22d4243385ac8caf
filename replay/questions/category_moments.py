"""When a condition came true in any stream of a category: in the order of the log, or of when its
events occurred."""

from collections.abc import Callable

from replay.questions.breakpoint import CategoryBreakpoint
from replay.questions.log_order import LogOrder, Recorded, occurred_order
from replay.questions.next_hit import Hit, next_hit, previous_hit
from replay.states.condition_moments import FoundMoments, Moment, Which
from replay.states.field_histories import Axis
from replay.states.stream_states import StreamStates
from store.interface import EventReader


def category_moments(
    log: EventReader,
    states: StreamStates,
    it: CategoryBreakpoint,
    *,
    which: Which,
    position: int | None,
    axis: Axis,
    told: Callable[[int], None],
) -> FoundMoments:
    """All are found stream by stream; one by a scan of the log, which ends where it is. `next` and
    `previous` are as seen from a position; without one, from the end. Raises what folding raises,
    and what `told` raises."""
    order = occurred_order(log) if axis == "occurred" else Recorded(log.head())
    if which == "all":
        return _all(log, states, it, order, told)
    start = 0 if which == "first" else log.head() + 1
    if which in ("next", "previous") and position is not None:
        start = position
    looked_at = 0

    def tell(count: int, _place: int) -> None:
        nonlocal looked_at
        looked_at = count
        told(count)

    seek = previous_hit if which in ("last", "previous") else next_hit
    hit = seek(log, states, [it], position=start, order=order, told=tell)
    if hit is None:
        return FoundMoments(moments=(), way="scan", looked_at=looked_at)
    begun = min(order.place(start), order.end + 1)
    return FoundMoments(
        moments=(_with_end(log, states, it, hit, axis),),
        way="scan",
        looked_at=abs(order.place(hit.position) - begun),
    )


def _all(
    log: EventReader,
    states: StreamStates,
    it: CategoryBreakpoint,
    order: LogOrder,
    told: Callable[[int], None],
) -> FoundMoments:
    axis: Axis = "occurred" if order.is_occurred else "recorded"
    found, looked_at, beginning = list[Moment](), 0, f"{it.category}-"
    for stream in log.stream_names():
        if stream.startswith(beginning):
            of_it = states.moments(log, stream, it.where, axis=axis)
            found += of_it.moments
            looked_at += of_it.looked_at
            told(looked_at)
    found.sort(key=lambda it: order.place(it.position))
    return FoundMoments(moments=tuple(found), way="scan", looked_at=looked_at)


def _with_end(
    log: EventReader, states: StreamStates, it: CategoryBreakpoint, hit: Hit, axis: Axis
) -> Moment:
    """As the stream alone tells it."""
    of_it = states.moments(log, hit.stream, it.where, axis=axis).moments
    alone = Moment(position=hit.position, values=hit.values)
    return next((its for its in of_it if its.position == hit.position), alone)
