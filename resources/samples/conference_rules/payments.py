"""A payment through another company: begun, then completed or rejected, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from resources.samples.rules import Fact, Refused, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    source_id: str = ""  # the order it is for
    status: str = ""  # "", "Initiated", "Completed" or "Rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentItem:
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateThirdPartyProcessorPayment:
    payment_id: str
    source_id: str
    conference_id: str
    description: str
    total_amount: Decimal
    items: Sequence[PaymentItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteThirdPartyProcessorPayment:
    payment_id: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelThirdPartyProcessorPayment:
    payment_id: str


PaymentCommand: TypeAlias = (
    InitiateThirdPartyProcessorPayment
    | CompleteThirdPartyProcessorPayment
    | CancelThirdPartyProcessorPayment
)


def decide(state: Payment, command: PaymentCommand) -> tuple[Fact, ...]:
    match command:
        case InitiateThirdPartyProcessorPayment():
            return (_initiated(command),)
        case CompleteThirdPartyProcessorPayment():
            data = _outcome(state, command.payment_id, "Completed") | {"method": command.method}
            return (Fact(type="PaymentCompleted", data=data),)
        case CancelThirdPartyProcessorPayment():
            data = _outcome(state, command.payment_id, "Rejected")
            return (Fact(type="PaymentRejected", data=data),)


def evolve(_state: Payment, fact: Fact) -> Payment:
    return Payment(source_id=fact.data["sourceId"], status=fact.data["status"])


def _initiated(command: InitiateThirdPartyProcessorPayment) -> Fact:
    return Fact(
        type="PaymentInitiated",
        data={
            "paymentId": command.payment_id,
            "sourceId": command.source_id,
            "conferenceId": command.conference_id,
            "description": command.description,
            "totalAmount": command.total_amount,
            "currency": "USD",
            "items": [
                {"description": item.description, "amount": item.amount} for item in command.items
            ],
            "status": "Initiated",
        },
    )


def _outcome(state: Payment, payment_id: str, status: str) -> dict[str, Any]:
    if state.status != "Initiated":
        raise Refused("only a payment that is under way can end")
    return {"paymentId": payment_id, "sourceId": state.source_id, "status": status}


PAYMENTS: Final = Rules(initial=Payment, evolve=evolve, decide=decide)
