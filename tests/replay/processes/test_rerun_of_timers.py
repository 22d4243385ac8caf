"""Timers are handled again by their process manager, not decided on by the instance's model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.commands.rerun import Decided, Rerun
from replay.process import ProcessManager, Reaction, Send
from replay.states.model_set import ModelSet
from replay.typed_model import Refused, Situation
from tests.replay.issued import issued
from tests.replay.processes.lending import (
    BOOK,
    DAY_US,
    LOAN,
    Bill,
    Library,
    Loan,
    Remind,
    Reminded,
    handle_quietly,
    loans,
)
from tests.replay.processes.test_sagas import MODELS, SOLD_OUT, TRIP, WISHES, Agency


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Its model refuses every timer: that is the business of the process manager."""
    library = Library(tmp_path / "loans.foldline", process=strict())
    library.lend("b1")
    library.dispatcher.settle()
    library.wait(DAY_US)
    library.dispatcher.settle()
    yield library
    library.close()


def strict(handle: Any = None) -> ProcessManager[Loan]:
    def decide(_state: Loan, _command: Any, _situation: Situation) -> Any:
        raise Refused("timer", "It is handled by the process manager alone.")

    process = loans() if handle is None else loans(handle=handle)
    return replace(process, model=replace(LOAN, decide=decide))


def again(library: Library, process: ProcessManager[Loan]) -> dict[str, Decided]:
    models = ModelSet([BOOK, process.model], [process])
    return {it.command: it for it in Rerun(library.store, models, library.store.place).commands()}


def test_a_timer_that_went_off_comes_out_as_it_did(library: Library) -> None:
    found = again(library, strict())

    assert list(found) == ["Lend", "Remind", "Bill"]
    assert [(it.differences, it.messages) for it in found.values()] == [((), ())] * 3


def test_a_process_manager_that_does_otherwise_today_is_told_with_what_it_would_send(
    library: Library,
) -> None:
    def later(state: Loan, command: Remind, _situation: Situation) -> Reaction:
        return Reaction(
            events=[Reminded(reader=f"Dear {state.reader}")],
            sends=[Send(command=Bill(book=command.book), after_us=DAY_US)],
        )

    found = again(library, strict(later))["Remind"]

    assert found.differences == (
        '[0].data.reader: was "ada", now "Dear ada"',
        f"sends [0].after_us: was 0, now {DAY_US}",
    )
    assert found.messages == (
        ("cancel", "mail", {"overdue": "ada"}),
        ("add", "mail", {"overdue": "Dear ada"}),
    )


def test_a_timer_that_its_process_manager_refuses_today_says_by_which_rule(
    library: Library,
) -> None:
    def never(_state: Loan, _command: Remind, _situation: Situation) -> Reaction:
        raise Refused("patience", "nobody is reminded")

    assert again(library, strict(never))["Remind"].differences == (
        'refused now: nobody is reminded — rule "patience"',
    )


def test_an_event_that_is_recorded_no_more_is_a_difference(library: Library) -> None:
    found = again(library, strict(handle_quietly))["Remind"]

    assert len(found.differences) == 1
    assert "Reminded" in found.differences[0]


def test_what_a_saga_did_about_a_refusal_comes_out_as_it_did(tmp_path: Path) -> None:
    """That command is of no model at all: the dispatcher tells the instance of the refusal."""
    SOLD_OUT.clear()
    SOLD_OUT.add("car")
    agency = Agency(tmp_path / "trips.foldline", [*MODELS.values(), WISHES, TRIP.model], [TRIP])
    agency.handler.issue(issued("WantTrip", {"trip": "7"}))
    agency.settle()
    models = ModelSet(agency.models.models, [TRIP])

    found = list(Rerun(agency.store, models, agency.store.place).commands())
    agency.store.close()

    assert "StepRefused" in [it.command for it in found]
    assert {it.differences for it in found} == {()}
