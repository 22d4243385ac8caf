"""Summaries of events of one log: the sentence of their model, or what is new in them."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from replay.states.event_summary import Leaves, constants, leaves, one_line, summary
from replay.states.inferred_summary import inferred_summary
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import RecordedEvent
from store.inferred.mark import mark_of
from store.interface import EventReader
from store.query import EventQuery

LOOKED_AT: Final = 8  # of the oldest and of the newest events of a type, for what all say alike
KEPT: Final = 1_024  # types


class EventSummaries:
    """For one log and one thread."""

    def __init__(self, log: EventReader, states: StreamStates) -> None:
        self._log = log
        self._states = states
        self._usual: OrderedDict[str, Leaves] = OrderedDict()

    def of(self, events: Sequence[RecordedEvent]) -> list[str]:
        """A line for each event, in their order; empty where there is nothing new."""
        told = self._states.sentences(events)
        silent = [it for it in events if it.position not in told]
        before = self._before(silent)
        found = [
            told[it.position] if it.position in told else self._of(it, before.get(it.position))
            for it in events
        ]
        return [_with_mark(*it) for it in zip(events, found, strict=True)]

    def _of(self, event: RecordedEvent, before: RecordedEvent | None) -> str:
        try:
            value = json_text.decode(event.data_json)
        except (ValueError, ArithmeticError):
            return one_line(event.data_json)
        return summary(
            value,
            stream=event.stream,
            before=_leaves_of(before) if before is not None else {},
            usual=self._usual_of(event.type),
            times_us=(event.occurred_at_us, event.recorded_at_us),
        )

    def _before(self, events: Sequence[RecordedEvent]) -> dict[int, RecordedEvent]:
        """For each event's position, the one before it in its stream."""
        here = {(it.stream, it.version): it for it in events}
        keys = {it.position: (it.stream, it.version - 1) for it in events}
        found = {position: here[key] for position, key in keys.items() if key in here}
        wanted = [it for it, (_, version) in keys.items() if version and it not in found]
        if wanted:
            before = self._log.positions_before(wanted)
            there = {it.position: it for it in self._log.at_positions(before.values())}
            found |= {it: there[at] for it, at in before.items()}
        return found

    def _usual_of(self, type_: str) -> Leaves:
        """What the events of a type say alike; looked for again while there are few of them."""
        known = self._usual.get(type_)
        if known is None:
            query = EventQuery(types=(type_,))
            some = [*self._log.read(query, limit=LOOKED_AT)]
            some += self._log.read(query, limit=LOOKED_AT, reverse=True)
            events = {it.position: it for it in some}
            known = constants([_leaves_of(it) for it in events.values()])
            if len(events) > LOOKED_AT:
                self._usual[type_] = known
        else:
            self._usual.move_to_end(type_)
        if len(self._usual) > KEPT:
            self._usual.popitem(last=False)
        return known


def _with_mark(event: RecordedEvent, told: str) -> str:
    """That an event was inferred stands before what it says."""
    mark = mark_of(event.metadata_json)
    if mark is None:
        return told
    try:
        row = json_text.decode(event.data_json)
    except (ValueError, ArithmeticError):
        row = None
    return inferred_summary(mark, row, told)


def _leaves_of(event: RecordedEvent) -> Leaves:
    try:
        value: Any = json_text.decode(event.data_json)
    except (ValueError, ArithmeticError):
        return {}
    return leaves(value)
