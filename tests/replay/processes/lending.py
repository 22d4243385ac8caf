"""A lending desk: a process manager with messages, a timer and an old event shape of its own."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateway, Gateways
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.processes.dispatch import Dispatcher
from replay.processes.in_hand import InHand
from replay.states.model_set import ModelSet
from replay.typed_model import (
    Command,
    Effect,
    Event,
    Refused,
    Situation,
    State,
    TypedModel,
    Upcast,
)
from store.interface import CommandStore
from store.sqlite.store import open_store
from tests.replay.issued import issued

START_US = 1_900_000_000_000_000
DAY_US = 86_400_000_000


class Lent(Event, frozen=True):
    """A book is lent."""

    book: str
    to: str


class Returned(Event, frozen=True):
    """It is back."""

    book: str


class Billed(Event, frozen=True):
    """It is paid for as lost."""

    book: str


class Book(State, frozen=True):
    """Who has it."""

    to: str = ""
    is_billed: bool = False


class Lend(Command, frozen=True):
    """Lend a book."""

    book: str
    to: str


class Return(Command, frozen=True):
    """Bring it back."""

    book: str


class Bill(Command, frozen=True):
    """Let a reader pay for a book that does not come back."""

    book: str


def decide_book(state: Book, command: Any, _situation: Situation) -> Sequence[Event]:
    """Only a book that is lent comes back, or is billed."""
    match command:
        case Lend():
            return [Lent(book=command.book, to=command.to)]
        case Return():
            return [Returned(book=command.book)]
    if not state.to:
        raise Refused("is lent", "the book is back")
    return [Billed(book=command.book)]


def evolve_book(state: Book, event: Event) -> Book:
    """Who has it after an event."""
    match event:
        case Lent():
            return Book(to=event.to)
        case Returned():
            return Book()
    return Book(to=state.to, is_billed=True)


BOOK: TypedModel[Book] = TypedModel(
    name="book",
    title="Book",
    version=1,
    category="book",
    state=Book,
    events=(Lent, Returned, Billed),
    commands=(Lend, Return, Bill),
    evolve=evolve_book,
    decide=decide_book,
    stream_of=lambda it: f"book-{it.book}",
    roles={Bill: frozenset({"librarian"})},
)


class LoanOpened(Event, frozen=True):
    """A loan has begun; its reader is told when it ends."""

    book: str
    reader: str
    timer: str


class LoanClosed(Event, frozen=True):
    """The book is back."""


class Reminded(Event, frozen=True):
    """The loan is overdue."""

    reader: str


class Loan(State, frozen=True):
    """Where a loan is."""

    reader: str = ""
    timer: str = ""
    is_overdue: bool = False
    is_over: bool = False


class Remind(Command, frozen=True):
    """The time is over."""

    book: str


def react(state: Loan, heard: Heard, situation: Situation) -> Reaction:
    """A loan begins with a timer, which the return cancels."""
    match heard.typed:
        case Lent() as lent:
            timer = situation.new_id()
            opened = LoanOpened(book=lent.book, reader=lent.to, timer=timer)
            remind = Send(command=Remind(book=lent.book), id=timer, after_us=DAY_US)
            return Reaction(events=[opened], sends=[remind])
        case Returned():
            return Reaction(events=[LoanClosed()], cancels=[state.timer])
    return Reaction()


def handle(state: Loan, command: Remind, _situation: Situation) -> Reaction:
    """The reader is told once, and billed."""
    return Reaction(
        events=[Reminded(reader=state.reader)], sends=[Send(command=Bill(book=command.book))]
    )


def handle_quietly(_state: Loan, command: Remind, _situation: Situation) -> Reaction:
    """The reader is billed; nothing is recorded of that."""
    return Reaction(sends=[Send(command=Bill(book=command.book))])


def evolve_loan(state: Loan, event: Event) -> Loan:
    """Where a loan is after an event."""
    match event:
        case LoanOpened():
            return Loan(reader=event.reader, timer=event.timer)
        case LoanClosed():
            return Loan(is_over=True)
    return Loan(reader=state.reader, is_overdue=True)


LOAN: TypedModel[Loan] = TypedModel(
    name="loan",
    title="Loan",
    version=1,
    category="loan",
    state=Loan,
    events=(LoanOpened, LoanClosed, Reminded),
    commands=(Remind,),
    evolve=evolve_loan,
    decide=lambda _state, _command, _situation: (),
    stream_of=lambda it: f"loan-{it.book}",
    upcasts=(
        Upcast(
            type="LoanOpened",
            version=1,
            change=lambda data: {"book": data["book"], "reader": data["who"], "timer": ""},
        ),
    ),
    effects={
        LoanOpened: Effect(gateway="mail", message=lambda it: {"lent": it.book, "to": it.reader}),
        Reminded: Effect(gateway="mail", message=lambda it: {"overdue": it.reader}),
    },
)


def loans(
    *,
    react: Callable[[Loan, Heard, Situation], Reaction] = react,
    handle: Callable[[Loan, Any, Situation], Reaction] = handle,
) -> ProcessManager[Loan]:
    """The process manager, with a part of it taken by another."""
    return ProcessManager(
        model=LOAN,
        listens=frozenset({"Lent", "Returned"}),
        instance_of=lambda heard: heard.event.stream.removeprefix("book-"),
        react=react,
        handle=handle,
        states=("Open", "Overdue", "Over"),
        state_name=lambda it: "Over" if it.is_over else "Overdue" if it.is_overdue else "Open",
        is_over=lambda it: it.is_over,
    )


class Mail:
    """A gateway that keeps what it is told. With `why` it refuses."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.why = ""

    def ask(self, request: Any, *, once: str) -> Any:
        raise LookupError(f"{request} {once}")

    def send(self, message_id: str, payload: Any) -> str:
        if self.why:
            raise OSError(self.why)
        self.sent.append((message_id, payload))
        return "ok"


