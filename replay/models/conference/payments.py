"""A payment through another company: begun, then completed or rejected, once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from replay.models.conference.lines import ConferenceId, OrderId
from replay.typed_model import Command, Elsewhere, Event, Refused, Situation, State, TypedModel

PaymentId = Annotated[
    str, Meta(title="Payment", min_length=1, extra_json_schema={"x-choices": "payment"})
]
Money = Annotated[
    Decimal, Meta(title="Amount", extra_json_schema={"exclusiveMinimum": 0, "x-unit": "$"})
]


class PaymentItem(Struct, frozen=True, kw_only=True):
    """What is paid for."""

    description: Annotated[str, Meta(title="Description")]
    amount: Money


class PaymentInitiated(Event, frozen=True):
    """A payment is under way."""

    payment_id: str
    source_id: str
    conference_id: str
    description: str
    total_amount: Decimal
    currency: str
    items: tuple[PaymentItem, ...]
    status: str


class PaymentCompleted(Event, frozen=True):
    """It was paid."""

    payment_id: str
    source_id: str
    status: str
    method: str = ""


class PaymentRejected(Event, frozen=True):
    """It was not paid."""

    payment_id: str
    source_id: str
    status: str


class Payment(State, frozen=True):
    """`status`: "", Initiated, Completed or Rejected."""

    source_id: str = ""  # the order it is for
    amount: Decimal = Decimal(0)
    status: str = ""


class InitiateThirdPartyProcessorPayment(Command, frozen=True):
    """Begin to pay for an order."""

    payment_id: Annotated[str, Meta(title="Payment", min_length=1)]
    source_id: OrderId
    conference_id: ConferenceId
    description: Annotated[str, Meta(title="Description")]
    total_amount: Money
    items: Annotated[tuple[PaymentItem, ...], Meta(title="Items")] = ()


class CompleteThirdPartyProcessorPayment(Command, frozen=True):
    """The payment came through."""

    payment_id: PaymentId
    method: Annotated[str, Meta(title="Method")] = ""


class CancelThirdPartyProcessorPayment(Command, frozen=True):
    """The payment was given up."""

    payment_id: PaymentId


def evolve(state: Payment, event: Event) -> Payment:
    """The payment after an event."""
    match event:
        case PaymentInitiated():
            return Payment(
                source_id=event.source_id, amount=event.total_amount, status=event.status
            )
        case PaymentCompleted() | PaymentRejected():
            return Payment(source_id=event.source_id, amount=state.amount, status=event.status)
    return state


def decide(state: Payment, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, InitiateThirdPartyProcessorPayment):
        if state.status:
            raise Refused("begun once", f"The payment is {state.status} already.")
        return [
            PaymentInitiated(
                payment_id=command.payment_id,
                source_id=command.source_id,
                conference_id=command.conference_id,
                description=command.description,
                total_amount=command.total_amount,
                items=command.items,
                currency="USD",
                status="Initiated",
            )
        ]
    if state.status != "Initiated":
        raise Refused("under way", "Only a payment that is under way can end.")
    return [_ended(state, command)]


def _ended(state: Payment, command: Any) -> Event:
    if isinstance(command, CompleteThirdPartyProcessorPayment):
        return PaymentCompleted(
            payment_id=command.payment_id,
            source_id=state.source_id,
            status="Completed",
            method=command.method,
        )
    return PaymentRejected(
        payment_id=command.payment_id, source_id=state.source_id, status="Rejected"
    )


def _ruled_out_begin(state: Payment) -> str:
    return f"The payment is {state.status} already." if state.status else ""


def _ruled_out_end(state: Payment) -> str:
    return "" if state.status == "Initiated" else "Only a payment that is under way can end."


MODEL: Final = TypedModel(
    name="payment",
    title="Payment",
    version=1,
    category="payment",
    state=Payment,
    events=(PaymentInitiated, PaymentCompleted, PaymentRejected),
    commands=(
        InitiateThirdPartyProcessorPayment,
        CompleteThirdPartyProcessorPayment,
        CancelThirdPartyProcessorPayment,
    ),
    evolve=evolve,
    decide=decide,
    stream_of=lambda command: f"payment-{command.payment_id}",
    ruled_out={
        InitiateThirdPartyProcessorPayment: _ruled_out_begin,
        CompleteThirdPartyProcessorPayment: _ruled_out_end,
        CancelThirdPartyProcessorPayment: _ruled_out_end,
    },
    undo={
        PaymentInitiated: lambda _before, event: CancelThirdPartyProcessorPayment(
            payment_id=event.payment_id
        )
    },
    final={
        PaymentCompleted: "Money that has come is not sent back by a command.",
        PaymentRejected: "A payment ends once; begin another one.",
    },
    # Money that has come cannot be refused: the order may have expired by then.
    elsewhere={CompleteThirdPartyProcessorPayment: Elsewhere.REPAIR},
)
