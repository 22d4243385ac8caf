"""Bank accounts: whose each is, what is on it, and whether it is closed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from replay.models import bank_account
from replay.models.bank_account import EXACT, money
from replay.projection import Json, Projection, Rows
from replay.words import said
from store.events import RecordedEvent


class AccountRow(Struct, frozen=True):
    """One row."""

    account: str
    owner: str
    balance: Json
    is_closed: bool


def apply(rows: Rows[AccountRow], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Fold one event of an account."""
    category, _, account = event.stream.partition("-")
    data = event.data
    if category != "account" or not isinstance(data, dict):
        return
    row = rows.get(account) or AccountRow(account, "", Decimal("0.00"), False)
    rows.put(_changed(row, event.type, data))


def _changed(row: AccountRow, type_: str, data: dict[str, Any]) -> AccountRow:
    match type_:
        case "BankAccountCreated":
            return replace(row, owner=str(data.get("owner", "")))
        case "OwnerChanged":
            return replace(row, owner=str(data.get("newOwner", "")))
        case "DepositPerformed":
            return replace(row, balance=_after(EXACT.add, row.balance, data.get("amount")))
        case "WithdrawalPerformed":
            return replace(row, balance=_after(EXACT.subtract, row.balance, data.get("amount")))
        case "BankAccountClosed":
            return replace(row, is_closed=True)
    return row


def _after(book: Callable[[Decimal, Decimal], Decimal], balance: Any, amount: Any) -> Decimal:
    """The balance after an amount; what is no amount changes nothing."""
    before = balance if isinstance(balance, Decimal) else Decimal(str(balance))
    if isinstance(amount, bool) or not isinstance(amount, (int, Decimal)):
        return before
    return money(book(before, Decimal(amount)))


PROJECTION = Projection(
    name="accounts",
    version=1,
    title=said("Accounts"),
    row=AccountRow,
    key=("account",),
    apply=apply,
    partition_by="stream",
    uses=(bank_account,),
    categories=frozenset({"account"}),
    listens=frozenset(
        {
            "BankAccountCreated",
            "OwnerChanged",
            "DepositPerformed",
            "WithdrawalPerformed",
            "BankAccountClosed",
        }
    ),
    nets_out=True,
)
