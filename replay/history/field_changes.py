"""Every change of a field with its event and its whole values, one after another; and the answer
to why a field is what it is.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from replay.history.audit import AuditEntry, audit_entry
from replay.states.diff import Path
from replay.states.field_histories import Axis, FoundField, in_order
from replay.states.field_history import FieldFold, FieldHistory, Places
from replay.states.model import Model
from replay.states.occurred_order import OccurredOrders
from replay.states.stream_states import StreamStates
from store.events import RecordedEvent
from store.interface import EventReader

READ_AT_ONCE: Final = 500  # events


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One change; ABSENT where there is no value."""

    event: RecordedEvent
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAnswer:
    """Why a field of a state is what it is. Values are as a history keeps them."""

    stream: str
    path: Path
    position: int  # asked for
    history: FieldHistory
    at: int  # the index of the change in the history; -1: it is what the state begins with
    event: RecordedEvent | None  # that made it so
    entry: AuditEntry | None  # who did that, by which command

    @property
    def before(self) -> Any:
        """What it was before that event."""
        return self.history.before(self.at)

    @property
    def after(self) -> Any:
        """What it is."""
        return self.history.first if self.at < 0 else self.history.values[self.at]

    def beside(self, steps: int) -> int | None:
        """The position of the change so many steps from where the cursor is; None beyond the
        ends. Between two changes the one before it is the first step back."""
        at, positions = self.at, self.history.positions
        is_on_it = at >= 0 and positions[at] == self.position
        at += steps if is_on_it or steps > 0 else steps + 1
        return positions[at] if 0 <= at < len(positions) else None


def field_answer(
    log: EventReader,
    states: StreamStates,
    stream: str,
    path: Path,
    *,
    position: int,
    axis: Axis = "recorded",
    known: int | None = None,
) -> FieldAnswer:
    """Why a field is what it is as of a position on an axis. On the occurred axis `known` leaves
    only what had been recorded up to that position. Raises what folding raises."""
    found: FoundField = states.field(log, stream, path, position=position, axis=axis, known=known)
    event = log.event(found.history.positions[found.at]) if found.at >= 0 else None
    return FieldAnswer(
        stream=stream,
        path=path,
        position=position,
        history=found.history,
        at=found.at,
        event=event,
        entry=None if event is None else audit_entry(log, event),
    )


def field_changes(
    log: EventReader,
    model: Model[Any],
    stream: str,
    path: Path,
    *,
    until: int | None = None,
    limit: int | None = None,
) -> Iterator[FieldChange]:
    """The changes up to a position, oldest first; with a limit the latest."""
    said = log.stream_payloads(stream, until=until)
    return _changes(log, model, path, ((it.position, it) for it in said), limit)


def changes_as_occurred(
    log: EventReader,
    model: Model[Any],
    stream: str,
    path: Path,
    *,
    until_us: int | None = None,
    known: int | None = None,
    limit: int | None = None,
) -> Iterator[FieldChange]:
    """The same in the order in which the events occurred, up to a time; of what had been recorded
    up to a position, or of all."""
    order = OccurredOrders().of(log, stream)[0].known_by(known)
    count = len(order.positions) if until_us is None else order.count(until_us, None)
    return _changes(log, model, path, in_order(log, order.positions[:count], 0), limit)


def _changes(
    log: EventReader, model: Model[Any], path: Path, events: Places, limit: int | None
) -> Iterator[FieldChange]:
    found: Iterable[tuple[int, Any, Any]] = _steps(FieldFold(model, path), events)
    found = iter(found if limit is None else deque(found, limit))
    while batch := list(islice(found, READ_AT_ONCE)):
        known = {it.position: it for it in log.at_positions([at for at, _, _ in batch])}
        for position, before, after in batch:
            yield FieldChange(event=known[position], before=before, after=after)


def _steps(fold: FieldFold[Any], events: Places) -> Iterator[tuple[int, Any, Any]]:
    before = fold.value
    for _, position, after in fold.changes(events):
        yield position, before, after
        before = after
