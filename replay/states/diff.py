"""What differs between two JSON states, field by field.

Objects are compared by key. Arrays whose items all carry an `id` of their own are matched by
it, others by index. Numbers are equal by value (1 and 1.0), but true is not 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Kind: TypeAlias = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` leads to the value after, or before where it was removed."""

    kind: Kind
    path: Path
    before: Any = None
    after: Any = None


def diff(before: Any, after: Any, path: Path = ()) -> Iterator[Change]:
    """Every difference, in the order of the fields; the smallest parts that differ."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _arrays(before, after, path)
    elif not _same_value(before, after):
        yield Change("changed", path, before, after)


def path_text(path: Path) -> str:
    """`lines[0].sku`; the whole state is `$`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "$"


def _objects(before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[Change]:
    for key, old in before.items():
        if key not in after:
            yield Change("removed", (*path, key), before=old)
        else:
            yield from diff(old, after[key], (*path, key))
    for key, new in after.items():
        if key not in before:
            yield Change("added", (*path, key), after=new)


def _arrays(before: list[Any], after: list[Any], path: Path) -> Iterator[Change]:
    old_ids, new_ids = _ids(before), _ids(after)
    if old_ids and new_ids:
        yield from _matched(before, after, old_ids, new_ids, path)
        return
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        yield from diff(old, new, (*path, index))
    for index in range(len(after), len(before)):
        yield Change("removed", (*path, index), before=before[index])
    for index in range(len(before), len(after)):
        yield Change("added", (*path, index), after=after[index])


def _matched(
    before: list[Any],
    after: list[Any],
    old_ids: dict[Any, int],
    new_ids: dict[Any, int],
    path: Path,
) -> Iterator[Change]:
    for id_, index in old_ids.items():
        if id_ not in new_ids:
            yield Change("removed", (*path, index), before=before[index])
    orders = zip(_common(old_ids, new_ids), _common(new_ids, old_ids), strict=True)
    stayed = {new for old, new in orders if new == old}
    for id_, index in new_ids.items():
        if id_ not in old_ids:
            yield Change("added", (*path, index), after=after[index])
            continue
        yield from diff(before[old_ids[id_]], after[index], (*path, index))
        if id_ not in stayed:
            yield Change("moved", (*path, index), old_ids[id_], index)


def _common(ids: dict[Any, int], others: dict[Any, int]) -> list[Any]:
    return [id_ for id_ in ids if id_ in others]


def _ids(items: list[Any]) -> dict[Any, int]:
    """The index of each item by its id; empty unless every item has one of its own."""
    ids: dict[Any, int] = {}
    for index, item in enumerate(items):
        id_ = item.get("id") if isinstance(item, dict) else None
        if isinstance(id_, bool) or not isinstance(id_, str | int) or id_ in ids:
            return {}
        ids[id_] = index
    return ids


def _same_value(before: Any, after: Any) -> bool:
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    if isinstance(before, int | Decimal) and isinstance(after, int | Decimal):
        return before == after
    return type(before) is type(after) and bool(before == after)
