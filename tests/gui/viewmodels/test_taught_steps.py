"""Steps as texts of a form, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.viewmodels.taught_offers import offers_of
from gui.viewmodels.taught_steps import (
    FIELDS,
    KINDS,
    StepDraft,
    draft_of,
    sentence,
    step_of,
    wrong_step,
)
from replay.taught.steps import (
    Add,
    AddToList,
    Count,
    Delete,
    Ignore,
    Merge,
    RemoveByKey,
    Set,
    Step,
    Subtract,
    WrongTeaching,
)
from replay.taught.type_samples import type_samples
from store.events import NewEvent
from store.memory import MemoryStore

PATHS = st.sampled_from(["a", "a.b", "line.sku", "items[0].sku", "a × b", 'left["x.y"]'])
NAMES = st.sampled_from(["total", "customer.name", "items[sku=line.sku].quantity"])
CONSTANTS: st.SearchStrategy[Any] = (
    st.text(max_size=5) | st.integers(-9, 9) | st.booleans() | st.none()
)
MORE = {
    "each": st.sampled_from(["", "lines"]),
    "if_missing": st.sampled_from(["fail", "skip", "skip rest"]),
}
PAIRS = st.dictionaries(st.sampled_from(["sku", "quantity", "b"]), PATHS, min_size=1, max_size=3)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Set, to=NAMES, value=PATHS, **MORE),
    st.builds(Set, to=NAMES, constant=CONSTANTS, **MORE),
    st.builds(Merge, to=NAMES | st.just("$"), value=PATHS | st.just("$"), **MORE),
    st.builds(
        AddToList,
        to=NAMES,
        entry=PATHS | PAIRS,
        key=st.sampled_from(["", "sku"]),
        sum=st.sampled_from([(), ("quantity",), ("a", "b")]),
        **MORE,
    ),
    st.builds(RemoveByKey, to=NAMES, key=st.just("sku"), value=PATHS, subtract=PAIRS, **MORE),
    st.builds(Count, to=NAMES, **MORE),
    st.builds(Add, to=NAMES, value=PATHS, **MORE),
    st.builds(Subtract, to=NAMES, value=PATHS, **MORE),
    st.builds(Delete, to=NAMES | st.just("$"), **MORE),
    st.just(Ignore()),
)


@given(step=STEPS)
def test_a_step_that_is_shown_in_the_form_is_the_same_step_when_it_is_read(step: Step) -> None:
    draft = draft_of(step)

    assert step_of(draft) == step
    assert sentence(draft)


def test_the_form_has_fields_for_every_kind_of_step() -> None:
    kinds = {draft_of(it).do for it in (Set(to="a"), Ignore(), Count(to="a"), Delete(to="a"))}

    assert set(FIELDS) == set(KINDS)
    assert kinds <= set(KINDS)


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (StepDraft(to="a"), "set needs a value: the path of a field of the data"),
        (StepDraft(value="a"), 'a path in the state is missing; write "$" for the whole state'),
        (StepDraft(to="a", value='"open'), 'the closing quote is missing: "open'),
        (
            StepDraft(do="remove by key", to="a", value="b"),
            "remove by key needs the key of the entries in a",
        ),
        (
            StepDraft(do="add to list", to="a", entry="b: c, :"),
            "write a field of the entry as name: path, not ':'",
        ),
    ],
)
def test_what_is_wrong_with_a_step_is_a_sentence_without_its_place(
    draft: StepDraft, problem: str
) -> None:
    assert wrong_step(draft, is_alone=True) == problem


def test_a_value_that_is_no_known_choice_is_refused() -> None:
    with pytest.raises(WrongTeaching):
        step_of(StepDraft(do="count", to="a", if_missing="sometimes"))


def test_the_samples_and_the_state_are_offered_the_likeliest_first() -> None:
    log = MemoryStore()
    data = {"line": {"sku": "A", "qty": 1, "price": 2}, "lines": [{"sku": "A"}]}
    log.append("cart-1", [NewEvent.of("LineAdded", data)], expected=None)
    (sampled,) = type_samples(log, "cart")
    drafts = {"LineAdded": (StepDraft(do="add", to="worth", value="line.qty"),)}

    listed = offers_of(sampled, drafts, StepDraft(do="add to list", entry="line"))
    added = offers_of(sampled, drafts, StepDraft(do="add"))
    each = offers_of(sampled, drafts, StepDraft(do="add to list", each="lines"))

    assert listed["entry"][0] == "line"
    assert listed["to"] == ("lines",)
    assert listed["key"] == ("sku", "qty", "price")
    assert listed["sum"] == ("", "qty", "price")
    assert added["value"][:3] == ("line.qty", "line.price", "line.price × line.qty")
    assert added["to"][0] == "worth"
    assert each["key"] == ("sku",)
    assert offers_of(None, {}, StepDraft())["if_missing"] == ("fail", "skip", "skip rest")
