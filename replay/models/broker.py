"""A broker's order book: buy orders that the bank checks and carries out, once each.

Asking the bank both queries and buys. So the exchange happens while the command is decided on,
its answer is recorded, and a replay reads the record instead of buying again.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import replace

from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

ISIN_LENGTH: Final = 12

BookId = Annotated[
    str, Meta(title="Order book", min_length=1, extra_json_schema={"x-choices": "orderbook"})
]
Isin = Annotated[
    str,
    Meta(
        title="ISIN",
        pattern="^[A-Z]{2}[A-Z0-9]{9}[0-9]$",
        description="ISO 6166",
        extra_json_schema={"x-words": "two capital letters, nine more or digits, and a digit"},
    ),
]


class BuyOrder(Struct, frozen=True, kw_only=True):
    """What to buy, and for how much."""

    amount: Annotated[
        Decimal, Meta(title="Amount", extra_json_schema={"exclusiveMinimum": 0, "x-unit": "€"})
    ]
    isin: Isin


class SentOrder(Struct, frozen=True, kw_only=True):
    """What was bought, as it was recorded."""

    amount: Decimal
    isin: str


class OrderBookOpened(Event, frozen=True):
    """Orders can be given."""

    id: str
    owner: str
    account_id: str


class OrderSentToBank(Event, frozen=True):
    """The bank has carried an order out."""

    order_id: str
    order: SentOrder


class OrderBook(State, frozen=True):
    """Whose it is, which account pays, and what was sent."""

    id: str = ""
    owner: str = ""
    account_id: str = ""
    sent: tuple[str, ...] = ()  # order ids of the bank


class OpenOrderBook(Command, frozen=True):
    """Open an order book that an account pays for."""

    id: Annotated[str, Meta(title="Order book", min_length=1)]
    owner: Annotated[str, Meta(title="Owner", min_length=1)]
    account_id: Annotated[
        str, Meta(title="Account", min_length=1, extra_json_schema={"x-choices": "account"})
    ]


class PerformBuyOrder(Command, frozen=True):
    """Let the bank buy. The gateway `bank` is asked once, however often this is sent."""

    order_book_id: BookId
    order: Annotated[BuyOrder, Meta(title="Order")]


def evolve(book: OrderBook, event: Event) -> OrderBook:
    """The book after an event."""
    match event:
        case OrderBookOpened():
            return replace(book, id=event.id, owner=event.owner, account_id=event.account_id)
        case OrderSentToBank():
            return replace(book, sent=(*book.sent, event.order_id))
    return book


def decide(book: OrderBook, command: Command, situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, OpenOrderBook):
        if book.id:
            raise Refused("opened once", f"Order book {book.id} is open already.")
        return [OrderBookOpened(id=command.id, owner=command.owner, account_id=command.account_id)]
    if not book.id:
        raise Refused("order book exists", "There is no such order book.")
    if isinstance(command, PerformBuyOrder):
        return [_bought(book, command.order, situation)]
    raise TypeError(f"no broker command: {type(command).__name__}")


def _bought(book: OrderBook, order: BuyOrder, situation: Situation) -> Event:
    if not is_isin(order.isin):
        raise Refused("InvalidOrder", f"There is no security {order.isin}.")
    request = {"account": book.account_id, "buy": {"amount": order.amount, "isin": order.isin}}
    confirmation = situation.ask("bank", request)
    if "orderId" not in confirmation:
        raise Refused("InvalidOrder", str(confirmation.get("reason", "The bank refused it.")))
    sent = SentOrder(amount=order.amount, isin=order.isin)
    return OrderSentToBank(order_id=str(confirmation["orderId"]), order=sent)


def is_isin(text: str) -> bool:
    """Whether the check digit fits (ISO 6166)."""
    if len(text) != ISIN_LENGTH or not (text.isascii() and text.isalnum() and text.isupper()):
        return False
    digits = "".join(str(int(letter, 36)) for letter in text)
    doubled = (int(digit) * (1 + turn % 2) for turn, digit in enumerate(reversed(digits)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _corrected(now: OrderBook, should_be: OrderBook) -> Sequence[Event]:
    """Whose the book is, and who pays. What the bank has bought it has bought."""
    opened = OrderBookOpened(
        id=should_be.id, owner=should_be.owner, account_id=should_be.account_id
    )
    was = OrderBookOpened(id=now.id, owner=now.owner, account_id=now.account_id)
    return [opened] if opened != was else []


def _stream_of(command: Any) -> str:
    is_new = isinstance(command, OpenOrderBook)
    return f"orderbook-{command.id if is_new else command.order_book_id}"


MODEL: Final = TypedModel(
    name="order book",
    title="Order book",
    version=1,
    category="orderbook",
    state=OrderBook,
    events=(OrderBookOpened, OrderSentToBank),
    commands=(OpenOrderBook, PerformBuyOrder),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    ruled_out={OpenOrderBook: lambda it: f"Order book {it.id} is open already." if it.id else ""},
    final={
        OrderBookOpened: "No command closes an order book.",
        OrderSentToBank: "The bank has bought; selling is a business of its own.",
    },
    correct=_corrected,
    invariants={"sent once": lambda it: len(set(it.sent)) == len(it.sent)},
)
