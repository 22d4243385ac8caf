"""The search for the next event that a breakpoint stops at, as the window asks it: on a reader
thread, in the order of the axis."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.selection import Axis
from gui.viewmodels.event_order import EventOrder, read_order
from gui.work.reads import Reads
from replay.questions.breakpoint import Breakpoint
from replay.questions.log_order import LogOrder, Occurred, Recorded
from replay.questions.next_hit import Hit, next_hit, previous_hit
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """From where, in which order and direction. `order` is that of the occurred axis, if it has
    been read."""

    breakpoints: tuple[Breakpoint, ...]
    position: int
    axis: Axis
    order: EventOrder | None
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was found, with its event; and the place up to where nothing else stops."""

    hit: Hit | None
    event: RecordedEvent | None
    place: int


def seek(reads: Reads, *, asked: Asked, told: Callable[[int, int], None]) -> Sought:
    """Look through the log. `told` hears how many events were looked at, and up to which place
    nothing stops."""
    order = _order(reads, asked)
    look = previous_hit if asked.is_back else next_hit
    hit = look(
        reads.log,
        reads.states,
        asked.breakpoints,
        position=asked.position,
        order=order,
        told=told,
    )
    if hit is None:
        return Sought(hit=None, event=None, place=0 if asked.is_back else order.end)
    return Sought(hit=hit, event=reads.log.event(hit.position), place=order.place(hit.position))


def _order(reads: Reads, asked: Asked) -> LogOrder:
    head = reads.log.head()
    if asked.axis != "occurred":
        return Recorded(head)
    order = asked.order or read_order(reads, until=head)
    return Occurred(order.positions)
