"""A conference counted by hand: every seat is with somebody, every order in one place.

It knows nothing of events, commands or process managers; it says what must be so when all of them
have done their work.
"""

from dataclasses import dataclass, field

PRICES = {"ga": 199, "free": 0}
PATIENCE_MIN = 29  # after which an order that nobody paid for gives its seats back


@dataclass
class Order:
    """`is_watched`: its process still waits for a payment, or for the end of its patience."""

    placed_min: int
    held: dict[str, int] = field(default_factory=dict)
    is_partial: bool = False
    has_registrant: bool = False
    is_confirmed: bool = False
    is_expired: bool = False
    is_watched: bool = True
    seats: list[str] = field(default_factory=list)  # by position, once confirmed
    sitting: dict[int, str] = field(default_factory=dict)


class Oracle:
    """Each method says whether it is allowed, and does it."""

    def __init__(self) -> None:
        self.now_min = 0
        self.stock = dict.fromkeys(PRICES, 0)
        self.sold = dict.fromkeys(PRICES, 0)
        self.orders: dict[str, Order] = {}
        self.payments: dict[str, str] = {}
        self.amounts: dict[str, int] = {}

    def left(self, seat: str) -> int:
        return self.stock[seat] - self.sold[seat] - sum(self._in_hand(seat))

    def pending(self) -> dict[str, dict[str, int]]:
        return {id_: it.held for id_, it in self.orders.items() if it.is_watched and it.held}

    def total(self, order: str) -> int:
        return sum(PRICES[seat] * count for seat, count in self.orders[order].held.items())

    def offer(self, seat: str, quantity: int) -> None:
        self.stock[seat] = quantity

    def register(self, order: str, wish: dict[str, int]) -> bool:
        wish = {seat: count for seat, count in wish.items() if count}
        known = self.orders.get(order)
        if not wish or (known and (known.is_confirmed or known.is_expired)):
            return False
        it = self.orders.setdefault(order, Order(placed_min=self.now_min))
        it.held, before = {}, it.held
        free = {seat: self.left(seat) - before.get(seat, 0) for seat in PRICES}
        granted = {
            seat: min(count, max(free[seat], 0) + before.get(seat, 0))
            for seat, count in wish.items()
        }
        it.held = {seat: count for seat, count in granted.items() if count}
        it.is_partial = it.held != wish
        return True

    def name_registrant(self, order: str) -> bool:
        it = self.orders.get(order)
        if it is None or it.is_expired:
            return False
        it.has_registrant = True
        return True

    def confirm(self, order: str) -> bool:
        it = self.orders.get(order)
        if it is None or it.is_expired:
            return False
        if it.is_confirmed:
            return True
        if not it.held or self.total(order):
            return False
        self._sell(it)
        return True

    def reject(self, order: str) -> bool:
        it = self.orders.get(order)
        if it is None or it.is_confirmed:
            return False
        it.is_expired, it.is_watched = True, False
        return True

    def begin_payment(self, order: str, amount: int) -> bool:
        if order in self.payments:
            return False
        self.payments[order], self.amounts[order] = "Initiated", amount
        return True

    def end_payment(self, order: str, *, status: str) -> bool:
        if self.payments.get(order) != "Initiated":
            return False
        self.payments[order] = status
        it = self.orders.get(order)
        is_due = status == "Completed" and it is not None and it.is_watched and bool(it.held)
        if it is not None and is_due and self.amounts[order] == self.total(order):
            self._sell(it)
        return True

    def sit(self, order: str, position: int, email: str) -> bool:
        it = self.orders.get(order)
        if it is None or position >= len(it.seats):
            return False
        it.sitting[position] = email
        return True

    def stand_up(self, order: str, position: int) -> bool:
        it = self.orders.get(order)
        if it is None or position >= len(it.seats):
            return False
        it.sitting.pop(position, None)
        return True

    def wait(self, minutes: int) -> None:
        self.now_min += minutes
        for it in self.orders.values():
            if it.is_watched and self.now_min >= it.placed_min + PATIENCE_MIN:
                it.is_watched, it.is_expired = False, True

    def _in_hand(self, seat: str) -> list[int]:
        return [it.held.get(seat, 0) for it in self.orders.values() if it.is_watched]

    def _sell(self, it: Order) -> None:
        it.is_confirmed, it.is_watched = True, False
        for seat, count in it.held.items():
            self.sold[seat] += count
            it.seats += [seat] * count
