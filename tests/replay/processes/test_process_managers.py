"""What a process manager records is recorded as models record: shapes, messages, commands."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from replay.commands.answered import Settled
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.processes.lanes import LANES
from replay.processes.unsent import Unsent
from replay.typed_model import Situation
from store.beside.outcomes import Refused
from tests.replay.processes.lending import (
    DAY_US,
    Library,
    Loan,
    Remind,
    handle_quietly,
    loans,
)
from tests.replay.processes.lending import react as react_to_loans


@pytest.fixture(params=[1, LANES], ids=["one lane", "lanes"])
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Library]:
    library = Library(tmp_path / "loans.foldline", lanes=request.param)
    yield library
    library.close()


def test_the_messages_of_its_own_events_are_sent_once(library: Library) -> None:
    library.lend("b1")
    library.dispatcher.settle()
    library.wait(DAY_US)
    library.dispatcher.settle()

    told = [payload for _, payload in library.mail.sent]
    assert told == [{"lent": "b1", "to": "ada"}, {"overdue": "ada"}]
    assert len({message_id for message_id, _ in library.mail.sent}) == 2


def test_its_events_say_which_shape_they_have_so_that_an_upcast_leaves_them_alone(
    library: Library,
) -> None:
    library.lend("b1")
    library.dispatcher.settle()

    (opened,) = library.store.read_stream("loan-b1")
    assert opened.metadata["schema_version"] == 2
    assert library.handler.state_of("loan-b1")[0].reader == "ada"


def test_it_may_issue_every_command_whatever_role_that_is_for(library: Library) -> None:
    refused = library.do("Bill", book="b1")
    library.lend("b1")
    library.dispatcher.settle()

    library.wait(DAY_US)

    assert isinstance(refused, Settled)
    assert isinstance(refused.outcome, Refused)
    assert refused.outcome.rule == "authorisation"
    assert library.types("book-b1") == ["Lent", "Billed"]


def unsent(library: Library) -> Unsent:
    return Unsent(library.store, library.handler, library.models.processes)


def deaf_to_returns(state: Loan, heard: Heard, situation: Situation) -> Reaction:
    if heard.event.type == "Returned":
        return Reaction()
    return react_to_loans(state, heard, situation)


@pytest.mark.parametrize(
    "process",
    [
        loans(react=deaf_to_returns),
        loans(react=deaf_to_returns, handle=handle_quietly),
        replace(loans(react=deaf_to_returns), is_over=lambda it: it.is_overdue),
    ],
    ids=["with events", "without events", "an instance that is over"],
)
def test_a_refused_command_of_a_timer_is_told_with_its_instance(
    tmp_path: Path, process: ProcessManager[Loan]
) -> None:
    library = Library(tmp_path / "loans.foldline", process=process)
    library.lend("b1")
    library.do("Return", book="b1")
    library.wait(0)

    library.wait(DAY_US)

    (stuck,) = unsent(library).stuck(library.now_us)
    library.close()
    assert (stuck.stream, stuck.why) == (
        "loan-b1",
        'Bill: Refused: the book is back — rule "is lent".',
    )


def test_a_command_that_is_done_stays_done_when_it_is_cancelled_later(tmp_path: Path) -> None:
    library = Library(tmp_path / "loans.foldline")
    library.lend("b1")
    library.wait(0)
    library.wait(DAY_US)

    library.do("Return", book="b1")
    timer = next(iter(library.store.read_stream("loan-b1"))).data["timer"]
    process = loans(
        react=lambda state, heard, situation: replace_timer(
            react_to_loans(state, heard, situation), timer
        )
    )
    library.restart(process)
    library.dispatcher.settle()

    outcome = library.store.beside.commands.outcome_of(timer)
    types = library.types("loan-b1")
    library.close()
    assert outcome is not None
    assert outcome.status == "done"
    assert types == ["LoanOpened", "Reminded", "LoanClosed"]


def replace_timer(reaction: Reaction, timer: str) -> Reaction:
    return replace(reaction, cancels=[timer] if reaction.cancels else [])


def test_a_reaction_that_takes_the_id_of_another_command_is_not_taken_for_heard(
    tmp_path: Path,
) -> None:
    def react(state: Loan, heard: Heard, situation: Situation) -> Reaction:
        if heard.event.type == "Returned":
            return Reaction(sends=[Send(command=Remind(book="b1"), id=state.timer, after_us=1)])
        return react_to_loans(state, heard, situation)

    library = Library(tmp_path / "loans.foldline", process=loans(react=react))
    library.lend("b1")
    library.wait(0)
    library.do("Return", book="b1")

    library.wait(0)

    (entry,) = library.dispatcher.queue.entries()
    library.close()
    assert (entry.status, entry.handler, entry.stream) == ("failed", "loan", "loan-b1")
    assert entry.reason.startswith("AlreadyIssued: ")
