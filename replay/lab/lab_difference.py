"""Where a view first went another way: the row, the column, and the event that it began with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from replay.projection import Key
from replay.views.group_key import is_same
from store import json_text

Writes: TypeAlias = Sequence[tuple[int, Any]]  # position, and the row it left; None: none


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cell that ends otherwise. Values are JSON; without a column a whole row is missing."""

    key: str
    column: str
    undisturbed: str
    disturbed: str
    position: int  # of the event that the two sides parted at, and never met again


def differing_keys(good: Mapping[Key, Any], disturbed: Mapping[Key, Any]) -> frozenset[Key]:
    """Of the rows that are not the same in the end."""
    keys = {*good, *disturbed}
    return frozenset(it for it in keys if not _is_same(good.get(it), disturbed.get(it)))


def first_difference(good: Mapping[Key, Writes], disturbed: Mapping[Key, Writes]) -> Difference:
    """Of the rows in hand, one at least and all of which end otherwise, the one that parted at the
    earliest event; of several the first by key."""
    position, text, key = min(
        (_parted_at(good[it], disturbed[it]), _key_text(it), it) for it in good
    )
    one, other = _last(good[key]), _last(disturbed[key])
    column = "" if one is None or other is None else _column(one, other)
    return Difference(
        key=text,
        column=column,
        position=position,
        undisturbed=_told(one, column),
        disturbed=_told(other, column),
    )


def _parted_at(good: Writes, disturbed: Writes) -> int:
    """Two sides meet where the same events have led to the same row, in whatever order."""
    met = 0
    balance: Counter[int] = Counter()
    for done, ((one, left), (other, right)) in enumerate(zip(good, disturbed, strict=False), 1):
        balance[one] += 1
        balance[other] -= 1
        for it in (one, other):
            if not balance[it]:
                del balance[it]
        if not balance and _is_same(left, right):
            met = done
    return min(it[met][0] for it in (good, disturbed) if len(it) > met)


def _last(writes: Writes) -> Any:
    return writes[-1][1] if writes else None


def _column(one: Any, other: Any) -> str:
    fields = msgspec.structs.fields(one)
    pairs = ((it.name, getattr(one, it.name), getattr(other, it.name)) for it in fields)
    return next(name for name, left, right in pairs if not is_same(left, right))


def _is_same(one: Any, other: Any) -> bool:
    """Whether two rows have the same values; None is no row."""
    if one is None or other is None:
        return one is other
    return one == other and all(
        map(is_same, msgspec.structs.astuple(one), msgspec.structs.astuple(other))
    )


def _told(row: Any, column: str) -> str:
    if row is None:
        return "no row"
    return json_text.encode(getattr(row, column) if column else msgspec.structs.asdict(row))


def _key_text(key: Key) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
