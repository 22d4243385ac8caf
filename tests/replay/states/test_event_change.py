"""Changing an event type: three reasons, tried on what is stored, and code that does the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.models.conference.orders import MODEL as ORDERS
from replay.states.change_trial import shapes, try_on
from replay.states.event_change import EventChange, FieldEdit, WrongChange
from replay.states.model_set import ModelSet, bundled_models
from replay.states.stream_states import StreamStates
from replay.typed_model import TypedModel
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.json_values import VALUES

ORDER = "order-7"
PLACED = """{"conferenceId":"c","seats":[],"reservationAutoExpiration":
"2026-01-01T00:00:00Z","accessCode":"A"}"""
HEAD = """from decimal import Decimal
from typing import Any

from replay.typed_model import Upcast
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "old.foldline", create=True)
    events = [
        NewEvent(type="OrderPlaced", data_json=PLACED, id="1"),
        NewEvent(type="OrderPaymentConfirmed", data_json='{"paidBy":"card"}', id="2"),
        NewEvent(type="CouponPrinted", data_json='{"code":"X"}', id="3"),
    ]
    store.append(ORDER, events, expected=0)
    yield store
    store.close()


def learnt(change: EventChange, model: TypedModel[Any]) -> TypedModel[Any]:
    """The model with the wizard's code written into it."""
    body, _, argument = change.code.rpartition("# Into TypedModel(…), and raise its version:\n")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "learnt.py"
        file.write_text(f"{HEAD}\n\n{body}\nLEARNT = dict(\n{argument}\n)\n", "utf-8")
        return replace(model, **run_path(str(file))["LEARNT"])


def bare(**facts: Any) -> TypedModel[Any]:
    return replace(ORDERS, upcasts=(), **facts)


def state(store: SqliteStore, model: TypedModel[Any]) -> Any:
    states = StreamStates(models=ModelSet([model]))
    return states.at(store.reader(), ORDER, store.head()).state


def test_a_renamed_type_replays_under_its_new_name(store: SqliteStore) -> None:
    change = EventChange(
        type="OrderPaymentConfirmed",
        reason="renamed",
        becomes="OrderConfirmed",
        edits=(
            FieldEdit(kind="drop", field="paidBy"),
            FieldEdit(kind="add", field="isConfirmed", value=True),
        ),
    )

    assert state(store, bare())["isConfirmed"] is False
    assert state(store, learnt(change, bare()))["isConfirmed"] is True
    trial = try_on(store.reader(), bundled_models(), change)
    assert (trial.events, trial.unfit, trial.model) == (1, 0, "Order")
    assert (trial.shown[0].before, trial.shown[0].after) == (
        {"paidBy": "card"},
        {"isConfirmed": True},
    )


def test_a_retired_type_has_no_effect_and_is_no_riddle(store: SqliteStore) -> None:
    change = EventChange(type="CouponPrinted", reason="retired", why="coupons are gone")
    model = learnt(change, ORDERS)
    event = list(store.read())[2]
    reading = ModelSet([model]).reading(model)

    assert "does not know" in ModelSet([ORDERS]).reading(ORDERS).why_unread(event)
    assert reading.why_unread(event) == ""
    assert reading.why_retired("CouponPrinted") == "coupons are gone"
    assert state(store, model) == state(store, ORDERS)
    assert try_on(store.reader(), bundled_models(), change).shown[0].after is None


def test_changed_fields_are_shown_where_the_class_does_not_take_them_yet(
    store: SqliteStore,
) -> None:
    change = EventChange(
        type="OrderPlaced",
        reason="fields",
        edits=(FieldEdit(kind="rename", field="accessCode", to="code"),),
    )

    trial = try_on(store.reader(), bundled_models(), change)

    assert trial.unfit == 1
    assert "accessCode" in trial.shown[0].problem
    assert shapes(store.reader(), "OrderPlaced") == {1: 1}
    assert next(it.data_json for it in store.read()) == PLACED


EDITS = st.one_of(
    st.builds(FieldEdit, kind=st.just("add"), field=st.sampled_from("abc"), value=VALUES),
    st.builds(FieldEdit, kind=st.just("drop"), field=st.sampled_from("abc")),
    st.builds(
        FieldEdit, kind=st.just("rename"), field=st.sampled_from("abc"), to=st.sampled_from("abcd")
    ),
)


PAYLOADS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


@given(st.lists(EDITS, min_size=1, max_size=5), PAYLOADS)
def test_the_code_does_what_the_trial_showed(edits: list[FieldEdit], data: dict[str, Any]) -> None:
    change = EventChange(type="CarParked", reason="fields", edits=tuple(edits))
    (upcast,) = learnt(change, ORDERS).upcasts

    assert upcast.change(dict(data)) == change.apply(data)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (EventChange(type="", reason="fields"), "no event type"),
        (EventChange(type="A", reason="fields"), "no field is changed"),
        (EventChange(type="A", reason="retired"), "give a reason"),
        (EventChange(type="A", reason="renamed", becomes="two words"), "not a valid name"),
        (EventChange(type="A", reason="renamed", becomes="class"), "not a valid name"),
        (EventChange(type="A", reason="renamed", becomes="A"), "the old one"),
        (
            EventChange(type="A", reason="fields", edits=(FieldEdit(kind="rename", field="x"),)),
            "without a name",
        ),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: EventChange, what: str) -> None:
    with pytest.raises(WrongChange, match=what):
        _ = change.code
