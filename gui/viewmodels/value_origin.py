"""Which event gave a field of a state the value that is shown."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from gui.selection import Axis
from gui.work.reads import Reads
from replay.history.audit import NoSuchField, value_at, value_giver
from replay.states.diff import Path
from store.events import RecordedEvent
from store.interface import EventReader

READ_AT_ONCE: Final = 1_000  # events


def origin_of(reads: Reads, *, stream: str, path: Path, position: int, axis: Axis) -> int:
    """The position of the event that changed the field last, as of the cursor on its axis; on a
    reader thread. Raises NoSuchField where none has, and what folding raises."""
    log = reads.log
    order = _order(log, stream, position, axis)
    if reads.states.is_elsewhere(stream):
        giver = _by_states(reads, stream, path, order, axis)
    else:
        model = reads.states.fold_of(log, stream, position)
        giver = value_giver(model, _events(log, order), path)[1]
    if giver is None:
        raise NoSuchField(".".join(map(str, path)) or "the whole", stream)
    return giver.position


def _order(log: EventReader, stream: str, position: int, axis: Axis) -> list[int]:
    """The positions of the events that the state is folded from, in the order of the axis."""
    moments = [(occurred_us, at) for at, _, occurred_us in log.stream_moments(stream)]
    if axis != "occurred":
        return [at for _, at in moments if at <= position]
    here = log.event(position)
    until = (0, 0) if here is None else (here.occurred_at_us, position)
    return [at for occurred_us, at in sorted(moments) if (occurred_us, at) <= until]


def _events(log: EventReader, order: Sequence[int]) -> Iterator[RecordedEvent]:
    for at in range(0, len(order), READ_AT_ONCE):
        wanted = order[at : at + READ_AT_ONCE]
        found = {it.position: it for it in log.at_positions(wanted)}
        yield from (found[it] for it in wanted)


def _by_states(
    reads: Reads, stream: str, path: Path, order: Sequence[int], axis: Axis
) -> RecordedEvent | None:
    """By asking the process that the model runs in, backwards: it does not hand its states on."""
    for position in reversed(order):
        event = reads.log.event(position)
        assert event is not None, "it is in the stream"
        if axis == "occurred":
            moment = (event.occurred_at_us, position)
            found = reads.states.as_occurred(reads.log, stream, *moment)
        else:
            found = reads.states.at(reads.log, stream, position)
        now, before = value_at(found.state, path), value_at(found.previous, path)
        if _differ(now, before):
            return event
    return None


def _differ(now: Any, before: Any) -> bool:
    return now is not before and now != before
