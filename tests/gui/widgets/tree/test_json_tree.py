"""The JSON tree: what it shows, and that it keeps its place."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.tree.json_model import JsonModel
from gui.widgets.tree.json_nodes import Mark, shown
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.tree.json_words import Path

pytestmark = pytest.mark.usefixtures("qapp")

ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=12,
)


@pytest.fixture
def tree(qtbot: QtBot) -> JsonTree:
    tree = JsonTree("State")
    qtbot.addWidget(tree)
    tree.resize(300, 240)
    tree.show()
    return tree


def rows(model: JsonModel, parent: QModelIndex | None = None) -> Iterator[str]:
    """Every row as a screen reader says it, top to bottom."""
    parent = parent or QModelIndex()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield model.data(index, ACCESSIBLE)
        yield from rows(model, index)


def said(tree: JsonTree) -> list[str]:
    return list(rows(tree.json))


def open_paths(tree: JsonTree) -> set[Path]:
    model = tree.json
    nodes = [node for node in model.made() if node.size]
    return {node.path for node in nodes if tree.isExpanded(model.index_of(node.path))}


def test_it_shows_names_values_and_what_changed_them(tree: JsonTree) -> None:
    tree.show_value(
        {"total": Decimal("1500.00"), "paid": False},
        title="order-1",
        marks={("total",): Mark("changed", Decimal("1550.00"))},
        notes={("total",): "OrderTotalsCalculated · 39 ms"},
    )

    assert said(tree) == [
        "order-1 2 fields",
        "total 1,500.00, changed from 1,550.00, OrderTotalsCalculated · 39 ms",
        "paid false",
    ]


def test_a_removed_field_stays_in_sight_where_it_was(tree: JsonTree) -> None:
    tree.show_value({"a": 1, "b": 2, "c": 3}, title="it")

    tree.show_value({"a": 1, "c": 3}, title="it", marks={("b",): Mark("removed", 2)})

    assert said(tree)[1:] == ["a 1", "b 2, removed", "c 3"]


def test_a_removed_item_and_the_item_now_in_its_place_are_two_rows(tree: JsonTree) -> None:
    tree.show_value({"lines": ["x", "z"]}, title="it", marks={("lines", 1): Mark("removed", "y")})

    assert said(tree)[2:] == ['[0] "x"', '[1] "y", removed', '[1] "z"']


def test_what_was_closed_stays_closed_when_the_value_changes(tree: JsonTree) -> None:
    tree.show_value({"a": {"x": 1}, "b": {"y": 1}}, title="it")
    tree.collapse(tree.json.index_of(("a",)))

    tree.show_value({"a": {"x": 2}, "b": {"y": 2}}, title="it")

    assert open_paths(tree) == {(), ("b",)}


def test_what_was_closed_is_closed_when_it_comes_back(tree: JsonTree) -> None:
    full = {"a": {"x": 1}, "b": {"y": 1}}
    tree.show_value(full, title="it")
    tree.collapse(tree.json.index_of(("a",)))

    tree.show_value({}, title="it")
    tree.show_value(full, title="it")

    assert open_paths(tree) == {(), ("b",)}


def test_a_long_array_starts_closed_and_can_be_opened(tree: JsonTree) -> None:
    tree.show_value({"many": list(range(500))}, title="it")
    assert ("many",) not in open_paths(tree)

    tree.expand(tree.json.index_of(("many",)))
    tree.show_value({"many": list(range(501))}, title="it")

    assert ("many",) in open_paths(tree)


def test_what_is_deep_starts_closed_unless_something_in_it_changed(tree: JsonTree) -> None:
    value = {"a": {"b": {"c": {"d": 1}, "e": {"f": 1}}}}

    tree.show_value(value, title="it", marks={("a", "b", "c", "d"): Mark("changed", 0)})

    assert ("a", "b", "c") in open_paths(tree)
    assert ("a", "b", "e") not in open_paths(tree)


def test_the_chosen_row_stays_chosen_by_its_path(tree: JsonTree, qtbot: QtBot) -> None:
    tree.show_value({"a": 1, "b": 2}, title="it")
    with qtbot.waitSignal(tree.path_chosen) as told:
        tree.setCurrentIndex(tree.json.index_of(("b",)))
    assert told.args == [("b",)]

    with qtbot.assertNotEmitted(tree.path_chosen):
        tree.show_value({"b": 3}, title="it")
        tree.show_value({}, title="it")
        tree.show_value({"new": 0, "a": 1, "b": 4}, title="it")

    assert tree.current_path() == ("b",)


def test_the_scroll_stays_at_its_row_when_rows_come_in_above(tree: JsonTree) -> None:
    value = {f"k{at:02}": at for at in range(20)} | {"tail": {f"t{at}": at for at in range(20)}}
    tree.show_value(value, title="it")
    tree.verticalScrollBar().setValue(24 * 8)
    top = tree.json.node(tree.indexAt(tree.viewport().rect().topLeft()))
    assert top is not None

    tree.show_value({"aaa": 1, "bbb": 2, **value}, title="it")

    again = tree.json.node(tree.indexAt(tree.viewport().rect().topLeft()))
    assert again is not None
    assert again.path == top.path


def test_the_scroll_comes_back_after_a_short_value(tree: JsonTree) -> None:
    value = {f"k{at:02}": at for at in range(24)}
    tree.show_value(value, title="it")
    tree.verticalScrollBar().setValue(24 * 8)

    tree.show_value({}, title="it")
    tree.show_value(value, title="it")

    assert tree.verticalScrollBar().value() == 24 * 8


def test_search_finds_names_and_values_and_goes_round(tree: JsonTree) -> None:
    tree.show_value({"Party": 1, "x": {"note": "a party"}, "y": [3]}, title="it")

    assert tree.find_text("PARTY") == 2
    visited = [tree.current_path()]
    tree.find_next()
    visited.append(tree.current_path())
    tree.find_next()
    visited.append(tree.current_path())
    tree.find_previous()
    visited.append(tree.current_path())

    assert visited == [("Party",), ("x", "note"), ("Party",), ("x", "note")]


def test_search_opens_what_hides_the_hit(tree: JsonTree) -> None:
    tree.show_value({"many": [{"id": at} for at in range(100)]}, title="it")

    assert tree.find_text("77") == 1

    assert tree.current_path() == ("many", 77, "id")
    assert {("many",), ("many", 77)} <= open_paths(tree)


def test_the_hit_is_kept_while_the_value_changes(tree: JsonTree) -> None:
    tree.show_value({"a": "find me", "b": "find me"}, title="it")
    tree.find_text("find")
    tree.find_next()
    told: list[tuple[int, int]] = []
    tree.hits_changed.connect(lambda number, count: told.append((number, count)))

    tree.show_value({"b": "find me", "c": "find me"}, title="it")
    tree.find_next()
    tree.show_value({"a": "find me", "b": "find me", "c": "find me"}, title="it")

    assert told == [(1, 2), (2, 2), (3, 3)]
    assert tree.current_path() == ("c",)


def test_a_number_is_found_as_it_is_written_and_as_it_is_shown(tree: JsonTree) -> None:
    tree.show_value({"total": Decimal("12345.60")}, title="it")

    assert tree.find_text("12345.60") == 1
    assert tree.find_text("12,345") == 1


def test_copying_gives_the_digits_that_came_in(tree: JsonTree) -> None:
    tree.show_value({"big": 123456789012345678901234567890}, title="it")
    tree.go_to(("big",))

    tree.copy_value()

    assert QApplication.clipboard().text() == "123456789012345678901234567890"


def test_ctrl_c_copies_the_value_and_with_shift_the_path(tree: JsonTree) -> None:
    tree.show_value({"lines": [{"a b": "x"}]}, title="it")
    tree.go_to(("lines", 0, "a b"))
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

    QTest.keyClick(tree, Qt.Key.Key_C, ctrl)
    value = QApplication.clipboard().text()
    QTest.keyClick(tree, Qt.Key.Key_C, ctrl | shift)

    assert (value, QApplication.clipboard().text()) == ("x", 'lines[0]["a b"]')


def test_the_menu_offers_to_pin_the_field(tree: JsonTree, qtbot: QtBot) -> None:
    tree.show_value({"a": 1}, title="it")
    tree.go_to(("a",))
    tree.tells_origins = True
    menu = tree.menu()

    with qtbot.waitSignal(tree.pin_wanted) as told:
        next(it for it in menu.actions() if it.text() == "Pin this field").trigger()

    assert told.args == [("a",)]


def test_enter_activates_a_path(tree: JsonTree, qtbot: QtBot) -> None:
    tree.show_value({"a": 1}, title="it")
    tree.go_to(("a",))

    with qtbot.waitSignal(tree.path_activated) as told:
        QTest.keyClick(tree, Qt.Key.Key_Return)

    assert told.args == [("a",)]


def test_the_left_key_closes_what_is_open(tree: JsonTree) -> None:
    tree.show_value({"a": {"x": 1}}, title="it")
    tree.go_to(("a",))

    QTest.keyClick(tree, Qt.Key.Key_Left)

    assert open_paths(tree) == {()}


def test_a_path_that_is_not_there_is_not_gone_to(tree: JsonTree) -> None:
    tree.show_value({"a": 1}, title="it")

    assert tree.go_to(("a",))
    assert not tree.go_to(("b",))
    assert tree.current_path() == ("a",)


def test_closing_all_leaves_the_top_row_open(tree: JsonTree) -> None:
    tree.show_value({"a": {"x": {"y": 1}}}, title="it")

    tree.collapse_all()
    closed = open_paths(tree)
    tree.expand_all()

    assert closed == {()}
    assert open_paths(tree) == {(), ("a",), ("a", "x")}


def test_clearing_shows_nothing_and_keeps_the_place(tree: JsonTree) -> None:
    tree.show_value({"a": {"x": 1}}, title="it")
    tree.collapse(tree.json.index_of(("a",)))
    shown_image = tree.viewport().grab().toImage()

    tree.clear()
    empty = tree.viewport().grab().toImage()
    tree.show_value({"a": {"x": 1}}, title="it")

    assert len({empty.pixel(x, y) for x in range(0, 200, 3) for y in range(60)}) == 1
    assert tree.viewport().grab().toImage() == shown_image
    assert open_paths(tree) == {()}


def test_a_place_can_be_forgotten(tree: JsonTree) -> None:
    tree.show_value({"a": {"x": 1}}, title="it")
    tree.collapse(tree.json.index_of(("a",)))

    tree.clear()
    tree.forget_place()
    tree.show_value({"a": {"x": 1}}, title="it")

    assert open_paths(tree) == {(), ("a",)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_changed_row_has_the_ground_of_changes(tree: JsonTree, scheme: str) -> None:
    themes().apply(scheme)
    tree.show_value({"a": 1, "b": 2}, title="it", marks={("a",): Mark("changed", 0)})

    image = tree.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    y = round(tree.visualRect(tree.json.index_of(("a",))).center().y() * ratio)

    assert image.pixelColor(2, y) == themes().current["changed"]
    themes().apply("light")


@pytest.mark.parametrize("kind", ["added", "removed", "changed", "moved"])
def test_every_kind_of_mark_is_drawn(tree: JsonTree, kind: Any) -> None:
    marks: dict[Path, Mark] = {("a", "b"): Mark(kind, {"deep": 1})}
    value = {"a": {} if kind == "removed" else {"b": {"deep": 2}}}

    tree.show_value(value, title="it", notes={("a",): "Somebody · " * 40})
    plain = tree.viewport().grab().toImage()
    tree.show_value(value, title="it", marks=marks, notes={("a",): "Somebody · " * 40})
    tree.find_text("deep")

    assert tree.viewport().grab().toImage() != plain


@given(before=values, after=values)
def test_after_a_replacement_the_rows_are_those_of_the_new_value(before: Any, after: Any) -> None:
    model, fresh = JsonModel(), JsonModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(shown(before, title="it", marks={}, notes={}))
    list(rows(model))

    model.replace(shown(after, title="it", marks={}, notes={}))
    fresh.replace(shown(after, title="it", marks={}, notes={}))

    assert list(rows(model)) == list(rows(fresh))


@given(steps=st.lists(st.dictionaries(st.sampled_from("abcd"), values), min_size=2, max_size=5))
def test_a_path_that_stays_keeps_its_row(steps: list[dict[str, Any]]) -> None:
    model = JsonModel()
    model.replace(shown({"kept": {"deep": [1]}, **steps[0]}, title="it", marks={}, notes={}))
    kept = model.index_of(("kept", "deep", 0)).internalId()

    for step in steps[1:]:
        model.replace(shown({"kept": {"deep": [2]}, **step}, title="it", marks={}, notes={}))

    assert model.index_of(("kept", "deep", 0)).internalId() == kept


def test_a_replacement_that_changes_nothing_tells_nothing(qtbot: QtBot) -> None:
    model = JsonModel()
    model.replace(shown({"a": [1, {"b": None}]}, title="it", marks={}, notes={}))
    list(rows(model))

    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.replace(shown({"a": [1, {"b": None}]}, title="it", marks={}, notes={}))


def test_true_and_one_are_different_values(qtbot: QtBot) -> None:
    model = JsonModel()
    model.replace(shown({"a": True}, title="it", marks={}, notes={}))
    list(rows(model))

    with qtbot.waitSignal(model.dataChanged):
        model.replace(shown({"a": 1}, title="it", marks={}, notes={}))


def test_rows_nobody_looked_at_are_not_made() -> None:
    model = JsonModel()

    model.replace(shown({"many": list(range(100_000))}, title="it", marks={}, notes={}))

    assert model.rowCount(model.index_of(("many",))) == 100_000
    assert len(model.made()) == 2


def test_the_model_keeps_qts_rules(qtmodeltester: Any) -> None:
    model = JsonModel()
    model.replace(shown({"a": [1, {"b": None}], "c": {}}, title="it", marks={}, notes={}))

    qtmodeltester.check(model)
