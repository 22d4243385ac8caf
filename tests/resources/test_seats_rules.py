"""Seat reservations: the quota table, refusals, and sequences against a plain recount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.samples.conference_rules.orders import ORDERS, MarkSeatsAsReserved, Order
from resources.samples.conference_rules.seat_lines import as_seats
from resources.samples.conference_rules.seats import (
    SEATS,
    AddSeats,
    Availability,
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
    RemoveSeats,
    SeatCommand,
)
from resources.samples.rules import Fact, Refused, folded
from tests.conference_vectors import QUOTAS


def after(*commands: SeatCommand, start: Availability | None = None) -> Availability:
    state = start or Availability()
    for command in commands:
        state = folded(SEATS, SEATS.decide(state, command), state)
    return state


def reserve(reservation_id: str, **seats: int) -> MakeSeatReservation:
    return MakeSeatReservation(reservation_id=reservation_id, seats=seats)


def is_complete(wish: dict[str, int], reserved: Fact) -> bool:
    order = Order(conference_id="c", seats=wish)
    held = as_seats(reserved.data["reservationDetails"])
    prices = dict.fromkeys(wish, Decimal(1))
    mark = MarkSeatsAsReserved(order_id="o", seats=held, expiration_us=0, prices=prices)
    return ORDERS.decide(order, mark)[0].type == "OrderReservationCompleted"


@pytest.mark.parametrize(("quota", "registrants", "wish", "completed", "partial"), QUOTAS)
def test_a_quota_serves_those_who_come_first(
    quota: dict[str, int], registrants: int, wish: dict[str, int], completed: int, partial: int
) -> None:
    state = after(*(AddSeats(seat_type=seat, quantity=count) for seat, count in quota.items()))
    outcomes = []
    for number in range(registrants):
        facts = SEATS.decide(state, MakeSeatReservation(reservation_id=f"o{number}", seats=wish))
        state = folded(SEATS, facts, state)
        outcomes.append(is_complete(wish, facts[0]))

    assert (outcomes.count(True), outcomes.count(False)) == (completed, partial)
    assert set(state.remaining.values()) == {0}


def test_the_second_of_two_large_groups_gets_what_is_left() -> None:
    state = after(AddSeats(seat_type="w", quantity=10), reserve("o1", w=6), reserve("o2", w=6))

    assert state.pending == {"o1": {"w": 6}, "o2": {"w": 4}}


def test_removing_seats_may_leave_fewer_than_none_and_then_nothing_is_granted() -> None:
    full = after(AddSeats(seat_type="w", quantity=10), reserve("o1", w=7), reserve("o2", w=3))

    shrunk = after(RemoveSeats(seat_type="w", quantity=5), start=full)
    given_back = after(CancelSeatReservation(reservation_id="o2"), start=shrunk)
    asked = after(reserve("o3", w=1), start=given_back)

    assert (shrunk.remaining["w"], given_back.remaining["w"]) == (-5, -2)
    assert "o3" not in asked.pending


def test_a_refusal_is_recorded_with_empty_lists() -> None:
    state = after(AddSeats(seat_type="w", quantity=0))

    (fact,) = SEATS.decide(state, reserve("o1", w=1))

    assert fact.type == "SeatsReserved"
    assert fact.data == {
        "reservationId": "o1",
        "reservationDetails": [],
        "availableSeatsChanged": [],
    }


def test_asking_again_moves_only_the_difference() -> None:
    state = after(AddSeats(seat_type="w", quantity=5), reserve("o1", w=4))

    (fact,) = SEATS.decide(state, reserve("o1", w=5))

    assert fact.data["reservationDetails"] == [{"seatType": "w", "quantity": 5}]
    assert fact.data["availableSeatsChanged"] == [{"seatType": "w", "quantity": -1}]


def test_a_type_that_is_no_longer_wanted_is_given_back() -> None:
    adds = (AddSeats(seat_type="w", quantity=5), AddSeats(seat_type="ga", quantity=5))

    state = after(*adds, reserve("o1", w=2), reserve("o1", ga=1))

    assert (state.remaining, state.pending) == ({"w": 5, "ga": 4}, {"o1": {"ga": 1}})


def test_an_unknown_seat_type_is_refused() -> None:
    with pytest.raises(Refused, match="no such seat type: balcony"):
        SEATS.decide(Availability(), reserve("o1", balcony=1))


@pytest.mark.parametrize("command", [CancelSeatReservation, CommitSeatReservation])
def test_ending_an_unknown_reservation_does_nothing(
    command: type[CancelSeatReservation] | type[CommitSeatReservation],
) -> None:
    assert SEATS.decide(Availability(), command(reservation_id="nobody")) == ()


def test_a_committed_reservation_can_no_longer_be_cancelled() -> None:
    state = after(
        AddSeats(seat_type="w", quantity=3),
        reserve("o1", w=2),
        CommitSeatReservation(reservation_id="o1"),
    )

    assert SEATS.decide(state, CancelSeatReservation(reservation_id="o1")) == ()
    assert state.remaining == {"w": 1}


seat_types = st.sampled_from(["w", "ga"])
few = st.integers(min_value=0, max_value=8)
reservation_ids = st.sampled_from(["o1", "o2", "o3"])
commands = st.one_of(
    st.builds(AddSeats, seat_type=seat_types, quantity=few),
    st.builds(RemoveSeats, seat_type=seat_types, quantity=few),
    st.builds(
        MakeSeatReservation,
        reservation_id=reservation_ids,
        seats=st.dictionaries(seat_types, few, min_size=1),
    ),
    st.builds(CancelSeatReservation, reservation_id=reservation_ids),
    st.builds(CommitSeatReservation, reservation_id=reservation_ids),
)


@given(st.lists(commands, max_size=25))
def test_no_seat_is_ever_lost_or_made(sequence: list[SeatCommand]) -> None:
    state = after(AddSeats(seat_type="w", quantity=0), AddSeats(seat_type="ga", quantity=0))
    supplied, sold = {"w": 0, "ga": 0}, {"w": 0, "ga": 0}
    for command in sequence:
        if isinstance(command, AddSeats):
            supplied[command.seat_type] += command.quantity
        if isinstance(command, RemoveSeats):
            supplied[command.seat_type] -= command.quantity
        if isinstance(command, CommitSeatReservation):
            for seat, count in state.pending.get(command.reservation_id, {}).items():
                sold[seat] += count

        state = after(command, start=state)

        held = {s: sum(each.get(s, 0) for each in state.pending.values()) for s in supplied}
        assert state.remaining == {s: supplied[s] - sold[s] - held[s] for s in supplied}


@given(st.lists(commands, max_size=25))
def test_nobody_holds_more_than_they_asked_for(sequence: list[SeatCommand]) -> None:
    state = after(AddSeats(seat_type="w", quantity=9), AddSeats(seat_type="ga", quantity=9))
    for command in sequence:
        state = after(command, start=state)

        if isinstance(command, MakeSeatReservation):
            held = state.pending.get(command.reservation_id, {})
            assert all(0 < count <= command.seats[seat] for seat, count in held.items())
