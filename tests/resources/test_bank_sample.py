"""The bank file: the walk, a long life, and balances counted again from outside."""

from collections import Counter, defaultdict
from decimal import Decimal

from tests.resources.sample_lines import Line, lines, of_stream, of_type

EVENTS = lines("bank")
SIGNS = {"DepositPerformed": 1, "WithdrawalPerformed": -1}


def balances() -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """At the end, and the lowest ever."""
    now: dict[str, Decimal] = defaultdict(Decimal)
    lowest: dict[str, Decimal] = defaultdict(Decimal)
    for line in EVENTS:
        if sign := SIGNS.get(line["type"]):
            account = line["data"]["accountId"]
            now[account] += sign * line["data"]["amount"]
            lowest[account] = min(lowest[account], now[account])
    return now, lowest


def follow_ups(line: Line) -> list[Line]:
    return [each for each in EVENTS if each["metadata"]["causation_id"] == line["id"]]


def test_it_has_a_few_thousand_events() -> None:
    assert 1_500 <= len(EVENTS) <= 3_000


def test_one_account_is_the_known_walk() -> None:
    walk = of_stream("bank", "account-4711")

    assert [(line["type"], line["data"]) for line in walk] == [
        ("BankAccountCreated", {"id": "4711", "owner": "John Doe"}),
        ("DepositPerformed", {"accountId": "4711", "amount": Decimal("20.00")}),
        ("OwnerChanged", {"accountId": "4711", "newOwner": "Jane Doe"}),
        ("WithdrawalPerformed", {"accountId": "4711", "amount": Decimal("10.00")}),
        ("WithdrawalPerformed", {"accountId": "4711", "amount": Decimal("10.00")}),
    ]


def test_one_account_has_lived_long() -> None:
    assert len(of_stream("bank", "account-1000")) > 500


def test_amounts_are_money_with_two_decimals() -> None:
    amounts = [line["data"]["amount"] for line in of_type("bank", *SIGNS)]

    assert all(amount > 0 and amount.as_tuple().exponent == -2 for amount in amounts)


def test_nobody_is_overdrawn_beyond_the_limit_and_some_are_overdrawn() -> None:
    _, lowest = balances()

    assert min(lowest.values()) >= Decimal("-500.00")
    assert sum(low < 0 for low in lowest.values()) >= 3


def test_a_closed_account_is_empty_and_stays_closed() -> None:
    now, _ = balances()
    closed = of_type("bank", "BankAccountClosed")

    assert len(closed) >= 2
    for line in closed:
        assert of_stream("bank", line["stream"])[-1] is line
        assert now[line["stream"].removeprefix("account-")] == 0


def test_salaries_and_rents_arrive_because_they_were_taken() -> None:
    for line in of_type("bank", "WithdrawalPerformed"):
        if line["data"].get("reference") in ("salary", "rent"):
            (deposit,) = follow_ups(line)
            assert deposit["type"] == "DepositPerformed"
            assert deposit["data"]["amount"] == line["data"]["amount"]


def test_there_are_twelve_paydays_on_working_days() -> None:
    paydays = {
        line["recorded_at"][:10]
        for line in of_stream("bank", "account-1000")
        if line["data"].get("reference") == "salary"
    }

    assert len(paydays) == 12
    assert {"2025-01-31", "2025-05-30", "2025-08-29", "2025-11-28"} <= paydays


def test_what_the_broker_bought_is_paid_once() -> None:
    for line in of_type("bank", "OrderSentToBank"):
        (paid,) = follow_ups(line)
        assert paid["data"]["amount"] == line["data"]["order"]["amount"]
        assert line["metadata"]["effects"][0]["gateway"] == "bank"


def test_cards_of_a_weekend_are_booked_on_monday_in_one_run() -> None:
    booked = Counter(
        line["recorded_at"][:16] for line in EVENTS if line["occurred_at"] != line["recorded_at"]
    )

    assert booked["2025-03-10T05:00"] >= 3  # a Monday
    assert not any(minute.startswith("2025-03-09") and minute[11:13] == "05" for minute in booked)


def test_owners_change_and_orders_are_sent() -> None:
    counts = Counter(line["type"] for line in EVENTS)

    assert counts["OwnerChanged"] == 4
    assert counts["OrderSentToBank"] > 30
