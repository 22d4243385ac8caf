"""Bank accounts and the broker: the walk, the limit that is ours, and orders sent once."""

from decimal import Decimal

import pytest

from resources.samples.bank_rules import (
    ACCOUNTS,
    ACCOUNTS_WITH_LIMIT,
    ORDER_BOOKS,
    Account,
    AccountCommand,
    BuyOrder,
    ChangeOwner,
    CloseAccount,
    OpenAccount,
    OpenOrderBook,
    OrderBook,
    PerformBuyOrder,
    PerformDeposit,
    PerformWithdrawal,
    is_isin,
)
from resources.samples.rules import Refused, Rules, folded

OPEN = OpenAccount(id="4711", owner="John Doe")
CLOSE = CloseAccount(account_id="4711", reason="moved")


def deposit(amount: str) -> PerformDeposit:
    return PerformDeposit(amount=Decimal(amount), account_number="4711")


def withdraw(amount: str) -> PerformWithdrawal:
    return PerformWithdrawal(amount=Decimal(amount), account_number="4711")


def after(*commands: AccountCommand, rules: Rules[Account] = ACCOUNTS) -> Account:
    state = Account()
    for command in commands:
        state = folded(rules, rules.decide(state, command), state)
    return state


def test_the_walk_has_the_balance_and_the_owner_it_should_at_each_version() -> None:
    walk = (
        OPEN,
        deposit("20.00"),
        ChangeOwner(account_id="4711", new_owner="Jane Doe"),
        withdraw("10.00"),
        withdraw("10.00"),
    )

    states = [after(*walk[:version]) for version in range(1, 6)]

    assert [state.balance for state in states] == [0, 20, 20, 10, 0]
    assert [state.owner for state in states] == ["John Doe"] * 2 + ["Jane Doe"] * 3


def test_without_a_limit_an_account_is_overdrawn_at_will() -> None:
    assert after(OPEN, withdraw("9000.00")).balance == -9000


def test_the_limit_lets_exactly_that_much_through() -> None:
    assert after(OPEN, withdraw("500.00"), rules=ACCOUNTS_WITH_LIMIT).balance == -500
    with pytest.raises(Refused, match="overdrawn"):
        after(OPEN, withdraw("500.01"), rules=ACCOUNTS_WITH_LIMIT)


@pytest.mark.parametrize("command", [deposit("0.00"), deposit("-1.00"), withdraw("-1.00")])
def test_an_amount_is_more_than_nothing(command: AccountCommand) -> None:
    with pytest.raises(Refused, match="more than nothing"):
        after(OPEN, command)


def test_an_account_is_emptied_before_it_is_closed() -> None:
    with pytest.raises(Refused, match="emptied"):
        after(OPEN, deposit("1.00"), CLOSE)


def test_a_closed_account_takes_nothing_more() -> None:
    closed = after(OPEN, CLOSE)

    with pytest.raises(Refused, match="closed"):
        ACCOUNTS.decide(closed, deposit("1.00"))


def test_a_booking_says_what_moved_and_not_what_is_left() -> None:
    (fact,) = ACCOUNTS.decide(after(OPEN), deposit("20.00"))

    assert fact.data == {"accountId": "4711", "amount": Decimal("20.00")}


def buy(amount: str, isin: str = "DE0007164600") -> PerformBuyOrder:
    order = BuyOrder(amount=Decimal(amount), isin=isin)
    return PerformBuyOrder(
        order_book_id="1100", order=order, order_id="x1", balance=Decimal("100.00")
    )


BOOK = folded(
    ORDER_BOOKS,
    ORDER_BOOKS.decide(OrderBook(), OpenOrderBook(id="1100", owner="Jane", account_id="4711")),
)


def test_a_valid_order_is_sent_to_the_bank() -> None:
    (fact,) = ORDER_BOOKS.decide(BOOK, buy("100.00"))

    assert fact.data == {
        "orderId": "x1",
        "order": {"amount": Decimal("100.00"), "isin": "DE0007164600"},
    }


@pytest.mark.parametrize(
    "command", [buy("100.01"), buy("0.00"), buy("50.00", "DE0007164601"), buy("50.00", "SAP")]
)
def test_an_order_the_bank_finds_invalid_is_not_sent(command: PerformBuyOrder) -> None:
    with pytest.raises(Refused, match="InvalidOrder"):
        ORDER_BOOKS.decide(BOOK, command)


def test_an_order_is_sent_once() -> None:
    sent = folded(ORDER_BOOKS, ORDER_BOOKS.decide(BOOK, buy("10.00")), BOOK)

    with pytest.raises(Refused, match="already"):
        ORDER_BOOKS.decide(sent, buy("10.00"))


@pytest.mark.parametrize("isin", ["US0378331005", "IE00B4L5Y983", "DE0007164600"])
def test_a_real_isin_has_a_fitting_check_digit(isin: str) -> None:
    wrong = isin[:-1] + str((int(isin[-1]) + 1) % 10)

    assert is_isin(isin)
    assert not is_isin(wrong)
