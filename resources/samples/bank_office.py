"""The bank: books what is due, moves money between accounts, and buys for the broker once."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from resources.samples.bank_rules import (
    ACCOUNTS_WITH_LIMIT,
    ORDER_BOOKS,
    Account,
    AccountCommand,
    BuyOrder,
    ChangeOwner,
    CloseAccount,
    OpenAccount,
    OpenOrderBook,
    PerformBuyOrder,
    PerformDeposit,
    PerformWithdrawal,
)
from resources.samples.chance import Chance
from resources.samples.log import Cause, Event, Log
from resources.samples.places import BERLIN
from resources.samples.rules import Refused
from resources.samples.simulation import DAY, HOUR, MILLISECOND, SECOND, Agenda

CLOCK: Final = "clock"
SETTLEMENT: Final = "settlement"
SETTLES_AFTER_US: Final = 2 * DAY
MORNING_RUN_US: Final = 5 * HOUR  # after midnight, UTC


class Bank:
    """What a rule forbids is turned down at the counter and leaves no trace."""

    def __init__(self, log: Log, agenda: Agenda, chance: Chance) -> None:
        self._log = log
        self._agenda = agenda
        self._chance = chance
        self._booked_until_us = 0  # the morning run books one thing after another

    def account(self, number: str) -> Account:
        return self._log.state(ACCOUNTS_WITH_LIMIT, f"account-{number}")

    def open(self, number: str, owner: str, *, user: str) -> None:
        self._book(OpenAccount(id=number, owner=owner), number, self._asked(user))

    def deposit(self, number: str, amount: Decimal, reference: str = "", *, user: str) -> None:
        command = PerformDeposit(amount=amount, account_number=number, reference=reference)
        self._book(command, number, self._asked(user))

    def withdraw(self, number: str, amount: Decimal, reference: str = "", *, user: str) -> None:
        command = PerformWithdrawal(amount=amount, account_number=number, reference=reference)
        self._book(command, number, self._asked(user))

    def change_owner(self, number: str, new_owner: str, *, user: str) -> None:
        command = ChangeOwner(account_id=number, new_owner=new_owner)
        self._book(command, number, self._asked(user))

    def close(self, number: str, reason: str, *, user: str) -> None:
        """Pay out what is left, then close."""
        if (left := self.account(number).balance) > 0:
            self.withdraw(number, left, "closing balance", user=user)
        elif left < 0:
            self.deposit(number, -left, "closing balance", user=user)
        command = CloseAccount(account_id=number, reason=reason)
        self._agenda.after(
            self._chance.whole(20 * SECOND, 90 * SECOND),
            lambda: self._book(command, number, self._asked(user)),
        )

    def transfer(
        self, payer: str, payee: str, amount: Decimal, reference: str, *, user: str
    ) -> None:
        """Take it here; a moment later give it there, because of it."""
        taken = PerformWithdrawal(amount=amount, account_number=payer, reference=reference)
        given = PerformDeposit(amount=amount, account_number=payee, reference=reference)
        booked = self._book(taken, payer, self._asked(user))
        if booked:
            self._soon(partial(self._follow, given, payee, booked[-1]))

    def pay_by_card(self, number: str, amount: Decimal, shop: str, *, user: str) -> None:
        """It happens now, and is booked in the morning run of the next working day."""
        command = PerformWithdrawal(amount=amount, account_number=number, reference=shop)
        self._book_in_morning(command, number, user=user)

    def card_takings(self, number: str, amount: Decimal, *, user: str) -> None:
        """The day's cards at the till, booked in the next morning run."""
        command = PerformDeposit(amount=amount, account_number=number, reference="card takings")
        self._book_in_morning(command, number, user=user)

    def open_order_book(self, number: str, owner: str, account: str, *, user: str) -> None:
        command = OpenOrderBook(id=number, owner=owner, account_id=account)
        cause = self._asked(user)
        self._log.carry_out(ORDER_BOOKS, command, cause, stream=f"orderbook-{number}")

    def buy(self, number: str, order: BuyOrder, *, user: str) -> None:
        """Have the bank carry the order out, note it, and settle it two days later."""
        stream = f"orderbook-{number}"
        account = self._log.state(ORDER_BOOKS, stream).account_id
        command = PerformBuyOrder(
            order_book_id=number,
            order=order,
            order_id=self._log.new_short_id(),
            balance=self.account(account).balance,
        )
        bought = {"gateway": "bank", "confirmation": f"{order.isin}/{command.order_id}"}
        try:
            (sent,) = self._log.carry_out(
                ORDER_BOOKS,
                command,
                self._asked(user),
                stream=stream,
                metadata={"effects": [bought]},
            )
        except Refused:
            return
        self._agenda.after(SETTLES_AFTER_US, partial(self._settle, account, order, sent))

    def _follow(self, command: AccountCommand, number: str, event: Event) -> None:
        self._book(command, number, self._log.reaction(SETTLEMENT, event))

    def _settle(self, account: str, order: BuyOrder, sent: Event) -> None:
        command = PerformWithdrawal(
            amount=order.amount, account_number=account, reference=f"bought {order.isin}"
        )
        self._follow(command, account, sent)

    def _book_in_morning(self, command: AccountCommand, number: str, *, user: str) -> None:
        cause = self._log.request(
            user,
            occurred_at_us=self._agenda.now_us,
            offset_min=BERLIN.offset_at(self._agenda.now_us),
        )
        run_us = next_working_day(self._agenda.now_us // DAY) * DAY + MORNING_RUN_US
        step_us = self._chance.whole(8 * MILLISECOND, 60 * MILLISECOND)
        self._booked_until_us = max(self._booked_until_us, run_us) + step_us
        self._agenda.at(self._booked_until_us, lambda: self._book(command, number, cause))

    def _book(self, command: AccountCommand, number: str, cause: Cause) -> tuple[Event, ...]:
        stream = f"account-{number}"
        try:
            return self._log.carry_out(ACCOUNTS_WITH_LIMIT, command, cause, stream=stream)
        except Refused:
            return ()

    def _asked(self, user: str) -> Cause:
        offset_min = 0 if user == CLOCK else BERLIN.offset_at(self._agenda.now_us)
        return self._log.request(user, offset_min=offset_min)

    def _soon(self, do: Callable[[], object]) -> None:
        self._agenda.after(self._chance.whole(30 * MILLISECOND, 400 * MILLISECOND), do)


def next_working_day(day: int) -> int:
    """The first day after it that is neither a Saturday nor a Sunday; days since 1970."""
    following = day + 1
    while is_weekend(following):
        following += 1
    return following


def last_working_day(day: int) -> int:
    """That day, or the nearest before it that is neither a Saturday nor a Sunday."""
    while is_weekend(day):
        day -= 1
    return day


def is_weekend(day: int) -> bool:
    """Whether it is a Saturday or a Sunday; day 0 was a Thursday."""
    return (day + 3) % 7 >= 5
