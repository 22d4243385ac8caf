"""Seats: the table of the guide, reservations that change, and random commands."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.models.conference.lines import counted, wanted
from replay.models.conference.orders import RegisterToConference
from replay.models.conference.seat_types import OfferSeats
from replay.models.conference.seats import (
    MODEL,
    AddSeats,
    Availability,
    CancelSeatReservation,
    CommitSeatReservation,
    MakeSeatReservation,
    RemoveSeats,
    SeatsReserved,
)
from replay.typed_model import Command, Event, Refused
from tests.conference_vectors import QUOTAS
from tests.replay.models.conference.rehearsal import Rehearsal


def add(seat_type: str, quantity: int) -> AddSeats:
    return AddSeats(conference_id="c", seat_type=seat_type, quantity=quantity)


def remove(seat_type: str, quantity: int) -> RemoveSeats:
    return RemoveSeats(conference_id="c", seat_type=seat_type, quantity=quantity)


def reserve(order: str, **seats: int) -> MakeSeatReservation:
    return MakeSeatReservation(conference_id="c", reservation_id=order, seats=wanted(seats))


def cancel(order: str) -> CancelSeatReservation:
    return CancelSeatReservation(conference_id="c", reservation_id=order)


def commit(order: str) -> CommitSeatReservation:
    return CommitSeatReservation(conference_id="c", reservation_id=order)


def run(commands: Sequence[Command]) -> tuple[Availability, list[Event]]:
    state, events = Availability(), list[Event]()
    for command in commands:
        for event in MODEL.decide(state, command, None):  # type: ignore[arg-type]
            events.append(event)
            state = MODEL.evolve(state, event)
    return state, events


@pytest.mark.parametrize(("quota", "registrants", "wish", "completed", "partial"), QUOTAS)
def test_seats_go_to_those_who_come_first(
    quota: dict[str, int], registrants: int, wish: dict[str, int], completed: int, partial: int
) -> None:
    stocked: list[Command] = [add(seat, quantity) for seat, quantity in quota.items()]

    state, events = run(stocked + [reserve(f"o{n}", **wish) for n in range(registrants)])

    granted = [counted(it.reservation_details) for it in events if isinstance(it, SeatsReserved)]
    assert sum(it == wish for it in granted) == completed
    assert len(granted) == registrants == completed + partial
    assert state.remaining == dict.fromkeys(quota, 0)


@pytest.mark.parametrize(("quota", "registrants", "wish", "completed", "partial"), QUOTAS)
def test_their_orders_are_completed_or_granted_in_part(
    quota: dict[str, int], registrants: int, wish: dict[str, int], completed: int, partial: int
) -> None:
    """The whole way, through orders and the registration process."""
    rehearsal = Rehearsal()
    for seat, quantity in quota.items():
        rehearsal.issue(
            OfferSeats(
                seat_type=seat, conference_id="c", name=seat, price=Decimal(1), quantity=quantity
            )
        )
    for n in range(registrants):
        rehearsal.issue(
            RegisterToConference(order_id=f"o{n}", conference_id="c", seats=wanted(wish))
        )
    rehearsal.settle()

    types = Counter(it.type for it in rehearsal.log)
    assert types["OrderReservationCompleted"] == completed
    assert types["OrderPartiallyReserved"] == partial
    assert rehearsal.state("seats-c").remaining == dict.fromkeys(quota, 0)


def test_removed_seats_may_leave_less_than_none() -> None:
    before = [add("W", 10), reserve("o1", W=7), reserve("o2", W=3), remove("W", 5)]
    assert run(before)[0].remaining == {"W": -5}

    after, _ = run([*before, cancel("o2")])
    assert after.remaining == {"W": -2}

    last, events = run([*before, cancel("o2"), reserve("o3", W=1)])
    assert counted(events[-1].reservation_details) == {}  # type: ignore[attr-defined]
    assert last.remaining == {"W": -2}


def test_asking_again_changes_the_reservation() -> None:
    state, _ = run([add("W", 10), reserve("o1", W=6), reserve("o1", W=2)])

    assert state == Availability(remaining={"W": 8}, pending={"o1": {"W": 2}})


def test_asking_for_more_moves_only_the_difference() -> None:
    _, events = run([add("W", 5), reserve("o1", W=4), reserve("o1", W=5)])

    last = events[-1]
    assert isinstance(last, SeatsReserved)
    assert counted(last.reservation_details) == {"W": 5}
    assert counted(last.available_seats_changed) == {"W": -1}


def test_a_type_that_is_no_longer_wanted_is_given_back() -> None:
    state, _ = run([add("W", 5), add("GA", 5), reserve("o1", W=2), reserve("o1", GA=1)])

    assert (state.remaining, state.pending) == ({"W": 5, "GA": 4}, {"o1": {"GA": 1}})


def test_a_refusal_is_recorded_with_empty_lists() -> None:
    _, events = run([add("W", 0), reserve("o1", W=1)])

    assert events[-1] == SeatsReserved(
        reservation_id="o1", reservation_details=(), available_seats_changed=()
    )


def test_what_is_sold_can_no_longer_be_given_back() -> None:
    state, events = run([add("W", 3), reserve("o1", W=2), commit("o1"), cancel("o1")])

    assert (state.remaining, len(events)) == ({"W": 1}, 3)


def test_an_unknown_type_is_refused_and_an_unknown_reservation_is_nothing() -> None:
    with pytest.raises(Refused, match="There is no seat type X"):
        run([add("W", 1), reserve("o1", X=1)])

    assert run([add("W", 1), cancel("o9"), commit("o9")])[1] == run([add("W", 1)])[1]


ORDERS = st.sampled_from(["o1", "o2", "o3"])
QUANTITIES = st.integers(0, 6)
COMMANDS = st.one_of(
    st.builds(lambda n: add("W", n), QUANTITIES),
    st.builds(lambda n: remove("W", n), QUANTITIES),
    st.builds(lambda order, n: reserve(order, W=n), ORDERS, QUANTITIES),
    st.builds(cancel, ORDERS),
    st.builds(commit, ORDERS),
)


class Oracle:
    """Seats counted in the plainest way: every seat is with somebody."""

    def __init__(self) -> None:
        self.stock, self.sold = 0, 0
        self.held: dict[str, int] = {}

    def do(self, command: Any) -> None:
        match command:
            case AddSeats():
                self.stock += command.quantity
            case RemoveSeats():
                self.stock -= command.quantity
            case MakeSeatReservation():
                own = self.held.pop(command.reservation_id, 0)
                free = max(self.left() - own, 0) + own
                if now := min(counted(command.seats)["W"], free):
                    self.held[command.reservation_id] = now
            case CancelSeatReservation():
                self.held.pop(command.reservation_id, None)
            case CommitSeatReservation():
                self.sold += self.held.pop(command.reservation_id, 0)

    def left(self) -> int:
        return self.stock - self.sold - sum(self.held.values())


@given(st.lists(COMMANDS, max_size=30))
def test_random_commands_leave_what_plain_counting_leaves(commands: list[Command]) -> None:
    oracle, history = Oracle(), [add("W", 5), *commands]
    for command in history:
        oracle.do(command)

    state, _ = run(history)

    assert state.remaining["W"] == oracle.left()
    assert state.pending == {order: {"W": n} for order, n in oracle.held.items()}
    assert all(holds(state) for holds in MODEL.invariants.values())


TYPES = st.sampled_from(["W", "GA"])
OF_TWO_TYPES = st.one_of(
    st.builds(add, TYPES, QUANTITIES),
    st.builds(remove, TYPES, QUANTITIES),
    st.builds(
        lambda order, seats: reserve(order, **seats),
        ORDERS,
        st.dictionaries(TYPES, QUANTITIES, min_size=1),
    ),
    st.builds(cancel, ORDERS),
    st.builds(commit, ORDERS),
)


@given(st.lists(OF_TWO_TYPES, max_size=25))
def test_no_seat_is_ever_lost_or_made_and_nobody_holds_more_than_they_asked_for(
    commands: list[Command],
) -> None:
    state, _ = run([add("W", 0), add("GA", 0)])
    supplied, sold = {"W": 0, "GA": 0}, {"W": 0, "GA": 0}
    for command in commands:
        match command:
            case AddSeats():
                supplied[command.seat_type] += command.quantity
            case RemoveSeats():
                supplied[command.seat_type] -= command.quantity
            case CommitSeatReservation():
                for seat, count in state.pending.get(command.reservation_id, {}).items():
                    sold[seat] += count
        for event in MODEL.decide(state, command, None):  # type: ignore[arg-type]
            state = MODEL.evolve(state, event)

        held = {it: sum(each.get(it, 0) for each in state.pending.values()) for it in supplied}
        assert state.remaining == {it: supplied[it] - sold[it] - held[it] for it in supplied}
        if isinstance(command, MakeSeatReservation):
            wish, got = counted(command.seats), state.pending.get(command.reservation_id, {})
            assert all(0 < count <= wish[seat] for seat, count in got.items())
