"""When a condition on a stream's state came true: the first time, the last, the next, the one
before, or every time.

One fold of the stream tells them all. A condition that once true stays true can also be found by
bisection: see replay.questions.moment_bisection.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct, structs

from replay.states.condition_fold import ConditionFold, asks_for_changes, told_values
from replay.states.field_histories import Axis, in_order
from replay.states.field_history import Places
from replay.states.model import Model, Readable
from replay.states.occurred_order import OccurredOrder, OccurredOrders
from store.filter.condition import condition
from store.filter.tree import Tree, leaves
from store.interface import EventReader

Which: TypeAlias = Literal["first", "last", "next", "previous", "all"]
Way: TypeAlias = Literal["scan", "bisection"]
Step: TypeAlias = tuple[int, int, bool, Any]
_Part: TypeAlias = tuple[ConditionFold[Any], Places]
Told: TypeAlias = Callable[[int], None]  # how many events of the stream have been looked at

TOLD_EVERY: Final = 10_000  # events


class Moment(Struct, frozen=True, kw_only=True):
    """An event behind which a condition holds, and did not before it. Of a condition that asks
    whether a field has changed, every event of which it holds."""

    position: int
    values: dict[str, Any] = {}  # of the fields that the condition names, behind the event
    until: int | None = None  # the event that ended it; None: it still holds, or was one event's


class FoundMoments(Struct, frozen=True, kw_only=True):
    """The moments in the order of the axis, and how they were found."""

    moments: tuple[Moment, ...]
    way: Way
    looked_at: int  # events folded, or states asked for


class Earlier(NamedTuple):
    """What a stream is folded with up to a position, before it is its model's."""

    model: Model[Any]
    until: int


def scanned(
    log: EventReader,
    model: Model[Any],
    stream: str,
    tree: Tree,
    *,
    which: Which = "all",
    position: int | None = None,
    axis: Axis = "recorded",
    told: Told = lambda _count: None,
    before: Earlier | None = None,
) -> FoundMoments:
    """By folding the stream as the log is now. `next` and `previous` are as seen from a position
    on the axis; without one, from the end. `told` is called now and then. On the axis of positions
    the model's state begins behind `before`. Raises what folding raises, and what `told` raises."""
    parts: list[_Part]
    if axis == "occurred":
        order, _ = OccurredOrders().of(log, stream)
        cursor = _occurred_cursor(log, order, position)
        parts = [(ConditionFold(model, tree), in_order(log, order.positions, 0))]
        return _scan(tree, parts, which, cursor, told)
    cursor = log.head() + 1 if position is None else position
    if before is None:
        parts = [(ConditionFold(_narrowed(model, tree), tree), _said(log, model, stream, tree))]
    else:
        earlier = log.stream_payloads(stream, until=before.until)
        later = log.stream_payloads(stream, after=before.until)
        parts = [
            (ConditionFold(before.model, tree), _placed(earlier)),
            (ConditionFold(model, tree), _placed(later)),
        ]
    return _scan(tree, parts, which, cursor, told)


def _placed(events: Iterable[Readable]) -> Places:
    return ((it.position, it) for it in events)


def _narrowed(model: Model[Any], tree: Tree) -> Model[Any]:
    """The model that folds as little as a condition on one field needs."""
    name = _only_field(tree)
    return (model.of_field(name) if name is not None else None) or model


def _only_field(tree: Tree) -> str | None:
    names = {it.field[1] for it in leaves(tree)}
    return names.pop() if len(names) == 1 else None


def _said(log: EventReader, model: Model[Any], stream: str, tree: Tree) -> Places:
    """Of the events that name the field; and all, where it may hold without any of them."""
    name = _only_field(tree) if _narrowed(model, tree) is not model else None
    if asks_for_changes(tree) or condition(tree)(None, model.to_json(model.initial())):
        name = None
    return _placed(log.stream_payloads(stream, naming=name))


def _occurred_cursor(log: EventReader, order: OccurredOrder, position: int | None) -> int:
    """The place in the order that a cursor stands at."""
    here = None if position is None else log.event(position)
    if here is None:
        return len(order.positions)
    return order.count(here.occurred_at_us, position) - 1


def _scan(
    tree: Tree,
    parts: Sequence[_Part],
    which: Which,
    cursor: int,
    told: Told,
) -> FoundMoments:
    """Through the parts of a stream, each with a state of its own."""
    is_of_changes = asks_for_changes(tree)
    found: list[Moment] = []
    was_held, count = False, 0
    steps = chain.from_iterable(fold.steps(events) for fold, events in parts)
    for place, position, is_held, state in _telling(steps, told):
        count += 1
        if is_held and (is_of_changes or not was_held):
            if which == "previous" and place >= cursor:
                break
            if which != "next" or place > cursor:
                if which in ("last", "previous"):
                    found.clear()
                found.append(Moment(position=position, values=told_values(state, tree)))
                if which in ("first", "next"):
                    break
        elif was_held and not is_held and found and not is_of_changes:
            found[-1] = structs.replace(found[-1], until=position)
        was_held = is_held
    return FoundMoments(moments=tuple(found), way="scan", looked_at=count)


def _telling(steps: Iterator[Step], told: Told) -> Iterator[Step]:
    for count, step in enumerate(steps, 1):
        if count % TOLD_EVERY == 0:
            told(count)
        yield step
