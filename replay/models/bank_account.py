"""Bank accounts: deposits, withdrawals within an overdraft limit, owners, and closing.

Events and the walk of the tests follow a talk on event sourcing whose code has no overdraft
rule; the limit here is ours, as without it two withdrawals at once could do no harm.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

OVERDRAFT_LIMIT: Final = Decimal("500.00")
CENT: Final = Decimal("0.01")
CORRECTION: Final = "correction"  # the reference of a booking that corrects earlier ones
MOST: Final = 1_000_000_000  # in one booking
EXACT: Final = Context(
    prec=2_000, traps=[]
)  # digits; what other systems recorded may be of any size

Amount = Annotated[
    Decimal,
    Meta(
        title="Amount",
        description="whole cents",
        extra_json_schema={"exclusiveMinimum": 0, "maximum": MOST, "x-unit": "€"},
    ),
]
AccountNumber = Annotated[
    str, Meta(title="Account", min_length=1, extra_json_schema={"x-choices": "account"})
]
Reference = Annotated[str, Meta(title="Reference", description="what the statement says")]


class BankAccountCreated(Event, frozen=True):
    """An account was opened."""

    id: str
    owner: str


class DepositPerformed(Event, frozen=True):
    """Money came in."""

    account_id: str
    amount: Decimal
    reference: str = ""


class WithdrawalPerformed(Event, frozen=True):
    """Money went out."""

    account_id: str
    amount: Decimal
    reference: str = ""


class OwnerChanged(Event, frozen=True):
    """The account belongs to somebody else; `prior_owner` is kept to step back."""

    account_id: str
    new_owner: str
    prior_owner: str | None = None


class BankAccountClosed(Event, frozen=True):
    """Nothing more can be booked."""

    reason: str


class Account(State, frozen=True):
    """What is known of an account, and whether every event fits what was before it: one that
    does not cannot be undone from what is known after it."""

    id: str = ""
    owner: str = ""
    balance: Decimal = Decimal("0.00")
    is_closed: bool = False
    closing_reason: str = ""
    is_consistent: bool = True


class OpenAccount(Command, frozen=True):
    """Open an account with a balance of nothing."""

    id: Annotated[str, Meta(title="Account number", min_length=1, pattern="^[A-Za-z0-9]+$")]
    owner: Annotated[str, Meta(title="Owner", min_length=1)]


class PerformDeposit(Command, frozen=True):
    """Pay money in."""

    account_number: AccountNumber
    amount: Amount
    reference: Reference = ""


class PerformWithdrawal(Command, frozen=True):
    """Pay money out, down to the overdraft limit."""

    account_number: AccountNumber
    amount: Amount
    reference: Reference = ""


class ChangeOwner(Command, frozen=True):
    """Give the account to somebody else."""

    account_id: AccountNumber
    new_owner: Annotated[str, Meta(title="New owner", min_length=1)]


class CloseAccount(Command, frozen=True):
    """Close an emptied account for good."""

    account_id: AccountNumber
    reason: Annotated[str, Meta(title="Reason", min_length=1)]


def evolve(account: Account, event: Event) -> Account:
    """The account after an event."""
    match event:
        case DepositPerformed():
            return replace(account, balance=money(EXACT.add(account.balance, event.amount)))
        case WithdrawalPerformed():
            return replace(account, balance=money(EXACT.subtract(account.balance, event.amount)))
        case BankAccountCreated():
            fits = not account.id and account.is_consistent
            return replace(account, id=event.id, owner=event.owner, is_consistent=fits)
        case OwnerChanged():
            fits = event.prior_owner in (None, account.owner) and account.is_consistent
            return replace(account, owner=event.new_owner, is_consistent=fits)
        case BankAccountClosed():
            fits = not account.is_closed and account.is_consistent
            return replace(account, is_closed=True, closing_reason=event.reason, is_consistent=fits)
    return account


def money(amount: Decimal) -> Decimal:
    """With two digits behind the point, or more where there are; so that equal amounts read the
    same, however they came about."""
    if amount.same_quantum(CENT):
        return amount
    whole = amount.quantize(CENT, context=EXACT)
    return whole if whole == amount else EXACT.add(amount.normalize(EXACT), 0)


def decide(account: Account, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, OpenAccount):
        if account.id:
            raise Refused("account exists", f"Account {account.id} is open already.")
        return [BankAccountCreated(id=command.id, owner=command.owner)]
    if not account.id:
        raise Refused("account exists", "There is no such account.")
    if account.is_closed:
        raise Refused("account is open", f"The account is closed: {account.closing_reason}")
    match command:
        case PerformDeposit():
            _require_cents(command.amount)
            return [
                DepositPerformed(
                    account_id=account.id, amount=command.amount, reference=command.reference
                )
            ]
        case PerformWithdrawal():
            return [_withdrawn(account, command)]
        case ChangeOwner():
            return [
                OwnerChanged(
                    account_id=account.id, new_owner=command.new_owner, prior_owner=account.owner
                )
            ]
        case CloseAccount():
            return [_closed(account, command)]
    raise TypeError(f"no account command: {type(command).__name__}")


def _require_cents(amount: Decimal) -> None:
    if amount % CENT:
        raise Refused("whole cents", f"{amount} € is not a number of whole cents.")


def _withdrawn(account: Account, command: PerformWithdrawal) -> Event:
    _require_cents(command.amount)
    left = account.balance - command.amount
    if left < -OVERDRAFT_LIMIT:
        raise Refused(
            "overdraft limit",
            f"The balance would be {left} €, and {-OVERDRAFT_LIMIT} € is the lowest allowed.",
        )
    return WithdrawalPerformed(
        account_id=account.id, amount=command.amount, reference=command.reference
    )


def _closed(account: Account, command: CloseAccount) -> Event:
    if account.balance:
        raise Refused("emptied first", f"The account still holds {account.balance} €.")
    return BankAccountClosed(reason=command.reason)


def _ruled_out_opening(account: Account) -> str:
    return f"Account {account.id} is open already." if account.id else ""


def _ruled_out_closing(account: Account) -> str:
    return f"The account still holds {account.balance} €." if account.balance else ""


def _stream_of(command: Any) -> str:
    match command:
        case OpenAccount():
            return f"account-{command.id}"
        case PerformDeposit() | PerformWithdrawal():
            return f"account-{command.account_number}"
    return f"account-{command.account_id}"


def _give_back_owner(account: Account, event: OwnerChanged) -> Account:
    if event.prior_owner is None:
        raise LookupError("the prior owner was not kept")
    _require_consistent(account)
    return replace(account, owner=event.prior_owner)


def _change_owner_back(before: Account, event: OwnerChanged) -> ChangeOwner:
    owner = event.prior_owner or before.owner
    if not owner:
        raise LookupError("nobody knows who the owner was before")
    return ChangeOwner(account_id=before.id, new_owner=owner)


def _amount_in_words(sign: str, event: DepositPerformed | WithdrawalPerformed) -> str:
    return f"{sign}{event.amount:,} · {event.reference}".removesuffix(" · ")


def _reopened(account: Account, _event: BankAccountClosed) -> Account:
    _require_consistent(account)
    return replace(account, is_closed=False, closing_reason="")


def _corrected(now: Account, should_be: Account) -> Sequence[Event]:
    """As a bookkeeper does it: by bookings of the difference. What was closed stays closed, and no
    booking tells that an earlier event fits after all."""
    events = list[Event]()
    if not now.id and should_be.id:
        events.append(BankAccountCreated(id=should_be.id, owner=should_be.owner))
    elif now.owner != should_be.owner:
        events.append(
            OwnerChanged(
                account_id=now.id or should_be.id, new_owner=should_be.owner, prior_owner=now.owner
            )
        )
    events += _booked(now, should_be)
    if should_be.is_closed and not now.is_closed:
        events.append(BankAccountClosed(reason=should_be.closing_reason))
    return events


def _booked(now: Account, should_be: Account) -> Sequence[Event]:
    missing = EXACT.subtract(should_be.balance, now.balance)
    account_id = now.id or should_be.id
    if missing > 0:
        return [
            DepositPerformed(account_id=account_id, amount=money(missing), reference=CORRECTION)
        ]
    if missing < 0:
        amount = money(EXACT.minus(missing))
        return [WithdrawalPerformed(account_id=account_id, amount=amount, reference=CORRECTION)]
    return []


def _require_consistent(account: Account) -> None:
    if not account.is_consistent:
        raise LookupError("an event does not fit what was before it")


MODEL: Final = TypedModel(
    name="bank account",
    title="Bank account",
    version=2,
    category="account",
    state=Account,
    events=(
        BankAccountCreated,
        DepositPerformed,
        WithdrawalPerformed,
        OwnerChanged,
        BankAccountClosed,
    ),
    commands=(OpenAccount, PerformDeposit, PerformWithdrawal, ChangeOwner, CloseAccount),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    reverses={
        DepositPerformed: lambda it, event: replace(
            it, balance=money(EXACT.subtract(it.balance, event.amount))
        ),
        WithdrawalPerformed: lambda it, event: replace(
            it, balance=money(EXACT.add(it.balance, event.amount))
        ),
        OwnerChanged: _give_back_owner,
        BankAccountClosed: _reopened,
    },
    invariants={
        "within the overdraft limit": lambda it: it.balance >= -OVERDRAFT_LIMIT,
        "emptied before it is closed": lambda it: not it.is_closed or not it.balance,
    },
    processing={OwnerChanged: ("priorOwner",)},
    meaning={
        DepositPerformed: ("accountId", "amount"),
        WithdrawalPerformed: ("accountId", "amount"),
        OwnerChanged: ("newOwner",),
    },
    redecided=frozenset({PerformDeposit}),
    undo={
        DepositPerformed: lambda it, event: PerformWithdrawal(
            account_number=it.id, amount=event.amount, reference=f"undo: {event.reference}"
        ),
        WithdrawalPerformed: lambda it, event: PerformDeposit(
            account_number=it.id, amount=event.amount, reference=f"undo: {event.reference}"
        ),
        OwnerChanged: _change_owner_back,
    },
    final={
        BankAccountCreated: "An account that was opened by mistake is closed by CloseAccount.",
        BankAccountClosed: "A closed account stays closed; open another one.",
    },
    ruled_out={OpenAccount: _ruled_out_opening, CloseAccount: _ruled_out_closing},
    sentences={
        DepositPerformed: lambda event: _amount_in_words("+", event),
        WithdrawalPerformed: lambda event: _amount_in_words("-", event),
        OwnerChanged: lambda event: f"→ {event.new_owner}",
    },
    correct=_corrected,
    closed=lambda it: f"The account is closed: {it.closing_reason}" if it.is_closed else "",
)
