"""What a correction brings back to the right state is right in every bundled view that shows it.

For each bundled model an event is corrected, and the rows of every view are compared with those of
the history in which it had been right: the one after the correction, the other in a branch.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
import pytest

from replay.correcting.kinds import Kind
from replay.lab.memory_rows import folded
from replay.projection import Projection
from replay.projections import find_projections
from replay.projections.conferences import PROJECTION as CONFERENCES
from replay.states.model_set import bundled_models
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import reading_branch
from store.sqlite.store import SqliteStore
from tests.replay.correcting.test_correct import log_of
from tests.replay.models import test_corrections as lives
from tests.replay.models.test_corrections import Told, corrected, lived


class Case(NamedTuple):
    model: str
    stream: str
    life: Sequence[Told]
    position: int
    kind: Kind
    data: Any = None


LINE: Final[dict[str, Any]] = {**lives.LINE}
LINES: Final = [{"seatType": "hall", "unitPrice": 1000, "quantity": 2, "lineTotal": 2000}]
PLACED: Final[Told] = lives.ORDER[0]
PRICED: Final[Told] = (
    "OrderTotalsCalculated",
    {"total": 2000, "lines": LINES, "isFreeOfCharge": False},
)
HELD: Final[Told] = (
    "OrderReservationCompleted",
    {"reservationExpiration": "2026-01-01T00:15:00+00:00", "seats": [LINE | {"quantity": 2}]},
)
NAMED: Final = (
    "OrderRegistrantAssigned",
    {"registrant": {"first": "Ada", "last": "Li", "email": "ada@example.org"}},
)
CONFIRMED: Final = ("OrderConfirmed", {"isConfirmed": True})
EXPIRED: Final = ("OrderExpired", {"isExpired": True})
ORDER: Final = [PLACED, HELD, PRICED, NAMED]
ACCOUNT: Final = [
    ("BankAccountCreated", {"id": "7", "owner": "Ada"}),
    ("DepositPerformed", {"accountId": "7", "amount": 100}),
    ("WithdrawalPerformed", {"accountId": "7", "amount": 30}),
    ("OwnerChanged", {"accountId": "7", "newOwner": "Bo"}),
]
BOOK: Final[dict[str, Any]] = {"id": "b", "owner": "Ada", "accountId": "7"}
CASES: Final = (
    Case("customer", "customer-7", lives.CUSTOMER, 2, "wrong", {"address": "Porto"}),
    Case("member", "member-7", lives.MEMBER, 2, "rejected"),
    Case("broker", "orderbook-b", lives.BOOK, 1, "wrong", BOOK | {"accountId": "8"}),
    Case("account", "account-7", ACCOUNT, 2, "wrong", {"accountId": "7", "amount": 10}),
    Case("account", "account-7", ACCOUNT, 4, "rejected"),
    Case("seats", "seats-c", lives.SEATS, 1, "wrong", {"seats": [LINE | {"quantity": 100}]}),
    Case("seats", "seats-c", lives.SEATS, 2, "rejected"),
    Case("order", "order-1", ORDER, 3, "wrong", PRICED[1] | {"total": 200}),
    Case("order", "order-1", [*ORDER, CONFIRMED], 5, "rejected"),
    Case("order", "order-1", [*ORDER, EXPIRED], 5, "rejected"),
    Case("order", "order-1", [PLACED], 1, "wrong", PLACED[1] | {"seats": [LINE]}),
    Case(
        "order",
        "order-1",
        ORDER,
        4,
        "wrong",
        {"registrant": {"first": "Ada", "last": "Li", "email": "li@example.org"}},
    ),
    Case("assign", "assign-1", lives.ASSIGN, 2, "wrong", {"seats": {"0": {"attendee": lives.BO}}}),
    Case("assign", "assign-1", lives.ASSIGN, 3, "rejected"),
    Case(
        "assign",
        "assign-1",
        lives.ASSIGN,
        1,
        "wrong",
        {"orderId": "1", "seats": {"0": {"seatType": "vip"}, "1": {"seatType": "hall"}}},
    ),
    Case(
        "assign",
        "assign-1",
        lives.ASSIGN[:2],
        1,
        "wrong",
        {"orderId": "1", "seats": {"0": {"seatType": "hall"}}},
    ),
    Case(
        "seattype",
        "seattype-hall",
        [("SeatCreated", lives.OFFER)],
        1,
        "wrong",
        lives.OFFER | {"price": 100, "name": "Big hall"},
    ),
    Case(
        "conference",
        "conference-c",
        lives.CONFERENCE,
        1,
        "wrong",
        lives.CONFERENCE[0][1] | {"location": "Porto"},
    ),
)
# Columns that count events, or tell what the state of the model does not hold.
APART: Final = frozenset({"version", "draft_version", "priced_version", "availability_version"})
NOT_IN_THE_STATE: Final = {
    "managed_orders": {"access_code", "registrant"},
    "priced_orders": {"lines", "expires_at", "assignments_id"},
    "draft_orders": {"access_code", "requested"},
    "order_lines": {"unit_price", "line_total"},
}
EVERY_EVENT: Final = frozenset({"event_types", "streams", "latest_states"})


def views() -> list[Projection[Any]]:
    """Those that show what a model means; the others count or repeat every event."""
    return [it for it in find_projections() if it.name not in EVERY_EVENT]


def rows(projection: Projection[Any], line: Any) -> list[dict[str, Any]]:
    hidden = APART | NOT_IN_THE_STATE.get(projection.name, set())
    found = [msgspec.structs.asdict(it) for it in folded(projection, line.read())]
    return [{k: _plain(v) for k, v in it.items() if k not in hidden} for it in found]


def _plain(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def right_history(store: SqliteStore, case: Case) -> Any:
    path = create_branch(store.place.path, "right", fork=0)
    if case.kind == "rejected":
        BranchEditor(path).leave_out(case.position)
    else:
        data = msgspec.json.encode(case.data).decode()
        BranchEditor(path).replace(case.position, Content(data_json=data))
    return reading_branch(path)


@pytest.mark.parametrize("case", CASES, ids=lambda it: f"{it.stream} {it.position} {it.kind}")
def test_a_corrected_fact_is_in_every_view_that_shows_it(case: Case) -> None:
    with log_of(*lived(case.stream, case.life)) as store:
        with right_history(store, case) as right:
            wanted = {it.name: rows(it, right) for it in views()}

        corrected(store, case.position, case.kind, case.data)

        assert {it.name: rows(it, store) for it in views()} == wanted


def test_every_model_that_can_be_corrected_is_here() -> None:
    categories = {it.stream.partition("-")[0] for it in CASES}
    correcting = {it.category for it in bundled_models().models if it.correct is not None}

    # Ships are shown by no view of their own; payments and mails reach nothing.
    assert correcting - categories <= {"ship", "cargo", "port"}
    shown = {category for it in views() for category in it.categories}
    assert not shown & (correcting - categories)


def test_what_a_model_corrects_with_is_heard_where_its_events_are() -> None:
    heard = frozenset().union(*(it.listens or frozenset() for it in views()))

    assert "OrderCorrected" in heard
    assert "ConferenceUpdated" in (CONFERENCES.listens or ())
