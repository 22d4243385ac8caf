"""Seat assignments: one position a seat, and what a change of name or address means."""

import pytest

from replay.commands.command_form import errors_in
from replay.models.conference.assignments import (
    MODEL,
    AssignSeat,
    Attendee,
    CreateSeatAssignments,
    SeatAssignmentsCreated,
    UnassignSeat,
)
from replay.models.conference.lines import listed
from replay.states.merge_patch import merge
from replay.typed_model import Command, Refused
from store import json_text
from tests.replay.models.conference.rehearsal import decided, names

ALICE = Attendee(first="Alice", last="Baker", email="alice@example.org")
BOB = Attendee(first="Bob", last="Walsh", email="bob@example.org")
CREATED = CreateSeatAssignments(order_id="7f31", seats=listed({"ga": 2, "w": 1}))


def assign(attendee: Attendee, position: int = 0) -> AssignSeat:
    return AssignSeat(order_id="7f31", position=position, attendee=attendee)


def unassign(position: int = 0) -> UnassignSeat:
    return UnassignSeat(order_id="7f31", position=position)


def types(*commands: Command) -> list[str]:
    return names(decided(MODEL, CREATED, *commands)[1])[1:]


def test_there_is_one_position_for_each_seat_from_zero() -> None:
    _, (created,) = decided(MODEL, CREATED)

    assert isinstance(created, SeatAssignmentsCreated)
    assert {at: it.seat_type for at, it in created.seats.items()} == {
        "0": "ga",
        "1": "ga",
        "2": "w",
    }


def test_seats_are_counted_out_once() -> None:
    assert types(CREATED) == []


def test_an_empty_seat_is_assigned() -> None:
    assert types(assign(ALICE)) == ["SeatAssigned"]


def test_another_address_takes_the_seat_away_first() -> None:
    assert types(assign(ALICE), assign(BOB)) == ["SeatAssigned", "SeatUnassigned", "SeatAssigned"]


def test_the_same_address_in_other_letters_is_the_same_person() -> None:
    renamed = Attendee(first="Alice", last="Young", email="ALICE@example.org")

    assert types(assign(ALICE), assign(renamed)) == ["SeatAssigned", "SeatAssignmentUpdated"]


def test_assigning_the_same_again_does_nothing() -> None:
    assert types(assign(ALICE), assign(ALICE)) == ["SeatAssigned"]


def test_a_seat_is_given_up_once() -> None:
    assert types(assign(ALICE), unassign(), unassign()) == ["SeatAssigned", "SeatUnassigned"]


def test_a_seat_that_was_given_up_can_be_assigned_again() -> None:
    state, _ = decided(MODEL, CREATED, assign(ALICE), unassign(), assign(BOB), assign(ALICE, 2))

    assert {at: it.first for at, it in state.attendees.items()} == {"0": "Bob", "2": "Alice"}


@pytest.mark.parametrize("command", [assign(ALICE, 3), unassign(3)])
def test_a_position_that_does_not_exist_is_refused(command: Command) -> None:
    with pytest.raises(Refused, match="no seat at position 3"):
        types(command)


def test_an_order_that_is_not_confirmed_has_no_seats_to_assign() -> None:
    with pytest.raises(Refused, match="no seat at position 0"):
        decided(MODEL, assign(ALICE))


def test_the_merged_payloads_are_the_seating() -> None:
    """So a stream that no model reads shows who sits where, too."""
    state: object = {}
    for event in decided(MODEL, CREATED, assign(ALICE), assign(BOB, 2), assign(BOB))[1]:
        state = merge(state, json_text.decode(json_text.encode(event)))

    bob = {"first": "Bob", "last": "Walsh", "email": "bob@example.org"}
    assert state == {
        "orderId": "7f31",
        "seats": {
            "0": {"seatType": "ga", "attendee": bob},
            "1": {"seatType": "ga"},
            "2": {"seatType": "w", "attendee": bob},
        },
    }


@pytest.mark.parametrize("email", ["", "alice", "alice@example"])
def test_an_attendee_needs_an_address(email: str) -> None:
    attendee = {"first": "Alice", "last": "Baker", "email": email}

    (error,) = errors_in(AssignSeat, {"orderId": "7f31", "position": 0, "attendee": attendee})

    assert error.path == ("attendee", "email")
