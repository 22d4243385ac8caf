"""Payments: begun once, ended once."""

from decimal import Decimal

import pytest

from replay.commands.command_form import errors_in
from replay.models.conference.payments import (
    MODEL,
    CancelThirdPartyProcessorPayment,
    CompleteThirdPartyProcessorPayment,
    InitiateThirdPartyProcessorPayment,
    PaymentInitiated,
    PaymentItem,
)
from replay.typed_model import Command, Refused
from tests.replay.models.conference.rehearsal import decided, names

BEGIN = InitiateThirdPartyProcessorPayment(
    payment_id="p1",
    source_id="7f31",
    conference_id="gophercon",
    description="Registration",
    total_amount=Decimal("249.00"),
    items=(PaymentItem(description="1 × ga", amount=Decimal("199.00")),),
)
COMPLETE = CompleteThirdPartyProcessorPayment(payment_id="p1", method="card")
CANCEL = CancelThirdPartyProcessorPayment(payment_id="p1")


def test_a_payment_says_what_it_is_for() -> None:
    state, (begun,) = decided(MODEL, BEGIN)

    assert isinstance(begun, PaymentInitiated)
    assert (begun.source_id, begun.items[0].amount) == ("7f31", Decimal("199.00"))
    assert (state.status, state.amount) == ("Initiated", Decimal("249.00"))


@pytest.mark.parametrize(
    ("command", "type_", "status"),
    [(COMPLETE, "PaymentCompleted", "Completed"), (CANCEL, "PaymentRejected", "Rejected")],
)
@pytest.mark.parametrize("second", [COMPLETE, CANCEL])
def test_a_payment_ends_once(command: Command, type_: str, status: str, second: Command) -> None:
    state, events = decided(MODEL, BEGIN, command)

    assert (names(events)[1:], state.status) == ([type_], status)
    with pytest.raises(Refused, match="under way"):
        decided(MODEL, second, start=state)


@pytest.mark.parametrize("command", [COMPLETE, CANCEL])
def test_a_payment_nobody_began_cannot_end(command: Command) -> None:
    with pytest.raises(Refused, match="under way"):
        decided(MODEL, command)


def test_a_payment_is_begun_once() -> None:
    with pytest.raises(Refused, match="Initiated already"):
        decided(MODEL, BEGIN, BEGIN)


def test_nothing_is_nothing_to_pay() -> None:
    data = {
        "paymentId": "p1",
        "sourceId": "7f31",
        "conferenceId": "gophercon",
        "description": "",
        "totalAmount": Decimal("0.00"),
    }

    (error,) = errors_in(InitiateThirdPartyProcessorPayment, data)

    assert (error.path, error.message) == (("totalAmount",), "it must be more than 0")
