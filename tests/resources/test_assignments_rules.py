"""Seat assignments: one position a seat, and what a change of name or address means."""

import pytest

from replay.merge_patch import merge
from resources.samples.conference_rules.assignments import (
    ASSIGNMENTS,
    AssignmentCommand,
    Assignments,
    AssignSeat,
    Attendee,
    CreateSeatAssignments,
    UnassignSeat,
)
from resources.samples.rules import Fact, Refused, folded

ALICE = Attendee(first="Alice", last="Baker", email="alice@example.org")
BOB = Attendee(first="Bob", last="Walsh", email="bob@example.org")
CREATED = CreateSeatAssignments(order_id="7f31", seats={"ga": 2, "w": 1})


def facts_of(*commands: AssignmentCommand) -> list[Fact]:
    state, facts = Assignments(), list[Fact]()
    for command in commands:
        decided = ASSIGNMENTS.decide(state, command)
        state = folded(ASSIGNMENTS, decided, state)
        facts.extend(decided)
    return facts


def types_of(*commands: AssignmentCommand) -> list[str]:
    return [fact.type for fact in facts_of(CREATED, *commands)][1:]


def assign(attendee: Attendee, position: int = 0) -> AssignSeat:
    return AssignSeat(position=position, attendee=attendee)


def test_there_is_one_position_for_each_seat_from_zero() -> None:
    (created,) = facts_of(CREATED)

    assert created.data["seats"] == {
        "0": {"seatType": "ga"},
        "1": {"seatType": "ga"},
        "2": {"seatType": "w"},
    }


def test_an_empty_seat_is_assigned() -> None:
    assert types_of(assign(ALICE)) == ["SeatAssigned"]


def test_another_address_takes_the_seat_away_first() -> None:
    assert types_of(assign(ALICE), assign(BOB)) == [
        "SeatAssigned",
        "SeatUnassigned",
        "SeatAssigned",
    ]


def test_the_same_address_in_other_letters_is_the_same_person() -> None:
    renamed = Attendee(first="Alice", last="Young", email="ALICE@example.org")

    assert types_of(assign(ALICE), assign(renamed)) == ["SeatAssigned", "SeatAssignmentUpdated"]


def test_assigning_the_same_again_does_nothing() -> None:
    assert types_of(assign(ALICE), assign(ALICE)) == ["SeatAssigned"]


def test_a_seat_is_given_up_once() -> None:
    gone = UnassignSeat(position=0)

    assert types_of(assign(ALICE), gone, gone) == ["SeatAssigned", "SeatUnassigned"]


@pytest.mark.parametrize("command", [assign(ALICE, position=3), UnassignSeat(position=-1)])
def test_a_position_that_does_not_exist_is_refused(command: AssignmentCommand) -> None:
    with pytest.raises(Refused, match="no seat at position"):
        facts_of(CREATED, command)


def test_an_attendee_needs_an_address() -> None:
    with pytest.raises(Refused, match="email"):
        facts_of(CREATED, assign(Attendee(first="A", last="B", email="")))


def test_the_merged_payloads_are_the_seating() -> None:
    state: object = {}
    for fact in facts_of(CREATED, assign(ALICE), assign(BOB, 2), assign(BOB)):
        state = merge(state, fact.data)

    bob = {"first": "Bob", "last": "Walsh", "email": "bob@example.org"}
    assert state == {
        "orderId": "7f31",
        "seats": {
            "0": {"seatType": "ga", "attendee": bob},
            "1": {"seatType": "ga"},
            "2": {"seatType": "w", "attendee": bob},
        },
    }
