"""What ends the process that handles it has had an attempt: after those that are stated it is dead,
and the others go on. Real processes, each ended by the code that it runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from replay.processes.dead_letters import dead_letters
from replay.processes.in_hand import ENDED
from replay.processes.lanes import LANES
from replay.processes.retry_policy import GATEWAYS, HANDLERS
from store.opening import open_store, reading
from store.place import Place
from tests.replay.processes.lending import Library
from tests.test_main import run

ROOT = Path(__file__).parents[2]

MODEL = '''
"""A lending desk that ends its process at one point for the book "bad"."""

import os
import sys

from replay.process import ProcessManager, Reaction, Send
from replay.typed_model import Command, Event, State, TypedModel


def pass_point(book):
    if book == "bad" and "dispatch" in sys.argv:
        os.kill(os.getpid(), 11)


class Lent(Event, frozen=True):
    """A book is lent."""
    book: str


class Opened(Event, frozen=True):
    """A loan has begun."""
    book: str


class Reminded(Event, frozen=True):
    """It is overdue."""
    book: str


class Nothing(State, frozen=True):
    pass


class Lend(Command, frozen=True):
    """Lend a book."""
    book: str


class Remind(Command, frozen=True):
    """The time is over."""
    book: str


def decide(state, command, situation):
    return [Lent(book=command.book)]


def react(state, heard, situation):
    pass_point(heard.typed.book)
    return Reaction(
        events=[Opened(book=heard.typed.book)], sends=[Send(command=Remind(book=heard.typed.book))]
    )


def handle(state, command, situation):
    return Reaction(events=[Reminded(book=command.book)])


BOOK = TypedModel(
    name="book", title="Book", version=1, category="book", state=Nothing, events=(Lent,),
    commands=(Lend,), evolve=lambda state, event: state, decide=decide,
    stream_of=lambda command: f"book-{command.book}",
)
LOAN = TypedModel(
    name="loan", title="Loan", version=1, category="loan", state=Nothing,
    events=(Opened, Reminded), commands=(Remind,), evolve=lambda state, event: state,
    decide=lambda *_: [], stream_of=lambda command: f"loan-{command.book}",
)
MODELS = [BOOK, LOAN]
PROCESS = ProcessManager(
    model=LOAN, listens=frozenset({"Lent"}),
    instance_of=lambda heard: heard.event.stream.removeprefix("book-"),
    react=react, handle=handle, states=("Open",), state_name=lambda state: "Open",
    is_over=lambda state: False,
)
'''
DESK = """
import os, sys
from pathlib import Path
from replay.processes.in_hand import InHand
from store.place import Place
from tests.replay.processes import lending
from tests.replay.processes.lending import DAY_US, Library, loans

path, where, lanes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def ends(name, book):
    if (name, book) == (where, "bad"):
        os.kill(os.getpid(), 9)

def handle(state, command, situation):
    ends("timer", command.book)
    return lending.handle(state, command, situation)

class Mail(lending.Mail):
    def send(self, message_id, payload):
        ends("message", payload.get("lent"))
        return super().send(message_id, payload)

desk = Library(
    path, process=loans(handle=handle), gateways={"mail": Mail()}, lanes=lanes,
    in_hand=lambda store: InHand(Place(path).dispatch_hand, store_id=store.store_id()),
)
desk.dispatcher.settle()
desk.now_us += 2 * DAY_US
desk.dispatcher.settle()
desk.close()
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "desk.foldline"


def types(store: Path, stream: str) -> list[str]:
    with reading(store) as log:
        return [it.type for it in log.read_stream(stream)]


def letters(store: Path) -> list[tuple[str, str, int, str]]:
    with reading(store) as log:
        found = dead_letters(log)
    return [(it.kind, it.status, it.attempts, it.error) for it in found]


def test_an_event_that_ends_the_process_is_dead_after_its_attempts(store: Path) -> None:
    open_store(store, create=True).close()
    model = store.with_name("desk.py")
    model.write_text(MODEL, "utf-8")
    for book in ("bad", "good"):
        data = json.dumps({"book": book})
        assert run("issue", store, "Lend", "--data", data, "--model", model, "--trust")[0] == 0

    for ended in range(HANDLERS.attempts):
        _, _, err = run("dispatch", store, "--model", model)
        assert "your own code ended its process (signal 11)" in err
        assert types(store, "loan-good") == (["Opened", "Reminded"] if ended else [])
    code, _, err = run("dispatch", store, "--model", model)

    assert code == 1
    assert f"was given up after {HANDLERS.attempts} attempts: {ENDED}" in err
    assert letters(store) == [("event", "dead", HANDLERS.attempts, ENDED)]
    assert types(store, "loan-bad") == []
    assert not Place(store).dispatch_hand.exists()


def desk(store: Path, where: str, lanes: int) -> int:
    """The exit code of a process that does what is due."""
    command = [sys.executable, "-c", DESK, str(store), where, str(lanes)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode


@pytest.mark.parametrize(
    ("where", "kind", "lanes", "attempts"),
    [
        ("timer", "command", 1, HANDLERS.attempts),
        ("timer", "command", LANES, HANDLERS.attempts),
        ("message", "message", 1, GATEWAYS.attempts),
    ],
)
def test_what_ends_the_process_is_dead_after_its_attempts_and_others_are_done(
    store: Path, where: str, kind: str, lanes: int, attempts: int
) -> None:
    library = Library(store)
    books = ["bad", *(f"good{n}" for n in range(6))]
    for book in books:
        library.lend(book)
    library.close()

    assert [desk(store, where, lanes) for _ in range(attempts)] == [-9] * attempts
    assert desk(store, where, lanes) == 0

    assert letters(store) == [(kind, "dead", attempts, ENDED)]
    done = ["LoanOpened", "Reminded"]
    assert [types(store, f"loan-{it}") for it in books[1:]] == [done] * 6
    assert types(store, "loan-bad") == (["LoanOpened"] if where == "timer" else done)
