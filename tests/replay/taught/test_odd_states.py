"""Steps on states whose parts are not what a step expects: each its own sentence."""

from typing import Any

import pytest

from replay.taught.fold import TaughtFailed, taught_model
from replay.taught.paths import target
from replay.taught.steps import Set, Taught, WrongTeaching
from replay.taught.teaching import teaching_of_log
from store.events import Payload
from store.memory import MemoryStore
from tests.replay.taught.test_fold import model_of, state_of

MERGED = {"Merged": [{"do": "merge"}]}
SET = {"do": "set", "to": "a.b", "constant": 1}
LISTED = {"do": "add to list", "to": "a.b", "entry": "x"}
REMOVED = {"do": "remove by key", "to": "a.b", "key": "k", "value": "x"}
CHOSEN = {"do": "set", "to": "a.b[k=x].n", "constant": 1}
ADDED = {"do": "add", "to": "n", "value": "x"}
KEYED = {"do": "add to list", "to": "l", "key": "k", "sum": ["n"], "entry": {"k": "k", "n": "x"}}


def after(merged: Any, step: Any, data: Any) -> Any:
    types = {**MERGED, "Happened": [step]}
    return state_of(types, ("Merged", merged), ("Happened", data))


@pytest.mark.parametrize(
    ("merged", "step", "sentence"),
    [
        ({"a": "t"}, SET, 'a of the state is not an object: "t"'),
        ({"a": [1]}, SET, "a of the state is not an object: [1]"),
        ({"a": {"b": 7}}, LISTED, "a.b of the state is not a list: 7"),
        ({"a": 7}, LISTED, "a of the state is not an object: 7"),
        ({"a": 7}, REMOVED, "a of the state is not an object: 7"),
        ({"a": {"b": 7}}, REMOVED, "a.b of the state is not a list: 7"),
        ({"a": {"b": 7}}, CHOSEN, "a.b of the state is not a list: 7"),
        ({"a": 7}, CHOSEN, "a of the state is not an object: 7"),
        ({}, CHOSEN, "a.b has no entry where k is 1"),
        ({"n": "t"}, ADDED, 'n of the state is not a number: "t"'),
        ({"a": {"n": "t"}}, {**ADDED, "to": "a.n"}, 'a.n of the state is not a number: "t"'),
        ({"l": [{"k": 5, "n": "t"}]}, KEYED, 'l[0].n of the state is not a number: "t"'),
        (
            {"a": [{"k": 1, "n": 7}]},
            {"do": "set", "to": "a[k=x].n.m", "constant": 1},
            "a[k=…].n of the state is not an object: 7",
        ),
    ],
)
def test_a_part_of_another_kind_is_told_with_its_place(
    merged: Any, step: Any, sentence: str
) -> None:
    with pytest.raises(TaughtFailed) as failed:
        after(merged, step, {"x": 1, "k": 5})

    assert str(failed.value) == f"Happened at position 2: {sentence}"


def test_a_number_within_an_entry_that_is_none_is_told() -> None:
    with pytest.raises(TaughtFailed, match="n of the entry is not a number: true"):
        after({"l": [{"k": 5, "n": 1}]}, KEYED, {"x": True, "k": 5})


def test_what_is_not_there_is_made_on_the_way() -> None:
    assert after({}, SET, {}) == {"a": {"b": 1}}
    assert after({}, LISTED, {"x": 3}) == {"a": {"b": [3]}}
    assert after({}, ADDED, {"x": 3}) == {"n": 3}
    assert after({}, {**ADDED, "to": "a.n"}, {"x": 3}) == {"a": {"n": 3}}
    assert after({}, {**REMOVED, "if_missing": "skip"}, {"x": 3}) == {}


