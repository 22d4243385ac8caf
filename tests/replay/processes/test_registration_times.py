"""The states of a registration in order, what is too late, and what stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.commands.sent_commands import SentCommand, sent_list
from replay.models.conference.registration import PROCESS
from replay.processes.unsent import Unsent
from replay.states.model_set import bundled_processes
from store.beside.outcomes import Outcome, outcome_of_row
from tests.replay.conference_office import Crashed, Office

FIVE = (
    "NotStarted",
    "AwaitingReservationConfirmation",
    "ReservationConfirmationReceived",
    "PaymentConfirmationReceived",
    "Completed",
)
MINUTE_US = 60_000_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    yield office
    office.close()


def hear_only(office: Office) -> None:
    """The process manager decides what to send; nothing is sent yet."""
    office.crash_at = "before handling"
    with pytest.raises(Crashed):
        office.dispatcher.settle()
    office.crash_at = ""


def sent(office: Office, command: str) -> SentCommand:
    beside = office.store.beside
    return next(
        it for it in sent_list(beside, beside.commands.latest(limit=99)) if it.command == command
    )


def unsent(office: Office) -> Unsent:
    return Unsent(office.store, office.handler, bundled_processes())


def test_a_run_goes_through_exactly_the_five_states(office: Office) -> None:
    office.register("o1", general=1, party=1)
    office.settle()
    office.pay("o1")
    office.settle()

    state = PROCESS.model.initial()
    seen = [PROCESS.state_name(state)]
    reading = office.handler.models.reading(PROCESS.model)
    for event in office.store.read_stream("registration-o1"):
        state = PROCESS.model.evolve(state, reading.typed(event))
        seen.append(PROCESS.state_name(state))

    assert tuple(seen) == FIVE == PROCESS.states


def test_a_reservation_lives_a_minute_longer_than_the_window(office: Office) -> None:
    office.register("o1", general=1)
    hear_only(office)

    office.wait(15 + 1)

    assert sent(office, "MakeSeatReservation").status == "done"
    assert office.state("seats-conf").pending == {"o1": {"general": 1}}


def test_a_reservation_that_is_later_than_that_expires_and_holds_no_seat(office: Office) -> None:
    office.register("o1", general=1)
    hear_only(office)

    office.now_us += 1
    office.wait(15 + 1)

    assert sent(office, "MakeSeatReservation").status == "expired"
    assert office.state("seats-conf").pending == {}
    office.wait(13)  # 29 minutes: the order is let go by its timer
    assert office.types("order-o1")[-1] == "OrderExpired"


def test_what_is_saved_and_not_sent_is_listed_with_its_instance(office: Office) -> None:
    office.register("o1", general=1)
    hear_only(office)

    found = unsent(office).waiting(office.now_us)

    assert [(it.command, it.instance, it.is_timer) for it in found] == [
        ("MakeSeatReservation", "registration-o1", False),
        ("ExpireRegistrationProcess", "registration-o1", True),
    ]
    office.settle()
    assert [it.command for it in unsent(office).waiting(office.now_us)] == [
        "ExpireRegistrationProcess"
    ]


def test_an_instance_whose_timer_has_passed_unheard_stands_still(office: Office) -> None:
    office.register("o1", general=1)
    office.settle()
    assert unsent(office).stuck(office.now_us) == []

    office.now_us += 31 * MINUTE_US  # while no dispatcher works
    (stuck,) = unsent(office).stuck(office.now_us)

    assert (stuck.stream, stuck.state) == ("registration-o1", FIVE[2])
    assert stuck.why.startswith("ExpireRegistrationProcess was due at 2026-")
    office.settle()
    assert unsent(office).stuck(office.now_us) == []


def test_an_instance_that_waits_for_what_will_not_come_stands_still(office: Office) -> None:
    """What it sent has failed, and it has no timer that would end it."""
    office.register("o1", general=1)
    hear_only(office)
    for command, status in (
        ("MakeSeatReservation", "failed"),
        ("ExpireRegistrationProcess", "cancelled"),
    ):
        end(office, sent(office, command).id, status)

    (stuck,) = unsent(office).stuck(office.now_us)

    assert stuck.why == "MakeSeatReservation: Failed: nobody is there."


def test_an_instance_with_a_timer_still_to_come_does_not(office: Office) -> None:
    office.register("o1", general=1)
    hear_only(office)
    end(office, sent(office, "MakeSeatReservation").id, "failed")

    assert unsent(office).stuck(office.now_us) == []


def end(office: Office, command_id: str, status: str) -> None:
    row = (command_id, status, None, None, "", "nobody is there", 1, office.now_us)
    outcome: Outcome = outcome_of_row(row)
    office.store.submit(lambda writer: writer.beside.commands.settle(outcome)).result()
