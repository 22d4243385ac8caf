"""What a stream's commands are filled with, and which of them its state rules out."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.commands.decide import CommandHandler
from replay.commands.given_fields import given_by
from replay.commands.offers import Offer, Offers
from replay.models import customer
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore, open_store
from tests.contracts.commands import commands_of
from tests.contracts.typed_model import assert_nothing_is_decided
from tests.replay.issued import issued


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "some.foldline", create=True)
    yield store
    store.close()


def offer(store: SqliteStore, stream: str, command: str) -> Offer:
    found = Offers(store, bundled_models()).of_stream(stream, store.head())
    return next(it for it in found if it.command == command)


@pytest.mark.parametrize(
    ("stream", "command", "expected"),
    [
        ("assign-5e11", "AssignSeat", {"orderId": "5e11"}),
        ("order-5e11", "ConfirmOrder", {"orderId": "5e11"}),
        ("account-7", "PerformDeposit", {"accountNumber": "7"}),
        ("account-7", "OpenAccount", {"id": "7"}),
        ("seats-conf", "MakeSeatReservation", {"conferenceId": "conf"}),
        ("ship-kr-1", "LoadCargo", {"ship": "kr-1"}),
    ],
)
def test_a_field_that_the_stream_is_named_after_is_filled_in(
    store: SqliteStore, stream: str, command: str, expected: dict[str, str]
) -> None:
    assert offer(store, stream, command).given == expected


@pytest.mark.parametrize("model", bundled_models().models, ids=lambda it: it.name)
def test_the_fields_that_are_filled_in_lead_back_to_the_stream(model) -> None:  # type: ignore[no-untyped-def]
    @settings(max_examples=10, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        for type_ in model.commands:
            command = data.draw(commands_of(type_))
            stream = model.stream_of(command)
            for name, value in given_by(stream, model, type_).items():
                field = next(it for it in type_.__struct_fields__ if camel(it) == name)
                assert getattr(command, field) == value

    check()


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(it.title() for it in rest)


def test_what_the_state_rules_out_is_told_for_that_command_alone(store: SqliteStore) -> None:
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "7", "owner": "Ada"}))
    handler.issue(issued("PerformDeposit", {"accountNumber": "7", "amount": Decimal(5)}))

    assert offer(store, "account-7", "OpenAccount").reason == "Account 7 is open already."
    assert offer(store, "account-7", "CloseAccount").reason == "The account still holds 5.00 €."
    assert offer(store, "account-7", "PerformDeposit").reason == ""


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_what_a_customer_s_state_rules_out_is_refused(data: st.DataObject) -> None:
    """No sample has customers, so any of their events in any order makes the states here."""
    state = customer.MODEL.initial()
    for event in data.draw(st.lists(st.sampled_from(SOME_EVENTS), max_size=6)):
        state = customer.MODEL.evolve(state, event)
    for type_ in customer.MODEL.commands:
        if reason := customer.MODEL.why_not(type_, state):
            command = data.draw(commands_of(type_))
            assert_nothing_is_decided(customer.MODEL, state, command, reason)


SOME_EVENTS = [
    customer.CustomerRegistered(id="7", last_name="King"),
    customer.CustomerMarried(),
    customer.CustomerHasBeenMadePreferred(),
    customer.CustomerBecameDelinquent(reason="bills"),
    customer.CustomerPaidUp(),
]


def test_a_delinquent_customer_is_not_to_be_preferred(store: SqliteStore) -> None:
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("RegisterCustomer", {"id": "7", "lastName": "King"}))
    assert offer(store, "customer-7", "MakeCustomerPreferred").reason == ""

    handler.issue(issued("ReportDelinquency", {"customer": "7", "reason": "bills"}))

    found = offer(store, "customer-7", "MakeCustomerPreferred")
    assert found.reason == "A delinquent customer cannot be preferred."


@pytest.mark.parametrize(
    ("data", "named", "reason"),
    [
        ({}, "", ""),
        ({"id": ""}, "", ""),
        ({"id": 7}, "", ""),
        ({"id": "8"}, "account-8", ""),
        ({"id": "8", "owner": 3}, "account-8", ""),
        ({"id": "7"}, "account-7", "Account 7 is open already."),
    ],
)
def test_a_form_is_judged_by_the_stream_that_its_fields_name(
    store: SqliteStore, data: dict[str, object], named: str, reason: str
) -> None:
    CommandHandler(store, bundled_models()).issue(issued("OpenAccount", {"id": "7", "owner": "A"}))

    found = Offers(store, bundled_models()).judge("OpenAccount", data, store.head())

    assert (found.stream, found.reason) == (named, reason)
    assert found.version == (1 if reason else 0)
