"""The histories of fields that were asked for last, on both axes, as the log is now.

The first answer of a field folds its stream once; later ones fold what has come in since. Where
the payloads of a stream are merged, only those that may name the field are read.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from replay.states.diff import Path
from replay.states.field_history import Changes, FieldFold, FieldHistory, brief, grown, together
from replay.states.model import Model, Readable
from replay.states.occurred_order import Int64s, OccurredOrder, OccurredOrders
from store.interface import EventReader

KEPT: Final = 500_000  # changes in the histories that are held; what was longest unused goes first
READ_AT_ONCE: Final = 1_000  # events

Axis: TypeAlias = Literal["position", "recorded", "occurred"]
Key: TypeAlias = tuple[str, Path, str, str, bool, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundField:
    """A field's history, and where in it a cursor stands."""

    history: FieldHistory
    at: int  # the index of the last change at the cursor; -1 before the first one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    history: FieldHistory
    fold: FieldFold[Any]  # as it stands behind the last event that was read; never gone on with
    order: OccurredOrder | None = None  # that it was folded in; None: by position


class FieldHistories:
    """For one log. Any thread: what is folded on one is there for all."""

    def __init__(self, *, most: int = KEPT) -> None:
        """`most`: changes that are held."""
        self._most = most
        self._keeping = threading.Lock()
        self._held: OrderedDict[Key, _Held] = OrderedDict()
        self._orders = OccurredOrders()

    def at(
        self,
        log: EventReader,
        model: Model[Any],
        stream: str,
        path: Path,
        *,
        position: int,
        axis: Axis = "recorded",
        known: int | None = None,
    ) -> FoundField:
        """A field's history as the log is now, and its last change as of a position on an axis.
        On the occurred axis `known` leaves only what had been recorded up to that position.
        Raises what folding raises."""
        if axis != "occurred":
            history = self._recorded(log, model, stream, path)
            return FoundField(history=history, at=history.at(position))
        with self._keeping:
            order, _ = self._orders.of(log, stream)
        order = order.known_by(known)
        count = _count(log, order, position)
        if order.known is None and _is_by_position(order.positions):
            history = self._recorded(log, model, stream, path)
            last = int(order.positions[count - 1]) if count else 0
            return FoundField(history=history, at=history.at(last))
        history = self._occurred(log, model, stream, path, order)
        return FoundField(history=history, at=history.at(count - 1))

    def _recorded(
        self, log: EventReader, model: Model[Any], stream: str, path: Path
    ) -> FieldHistory:
        key, until = _key(model, stream, path, is_occurred=False), log.head()
        held = self._get(key) or _begun(model, path)
        if held.history.until >= until:
            return held.history
        fold = held.fold.copy()
        changes = _changes(log, fold, model, stream, path, after=held.history.until, until=until)
        return self._grow(key, held, fold, changes, until=until)

    def _occurred(
        self, log: EventReader, model: Model[Any], stream: str, path: Path, order: OccurredOrder
    ) -> FieldHistory:
        key = _key(model, stream, path, is_occurred=True, known=order.known)
        held = self._get(key)
        if held is not None and held.order is order:
            return held.history
        if held is None or held.order is None or not _goes_on(held.order, order):
            held = _begun(model, path)
        fold = held.fold.copy()
        changes = together(fold.changes(in_order(log, order.positions, fold.events)))
        return self._grow(key, held, fold, changes, until=order.until, order=order)

    def _grow(
        self,
        key: Key,
        held: _Held,
        fold: FieldFold[Any],
        changes: Changes,
        *,
        until: int,
        order: OccurredOrder | None = None,
    ) -> FieldHistory:
        history = grown(held.history, changes, until=until)
        self._keep(key, _Held(history=history, fold=fold, order=order))
        return history

    def _get(self, key: Key) -> _Held | None:
        with self._keeping:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def _keep(self, key: Key, held: _Held) -> None:
        """Unless another thread has come further meanwhile."""
        with self._keeping:
            other = self._held.get(key)
            if other is None or other.history.until <= held.history.until:
                self._held[key] = held
            self._held.move_to_end(key)
            count = sum(len(it.history.positions) for it in self._held.values())
            while count > self._most and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                count -= len(oldest.history.positions)


def in_order(log: EventReader, positions: Int64s, start: int) -> Iterator[tuple[int, Readable]]:
    """The events from one place of an order on, with their places, read by the thousand."""
    for first in range(start, len(positions), READ_AT_ONCE):
        wanted = positions[first : first + READ_AT_ONCE].tolist()
        found = {it.position: it for it in log.at_positions(wanted)}
        for place, position in enumerate(wanted, first):
            yield place, found[position]


def _key(
    model: Model[Any], stream: str, path: Path, *, is_occurred: bool, known: int | None = None
) -> Key:
    return stream, path, model.name, model.definition, is_occurred, known


def _begun(model: Model[Any], path: Path) -> _Held:
    fold = FieldFold(*_narrowed(model, path))
    return _Held(history=FieldHistory(path=path, first=brief(fold.value)), fold=fold)


def _narrowed(model: Model[Any], path: Path) -> tuple[Model[Any], Path]:
    """The model that folds as little as the field needs, and where the field is in its state."""
    return model.of_part(path) or (model, path)


def _changes(
    log: EventReader,
    fold: FieldFold[Any],
    model: Model[Any],
    stream: str,
    path: Path,
    *,
    after: int,
    until: int,
) -> Changes:
    """By what has come in, by position; in runs where the model reads them and there are such."""
    narrowed, rest = _narrowed(model, path)
    if narrowed.through is not None:
        runs = log.stream_texts(
            stream, after=after, until=until, payloads_only=not narrowed.reads_types
        )
        if runs is not None:
            return fold.changes_together(runs)
    naming = None if rest == path else str(path[0])
    said = log.stream_payloads(stream, after=after, until=until, naming=naming)
    return together(fold.changes((it.position, it) for it in said))


def _count(log: EventReader, order: OccurredOrder, position: int) -> int:
    """How many events of an order had occurred as of the event at a position."""
    here = log.event(position)
    return 0 if here is None else order.count(here.occurred_at_us, position)


def _is_by_position(positions: Int64s) -> bool:
    """Whether the events occurred in the order in which they were recorded."""
    return bool((positions[1:] > positions[:-1]).all())


def _goes_on(before: OccurredOrder, after: OccurredOrder) -> bool:
    """Whether what has come in stands behind all that there was."""
    known = len(before.positions)
    held = after.positions[:known]
    return len(held) == known and bool((held == before.positions).all())
