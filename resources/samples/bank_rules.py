"""Bank accounts, and a broker that has orders carried out by the bank."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeAlias

from resources.samples.rules import Fact, Refused, Rules

OVERDRAFT_LIMIT: Final = Decimal("500.00")  # ours: the model has none
ISIN_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str = ""
    owner: str = ""
    balance: Decimal = Decimal(0)
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    id: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformDeposit:
    amount: Decimal
    account_number: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformWithdrawal:
    amount: Decimal
    account_number: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOwner:
    account_id: str
    new_owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    account_id: str
    reason: str


AccountCommand: TypeAlias = (
    OpenAccount | PerformDeposit | PerformWithdrawal | ChangeOwner | CloseAccount
)


def decide(
    account: Account, command: AccountCommand, *, overdraft_limit: Decimal | None = None
) -> tuple[Fact, ...]:
    """Without a limit an account may be overdrawn at will, as in the model this follows."""
    if account.is_closed:
        raise Refused("the account is closed")
    match command:
        case OpenAccount():
            data = {"id": command.id, "owner": command.owner}
            return (Fact(type="BankAccountCreated", data=data),)
        case PerformDeposit():
            return (_booking("DepositPerformed", command),)
        case PerformWithdrawal():
            if overdraft_limit is not None:
                _refuse_beyond(overdraft_limit, account.balance - command.amount)
            return (_booking("WithdrawalPerformed", command),)
        case ChangeOwner():
            data = {"accountId": command.account_id, "newOwner": command.new_owner}
            return (Fact(type="OwnerChanged", data=data),)
        case CloseAccount():
            return (_closed(account, command),)


def evolve(account: Account, fact: Fact) -> Account:
    data = fact.data
    match fact.type:
        case "BankAccountCreated":
            return Account(id=data["id"], owner=data["owner"])
        case "DepositPerformed":
            return replace(account, balance=account.balance + data["amount"])
        case "WithdrawalPerformed":
            return replace(account, balance=account.balance - data["amount"])
        case "OwnerChanged":
            return replace(account, owner=data["newOwner"])
        case "BankAccountClosed":
            return replace(account, is_closed=True)
    return account


def _booking(type_: str, command: PerformDeposit | PerformWithdrawal) -> Fact:
    if command.amount <= 0:
        raise Refused("an amount is more than nothing")
    data: dict[str, Any] = {"accountId": command.account_number, "amount": command.amount}
    return Fact(type=type_, data=data | _reference(command.reference))


def _reference(reference: str) -> dict[str, Any]:
    return {"reference": reference} if reference else {}


def _refuse_beyond(limit: Decimal, balance: Decimal) -> None:
    if balance < -limit:
        raise Refused(f"the account would be overdrawn by more than {limit}")


def _closed(account: Account, command: CloseAccount) -> Fact:
    if account.balance:
        raise Refused("an account is emptied before it is closed")
    return Fact(type="BankAccountClosed", data={"reason": command.reason})


ACCOUNTS: Final = Rules(initial=Account, evolve=evolve, decide=decide)
ACCOUNTS_WITH_LIMIT: Final = Rules(
    initial=Account, evolve=evolve, decide=partial(decide, overdraft_limit=OVERDRAFT_LIMIT)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyOrder:
    amount: Decimal
    isin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    account_id: str = ""
    sent: tuple[str, ...] = ()  # order ids


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrderBook:
    id: str
    owner: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformBuyOrder:
    """`balance` is what the bank said when asked, `order_id` the one it confirmed."""

    order_book_id: str
    order: BuyOrder
    order_id: str
    balance: Decimal


def send_to_bank(book: OrderBook, command: OpenOrderBook | PerformBuyOrder) -> tuple[Fact, ...]:
    """Raises Refused for an order that the bank finds invalid: nothing is bought then."""
    match command:
        case OpenOrderBook():
            data = {"id": command.id, "owner": command.owner, "accountId": command.account_id}
            return (Fact(type="OrderBookOpened", data=data),)
        case PerformBuyOrder():
            if command.order_id in book.sent:
                raise Refused("the order has been sent already")
            _validate(command.order, command.balance)
            return (_sent(command),)


def note(book: OrderBook, fact: Fact) -> OrderBook:
    if fact.type == "OrderSentToBank":
        return replace(book, sent=(*book.sent, fact.data["orderId"]))
    return replace(book, account_id=fact.data["accountId"])


def _sent(command: PerformBuyOrder) -> Fact:
    order = {"amount": command.order.amount, "isin": command.order.isin}
    return Fact(type="OrderSentToBank", data={"orderId": command.order_id, "order": order})


def _validate(order: BuyOrder, balance: Decimal) -> None:
    if not is_isin(order.isin):
        raise Refused("InvalidOrder: there is no such security")
    if order.amount <= 0 or order.amount > balance:
        raise Refused("InvalidOrder: the account does not cover it")


def is_isin(text: str) -> bool:
    """Whether the check digit fits (ISO 6166)."""
    if len(text) != ISIN_LENGTH or not (text.isascii() and text.isalnum() and text.isupper()):
        return False
    digits = "".join(str(int(letter, 36)) for letter in text)
    doubled = (int(digit) * (1 + turn % 2) for turn, digit in enumerate(reversed(digits)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


ORDER_BOOKS: Final = Rules(initial=OrderBook, evolve=note, decide=send_to_bank)
