"""What always fails gets exactly the stated attempts and is dead; others go on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.process import Heard, Reaction
from replay.processes.dead_letters import LetterDesk, NoReason, NoSuchLetter, dead_letters
from replay.processes.instances import Instances
from replay.processes.lanes import LANES
from replay.processes.refusal_notices import RefusalNotices
from replay.processes.retry_policy import GATEWAYS, HANDLERS, SECOND_US, RetryPolicy
from replay.typed_model import Situation
from store.beside.retry_journal import JournalEntry
from tests.replay.processes import lending
from tests.replay.processes.lending import DAY_US, Library, Loan, loans

HOUR_US = 3_600 * SECOND_US


class Sick:
    """Parts of a process manager that fail for the book `bad` until it is cured."""

    def __init__(self) -> None:
        self.is_cured = False
        self.tried: list[str] = []

    def react(self, state: Loan, heard: Heard, situation: Situation) -> Reaction:
        self.tried.append(heard.event.type)
        if heard.event.stream == "book-bad" and not self.is_cured:
            raise RuntimeError("no such reader")
        return lending.react(state, heard, situation)

    def handle(self, state: Loan, command: Any, situation: Situation) -> Reaction:
        self.tried.append(type(command).__name__)
        if command.book == "bad" and not self.is_cured:
            raise RuntimeError("no such reader")
        return lending.handle(state, command, situation)


@pytest.fixture
def sick() -> Sick:
    return Sick()


Make = Callable[..., Library]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    opened: list[Library] = []

    def make(**facts: Any) -> Library:
        opened.append(Library(tmp_path / "loans.foldline", **facts))
        return opened[-1]

    yield make
    for it in opened:
        it.close()


def desk(library: Library) -> LetterDesk:
    instances = Instances(library.store, library.models, library.models.processes)
    clock = lambda: library.now_us  # noqa: E731
    return LetterDesk(library.store, RefusalNotices(instances, clock_us=clock), clock_us=clock)


def pass_hours(library: Library, hours: int = 10) -> None:
    """As a dispatcher that goes on: nothing is hurried."""
    for _ in range(hours):
        library.now_us += HOUR_US
        library.dispatcher.settle(is_hurried=False)


def letters(library: Library) -> list[tuple[str, str, int]]:
    return [(it.kind, it.status, it.attempts) for it in dead_letters(library.store)]


@pytest.mark.parametrize("lanes", [1, LANES])
def test_an_event_gets_exactly_its_attempts_and_other_instances_go_on(
    make: Make, sick: Sick, lanes: int
) -> None:
    library = make(process=loans(react=sick.react), lanes=lanes)
    library.lend("bad")
    library.lend("good")
    library.dispatcher.settle()
    assert library.types("loan-good") == ["LoanOpened"]

    pass_hours(library)

    assert letters(library) == [("event", "dead", HANDLERS.attempts)]
    assert sick.tried.count("Lent") == HANDLERS.attempts + 1
    assert library.types("loan-bad") == []
    library.lend("later")
    library.dispatcher.settle()
    assert library.types("loan-later") == ["LoanOpened"]


def test_attempts_are_as_far_apart_as_is_stated(make: Make, sick: Sick) -> None:
    library = make(process=loans(react=sick.react))
    library.lend("bad")
    started_us, seen = library.now_us, [0]
    library.dispatcher.settle(is_hurried=False)

    for second in range(1, 30):
        library.now_us = started_us + second * SECOND_US
        before = len(sick.tried)
        library.dispatcher.settle(is_hurried=False)
        seen += [second] * (len(sick.tried) - before)

    assert seen == [0, 1, 3, 7, 15]  # 1, 2, 4 and 8 seconds apart


def test_later_events_of_an_instance_wait_behind_the_one_that_failed(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(react=sick.react))
    library.lend("bad")
    library.do("Return", book="bad")
    pass_hours(library)
    assert [it[1] for it in letters(library)] == ["dead", "held"]
    assert sick.tried.count("Returned") == 0

    sick.is_cured = True
    desk(library).retry(dead_letters(library.store)[0].number, by="ada")
    library.dispatcher.settle(is_hurried=False)

    assert library.types("loan-bad") == ["LoanOpened", "LoanClosed"]
    assert letters(library) == []


def test_an_event_that_is_given_up_is_passed_over_and_the_next_ones_are_heard(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(react=sick.react))
    library.lend("bad")
    library.do("Return", book="bad")
    pass_hours(library)
    sick.is_cured = True

    desk(library).give_up(dead_letters(library.store)[0].number, reason="a test", by="ada")
    library.dispatcher.settle(is_hurried=False)

    assert library.types("loan-bad") == ["LoanClosed"]
    (given_up,) = [it for it in journal(library) if it.status == "given up"]
    assert (given_up.reason, given_up.decided_by) == ("a test", "ada")


def journal(library: Library) -> list[JournalEntry]:
    return library.store.beside.retries.since(0)


@pytest.mark.parametrize("lanes", [1, LANES])
def test_a_timer_gets_exactly_its_attempts_and_rings_when_it_is_tried_again(
    make: Make, sick: Sick, lanes: int
) -> None:
    library = make(process=loans(handle=sick.handle), lanes=lanes)
    for book in ("bad", "good"):
        library.lend(book)
    library.dispatcher.settle()

    library.wait(DAY_US)
    pass_hours(library)
    assert sick.tried.count("Remind") == HANDLERS.attempts + 1
    assert letters(library) == [("command", "dead", HANDLERS.attempts)]
    assert library.types("loan-good") == ["LoanOpened", "Reminded"]
    assert library.types("loan-bad") == ["LoanOpened"]

    sick.is_cured = True
    desk(library).retry(dead_letters(library.store)[0].number, by="ada")
    library.dispatcher.settle(is_hurried=False)
    assert library.types("loan-bad") == ["LoanOpened", "Reminded"]
    assert letters(library) == []


def test_a_command_that_is_given_up_has_failed_for_the_reason_that_was_given(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(handle=sick.handle))
    library.lend("bad")
    library.dispatcher.settle()
    library.wait(DAY_US)
    pass_hours(library)
    (letter,) = dead_letters(library.store)

    desk(library).give_up(letter.number, reason="nobody reads it", by="ada")
    pass_hours(library, 2)

    (_, outcome) = library.store.beside.commands.latest(limit=1)[0]
    assert outcome is not None
    assert outcome.status == "failed"
    assert library.store.beside.commands.counts() == {"done": 1, "failed": 1}
    assert sick.tried.count("Remind") == HANDLERS.attempts
    assert letters(library) == []


def test_a_message_gets_exactly_its_attempts_and_those_behind_it_go_out(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.processes.deliveries.BATCH", 2)
    library = make()
    library.mail.why = "no such address"
    for number in range(4):
        library.lend(f"b{number}")
    library.dispatcher.settle(is_hurried=False)
    pass_hours(library)
    assert letters(library) == [("message", "dead", GATEWAYS.attempts)] * 4

    library.mail.why = ""
    library.lend("good")
    library.dispatcher.settle(is_hurried=False)
    assert [payload["lent"] for _, payload in library.mail.sent] == ["good"]

    first, second, *_ = dead_letters(library.store)
    desk(library).retry(first.number, by="ada")
    desk(library).give_up(second.number, reason="she has moved", by="ada")
    pass_hours(library, 2)
    assert [payload["lent"] for _, payload in library.mail.sent] == ["good", "b0"]
    found = {it.position: last for it, last in library.store.beside.outbox.latest(limit=9)}
    withdrawn = found[second.position or 0]
    assert withdrawn is not None
    assert (withdrawn.status, withdrawn.answer) == ("withdrawn", "given up by ada: she has moved")
    assert len(letters(library)) == 2


def test_a_gateway_that_raises_what_it_may_not_is_a_failure_like_any_other(make: Make) -> None:
    class Broken:
        def ask(self, request: Any, *, once: str) -> Any:
            raise RuntimeError(f"{request} {once}")

        def send(self, message_id: str, payload: Any) -> str:
            raise RuntimeError(f"a bug at {message_id[:0]}{payload['lent']}")

    library = make(gateways={"mail": Broken()})
    library.lend("b1")

    library.dispatcher.settle()

    (letter,) = dead_letters(library.store)
    assert (letter.status, letter.error) == ("failed", "RuntimeError: a bug at b1")


def test_a_restarted_dispatcher_counts_on_and_tries_at_once_what_has_failed(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(react=sick.react))
    library.lend("bad")

    for _ in range(HANDLERS.attempts + 3):
        library.restart(loans(react=sick.react))
        library.dispatcher.settle()

    assert sick.tried.count("Lent") == HANDLERS.attempts
    assert letters(library) == [("event", "dead", HANDLERS.attempts)]


def test_a_dispatcher_that_runs_takes_up_what_another_process_wants_tried_again(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(handle=sick.handle), lanes=LANES)
    library.lend("bad")
    library.dispatcher.settle()
    library.wait(DAY_US)
    pass_hours(library)
    sick.is_cured = True
    other = Library(library.path)
    other.now_us = library.now_us

    desk(other).retry(dead_letters(other.store)[0].number, by="bob")
    other.close()
    library.dispatcher.settle(is_hurried=False)

    assert library.types("loan-bad") == ["LoanOpened", "Reminded"]


def test_only_what_stands_in_the_list_is_decided_on_and_for_a_reason(
    make: Make, sick: Sick
) -> None:
    library = make(process=loans(react=sick.react))
    library.lend("bad")
    library.dispatcher.settle()
    (letter,) = dead_letters(library.store)

    with pytest.raises(NoReason):
        desk(library).give_up(letter.number, reason=" ", by="ada")
    with pytest.raises(NoSuchLetter):
        desk(library).retry(letter.number + 7, by="ada")


def test_the_waits_of_a_policy_grow_up_to_its_longest() -> None:
    policy = RetryPolicy(attempts=5, first_us=2, factor=10, most_us=300)

    assert [policy.wait_us(it) for it in range(1, 6)] == [2, 20, 200, 300, None]
