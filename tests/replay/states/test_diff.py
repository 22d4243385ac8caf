"""A diff says everything that differs, and nothing else."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.states.diff import Change, diff, path_text
from replay.states.merge_patch import copy
from tests.replay.json_values import VALUES, VALUES_WITHOUT_ID

ITEMS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 6), "n": st.integers(0, 2)}),
    max_size=6,
    unique_by=lambda item: item["id"],
)


@given(VALUES_WITHOUT_ID, VALUES_WITHOUT_ID)
def test_the_changes_made_to_the_state_before_give_the_state_after(before: Any, after: Any) -> None:
    assert _exact(_applied(before, list(diff(before, after)))) == _exact(after)


@given(ITEMS, ITEMS)
def test_the_changes_made_to_items_with_ids_give_the_items_after(
    before: list[dict[str, int]], after: list[dict[str, int]]
) -> None:
    if before and after:
        changes = list(diff(before, after))
        assert _applied_by_id(before, changes, len(after)) == after


@given(VALUES)
def test_a_state_does_not_differ_from_a_copy_of_itself(value: Any) -> None:
    assert list(diff(value, copy(value))) == []


@given(ITEMS, ITEMS)
def test_items_matched_by_id_tell_who_came_went_moved_and_changed(
    before: list[dict[str, int]], after: list[dict[str, int]]
) -> None:
    changes = list(diff(before, after))

    old, new = ({it["id"]: it for it in items} for items in (before, after))
    added = {after[int(it.path[0])]["id"] for it in changes if it.kind == "added"}
    removed = {before[int(it.path[0])]["id"] for it in changes if it.kind == "removed"}
    if old and new:
        assert added == new.keys() - old.keys()
        assert removed == old.keys() - new.keys()
        changed = {after[int(it.path[0])]["id"] for it in changes if it.kind == "changed"}
        assert changed == {id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_]}
    in_old_order = [it["id"] for it in before if it["id"] in new]
    in_new_order = [it["id"] for it in after if it["id"] in old]
    assert any(it.kind == "moved" for it in changes) == (in_old_order != in_new_order)


@pytest.mark.parametrize(
    ("before", "after"),
    [(True, 1), (False, 0), (0, None), ("1", 1), (Decimal("0.5"), "0.5"), ([], {}), (None, False)],
)
def test_values_of_different_kinds_differ(before: Any, after: Any) -> None:
    assert list(diff({"x": before}, {"x": after})) == [Change("changed", ("x",), before, after)]


@pytest.mark.parametrize(
    ("before", "after"), [(1, Decimal("1.0")), (Decimal("0.10"), Decimal("0.1"))]
)
def test_numbers_of_the_same_value_do_not_differ(before: Any, after: Any) -> None:
    assert list(diff({"x": before}, {"x": after})) == []


def test_the_smallest_parts_that_differ_are_named() -> None:
    before = {"order": {"lines": [1, 2], "paid": False}, "gone": 1}
    after = {"order": {"lines": [1, 3, 4], "paid": False}, "new": 2}

    assert list(diff(before, after)) == [
        Change("changed", ("order", "lines", 1), 2, 3),
        Change("added", ("order", "lines", 2), after=4),
        Change("removed", ("gone",), before=1),
        Change("added", ("new",), after=2),
    ]


def test_a_shorter_array_has_lost_its_last_items() -> None:
    assert list(diff([1, 2, 3], [1])) == [
        Change("removed", (1,), before=2),
        Change("removed", (2,), before=3),
    ]


def test_an_item_put_in_front_does_not_change_those_behind_it() -> None:
    before = [{"id": "a", "n": 1}, {"id": "b", "n": 2}]
    after = [{"id": "c", "n": 0}, *before]

    assert list(diff(before, after)) == [Change("added", (0,), after={"id": "c", "n": 0})]


def test_a_moved_item_tells_both_its_places() -> None:
    before = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    after = [{"id": "b"}, {"id": "a"}, {"id": "c"}]

    assert list(diff(before, after)) == [Change("moved", (0,), 1, 0), Change("moved", (1,), 0, 1)]


def test_items_that_share_an_id_are_compared_by_place() -> None:
    before, after = [{"id": 1, "n": 1}, {"id": 1, "n": 2}], [{"id": 1, "n": 2}]

    assert [it.kind for it in diff(before, after)] == ["changed", "removed"]


@pytest.mark.parametrize(
    ("path", "text"),
    [((), "$"), (("lines", 0, "sku"), "lines[0].sku"), ((2, "x"), "[2].x")],
)
def test_a_path_reads_as_in_code(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


def _applied(before: Any, changes: list[Change]) -> Any:
    """`before` with the changes made; arrays by index."""
    box = {"$": copy(before)}
    last_first = sorted(changes, key=lambda it: _index(it.path), reverse=True)
    for change in last_first:
        if change.kind == "removed":
            del _parent(box, change.path)[change.path[-1]]
    for change in changes:
        parent, key = _parent(box, change.path), ("$", *change.path)[-1]
        if change.kind == "added" and isinstance(parent, list):
            parent.insert(int(key), change.after)
        elif change.kind != "removed":
            parent[key] = change.after
    return box["$"]


def _applied_by_id(before: list[Any], changes: list[Change], size: int) -> list[Any]:
    """`before` with the changes made to its items: those that came or moved take their place,
    those that stayed fill the gaps in their old order."""
    gone = {it.path[0] for it in changes if it.kind == "removed"}
    moved = {it.before: it.path[0] for it in changes if it.kind == "moved"}
    placed: dict[Any, Any] = {it.path[0]: it.after for it in changes if it.kind == "added"}
    placed |= {new: dict(before[old]) for old, new in moved.items()}
    stayed = iter(dict(it) for at, it in enumerate(before) if at not in gone and at not in moved)
    items = [placed[at] if at in placed else next(stayed) for at in range(size)]
    for change in changes:
        if change.kind == "changed":
            items[int(change.path[0])][change.path[1]] = change.after
    return [*items, *stayed]


def _index(path: tuple[str | int, ...]) -> int:
    return path[-1] if path and isinstance(path[-1], int) else -1


def _parent(box: dict[str, Any], path: tuple[str | int, ...]) -> Any:
    parent: Any = box
    for key in ("$", *path)[:-1]:
        parent = parent[key]
    return parent


def _exact(value: Any) -> Any:
    """Told apart as a reader of JSON does: true is not 1, while 1.0 is."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return (isinstance(value, bool), value)
