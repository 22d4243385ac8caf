"""A log in which every bundled view has much to take over: rows that go and come back, rows too
long to be kept in their history, values looked up, late events, types that come up late."""

import random

from store.events import NewEvent
from tests.contracts.plain_log import Given

LONG = "long text " * 300  # the history of a view leaves values of this length out
KINDS = {
    "order-1": ("OrderPlaced", "OrderTotalsCalculated", "OrderExpired", "OrderCorrected"),
    "order-2": ("OrderPlaced", "OrderTotalsCalculated", "OrderConfirmed", "OrderCorrected"),
    "seattype-ga": ("SeatCreated", "SeatUpdated", "SeatDraftDeleted"),
    "seats-1": ("AvailableSeatsChanged", "SeatsReserved"),
    "payment-1": ("PaymentInitiated", "PaymentCompleted"),
    "account-1": ("BankAccountCreated", "DepositPerformed"),
    "conference-1": ("ConferenceCreated", "ConferencePublished"),
    "assign-1": ("SeatAssignmentsCreated", "SeatAssigned"),
    "big-1": ("Noted", "Written"),
    "item-1": ("Noted", "Sent"),
}


def busy(first: int, count: int, seed: int) -> list[Given]:
    """So many events from a position on."""
    chance = random.Random(seed * 10_000 + first)
    return [_one(n, chance) for n in range(first, first + count)]


def _one(n: int, chance: random.Random) -> Given:
    stream = chance.choice([*KINDS, "big-1", "order-1", "order-1"])
    recorded_us = n * 1_000 + chance.choice([0, 0, 500, -40_000])
    event = NewEvent.of(
        chance.choice(KINDS[stream]),
        _data(n, chance),
        {"correlation_id": f"c-{n % 7}", "causation_id": f"e-{n - 1}"} if n % 3 else {},
        id=f"e-{n}",
        recorded_at_us=recorded_us,
        occurred_at_us=recorded_us - chance.choice([0, 70_000]),
        links=("item-2",) if chance.randrange(4) == 0 else (),
    )
    return Given(stream=stream, event=event)


def _data(n: int, chance: random.Random) -> dict[str, object]:
    note = LONG if chance.randrange(2) == 0 else ""
    seats = [{"seatType": "ga", "quantity": chance.randrange(-3, 4)}]
    seats += [{"seatType": "gold", "quantity": LONG}] * chance.randrange(2)
    line = {"seatType": "ga", "quantity": n, "unitPrice": 2, "lineTotal": 2 * n, "note": note}
    return {
        "accountId": "1",
        "amount": n,
        "availableSeatsChanged": seats,
        "conferenceId": "1",
        "isExpired": n % 5 == 0,
        "lines": [line] * chance.randrange(1, 3),
        "name": f"name {n}",
        "note": note or None,
        "orderId": "1",
        "owner": "Ada",
        "seats": seats,
        "sourceId": "1",
        "text": LONG if n % 4 == 0 else f"word{n}",
        "total": n,
        "totalAmount": n,
    }
