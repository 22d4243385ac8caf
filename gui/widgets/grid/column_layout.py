"""Where the columns of a grid stand, and how a person's arrangement of them is kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlace:
    """One column, by its id. A width is one that a person chose; None: it fits its content."""

    id: str
    is_shown: bool = True
    width_px: int | None = None


def layout_text(places: Iterable[ColumnPlace]) -> bytes:
    """The places from left to right, as JSON."""
    return json.dumps([[it.id, it.is_shown, it.width_px] for it in places]).encode()


def layout_of(text: bytes) -> tuple[ColumnPlace, ...]:
    """The places that a text holds; none when it is not such a text."""
    try:
        rows = json.loads(text)
    except ValueError:
        return ()
    places = [_place(row) for row in rows] if isinstance(rows, list) else []
    return tuple({it.id: it for it in places if it is not None}.values())


def arranged(ids: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """These columns in a wanted order. What the order does not name stays behind the neighbour
    that it has now; what it names and is not there is passed over."""
    present = list(ids)
    named = [it for it in wanted if it in present]
    order = list(named)
    for at, name in enumerate(present):
        if name not in order:
            before = present[at - 1] if at else None
            order.insert(order.index(before) + 1 if before is not None else 0, name)
    return order


def _place(row: Any) -> ColumnPlace | None:
    match row:
        case [str(name), bool(is_shown), int(width) | (None as width)]:
            return ColumnPlace(id=name, is_shown=is_shown, width_px=width)
    return None