class Library:
    """Close it. A test moves its clock."""

    def __init__(
        self,
        path: Path,
        *,
        process: ProcessManager[Loan] | None = None,
        gateways: Mapping[str, Gateway] | None = None,
        lanes: int = 1,
        in_hand: Callable[[CommandStore], InHand] = lambda _store: InHand(),
    ) -> None:
        self.path, self.lanes, self._in_hand = path, lanes, in_hand
        self.now_us = START_US
        self.mail = Mail()
        self._gateways = {"mail": self.mail} if gateways is None else dict(gateways)
        self.begin(process or loans())

    def begin(self, process: ProcessManager[Loan]) -> None:
        """Take up work, as a new program does."""
        self.store = open_store(self.path, create=not self.path.exists())
        self.models = ModelSet([BOOK, process.model], [process])
        clock: Callable[[], int] = lambda: self.now_us  # noqa: E731
        gateways = Gateways(self._gateways)
        self.handler = CommandHandler(self.store, self.models, clock_us=clock, gateways=gateways)
        self.dispatcher = Dispatcher(
            self.store,
            self.handler,
            [process],
            gateways=gateways,
            clock_us=clock,
            lanes=self.lanes,
            in_hand=self._in_hand(self.store),
        )

    def restart(self, process: ProcessManager[Loan]) -> None:
        """Close it and begin anew with another edition of the process manager."""
        self.close()
        self.begin(process)

    def do(self, command: str, **data: Any) -> Answered:
        return self.handler.issue(issued(command, data))

    def lend(self, book: str) -> None:
        assert self.do("Lend", book=book, to="ada").status == "done"

    def wait(self, span_us: int) -> None:
        self.now_us += span_us
        self.dispatcher.settle()

    def types(self, stream: str) -> list[str]:
        return [it.type for it in self.store.read_stream(stream)]

    def close(self) -> None:
        self.dispatcher.close()
        self.store.close()