def test_entries_are_replaced_merged_and_deleted_by_their_keys() -> None:
    merged = {"a": [{"k": 1}, {"k": True, "n": 0}, "text", {"k": 2}]}

    assert after(merged, {"do": "delete", "to": "a[k=x]"}, {"x": 2})["a"][2:] == ["text"]
    assert after(merged, {"do": "delete", "to": "a[k=x].n"}, {"x": True})["a"][1] == {"k": True}
    assert after(merged, {"do": "delete", "to": "a"}, {}) == {}
    assert after(merged, {"do": "set", "to": "a[k=x]", "value": "y"}, {"x": 1, "y": 9})["a"][0] == 9
    found = after(merged, {"do": "merge", "to": "a[k=x]", "value": "y"}, {"x": 2, "y": {"z": 1}})
    assert found["a"][3] == {"k": 2, "z": 1}


def test_numbers_beyond_a_decimal_and_constants_with_fractions_are_exact() -> None:
    types = {
        "Set": [{"do": "set", "to": "a", "constant": {"b": [0.1]}}],
        "Got": [{"do": "set", "to": "a", "value": "x"}],
    }

    assert str(state_of(types, ("Set", {}))["a"]["b"][0]) == "0.1"


def test_a_path_into_a_list_of_the_data_and_with_odd_names() -> None:
    types = {
        "Got": [
            {"do": "set", "to": "first", "value": "lines[0].sku"},
            {"do": "set", "to": '["odd.name"].x', "value": '["q\\"q"]["a × b"]'},
            {"do": "set", "to": "$.deep.er", "value": "lines[1].more.most", "if_missing": "skip"},
            {"do": "set", "to": 'l["k"=lines[0].sku].n', "constant": 1, "if_missing": "skip"},
            {"do": "set", "to": "product", "value": '["q\\"q"]["a × b"] × 2'},
        ]
    }

    state = state_of(types, ("Got", {"lines": [{"sku": 7}], 'q"q': {"a × b": 3}}))

    assert state == {
        "first": 7,
        "odd.name": {"x": 3},
        "deep": {"er": None},
        "l": [],
        "product": 6,
    }


def test_data_that_is_hardly_read_is_taken_as_models_take_it() -> None:
    types = {
        "Got": [
            {"do": "set", "to": "a", "value": "x"},
            {"do": "add", "to": "n", "value": "y × y × y", "if_missing": "skip"},
        ],
        "Merged": [{"do": "merge", "to": "m", "value": "x", "if_missing": "skip"}],
        "Whole": [{"do": "merge", "to": "w"}],
    }
    model = model_of(types)
    huge = Payload(1, "cart-1", "Got", '{"x":1e99999999999999999999,"y":2}', "{}")
    deep = "[" * 50_000 + "]" * 50_000

    state = model.evolve(model.initial(), huge)
    assert (state["n"], state["a"] > 10**100) == (8, True)
    assert model.evolve(state, Payload(2, "cart-1", "Got", f'{{"x":{deep}}}', "{}")) is state
    assert model.evolve(state, Payload(2, "cart-1", "Whole", deep, "{}")) == state


def test_a_place_that_cannot_be_read_is_told_with_its_type() -> None:
    for step in (Set(to="a", value="["), Set(to="[", value="a")):
        with pytest.raises(WrongTeaching, match=r"^Got"):
            taught_model(Taught(category="c", version=1, types={"Got": (step,)}))


def test_a_number_that_another_step_left_as_text_is_told() -> None:
    types = {
        "Set": [{"do": "set", "to": "a.n", "constant": "t"}],
        "Counted": [{"do": "count", "to": "a.n"}, {"do": "add", "to": "a.n", "value": "x"}],
    }

    with pytest.raises(TaughtFailed, match=r"a\.n of the state is not a number"):
        state_of(types, ("Set", {}), ("Counted", {"x": 1}))
    with pytest.raises(TaughtFailed, match="x of the data is not a number"):
        state_of(types, ("Counted", {"x": "t"}))


@pytest.mark.parametrize("place", ["a..b", '["\\q"].b', '[""x].b'])
def test_a_place_in_the_state_that_cannot_be_read_is_told(place: str) -> None:
    with pytest.raises(WrongTeaching):
        target(place)


def test_a_log_that_lives_nowhere_was_never_taught() -> None:
    assert teaching_of_log(MemoryStore()).is_empty
