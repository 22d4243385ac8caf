"""What takes back what, in every model that the program brings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.commands.compensations import compensated_by, compensates
from replay.commands.decide import CommandHandler
from replay.commands.undo import NoUndo, TakenBack, undo_of
from replay.states.model_set import AnyModel, bundled_models
from store import json_text
from store.events import RecordedEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import done
from tests.replay.issued import issued

MODELS = bundled_models()
ROLES = ("organiser", "process")
ADA, BOB = ({"first": it, "last": "L", "email": f"{it}@a.org"} for it in ("Ada", "Bob"))
GENERAL = {"seatType": "general", "conferenceId": "c", "name": "General", "quantity": 9}
CONFERENCE = {"slug": "c", "name": "Conf", "owner": {"name": "Ada", "email": "ada@a.org"}}
TWO = [{"seatType": "general", "quantity": 2}]
THREE = [{"seatType": "general", "quantity": 3}]
SAILED = {"ship": "kr", "occurred": "2026-03-01"}

# What each command records last is taken back, and the state is what it was before.
BACK_AS_IT_WAS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("PerformDeposit", {"accountNumber": "7", "amount": 100}, "PerformWithdrawal"),
    ("PerformWithdrawal", {"accountNumber": "7", "amount": 30}, "PerformDeposit"),
    ("ChangeOwner", {"accountId": "7", "newOwner": "Bob"}, "ChangeOwner"),
    ("ChangeAddress", {"customer": "1", "address": "Here"}, "ChangeAddress"),
    ("ChangeTitle", {"customer": "1", "title": "Dr"}, "ChangeTitle"),
    ("ChangeLastName", {"customer": "1", "lastName": "Hopper"}, "ChangeLastName"),
    ("ReportDelinquency", {"customer": "1", "reason": "unpaid"}, "ReportPaidUp"),
    ("ChangeEmail", {"memberId": "m", "email": "other@a.org"}, "ChangeEmail"),
    ("LoadCargo", {**SAILED, "cargo": "x"}, "UnloadCargo"),
    ("AssignSeat", {"orderId": "o", "position": 0, "attendee": ADA}, "UnassignSeat"),
    ("AddSeats", {"conferenceId": "c", "seatType": "general", "quantity": 5}, "RemoveSeats"),
    ("RemoveSeats", {"conferenceId": "c", "seatType": "general", "quantity": 5}, "AddSeats"),
    (
        "MakeSeatReservation",
        {"conferenceId": "c", "reservationId": "o", "seats": TWO},
        "CancelSeatReservation",
    ),
    ("UpdateConference", {"slug": "c", "name": "Other"}, "UpdateConference"),
    ("OfferSeats", {**GENERAL, "price": 5}, "OfferSeats"),
)
BEFORE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("OpenAccount", {"id": "7", "owner": "Ada"}),
    ("RegisterCustomer", {"id": "1", "lastName": "Lovelace"}),
    ("RegisterMember", {"memberId": "m", "name": "Ada", "email": "ada@a.org"}),
    ("RegisterPort", {"code": "sfo", "name": "San Francisco", "country": "US"}),
    ("RegisterShip", {"code": "kr", "name": "King Roy"}),
    ("RegisterCargo", {"code": "x", "name": "X", "port": "sfo", "declaredValue": 1}),
    ("ReportArrival", {**SAILED, "port": "sfo"}),
    ("CreateConference", CONFERENCE),
    ("OfferSeats", {**GENERAL, "price": 3}),
    ("AddSeats", {"conferenceId": "c", "seatType": "general", "quantity": 9}),
    ("CreateSeatAssignments", {"orderId": "o", "seats": TWO}),
)


class Desk:
    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.handler = CommandHandler(store, MODELS)

    def do(self, command: str, data: Any, *, because: RecordedEvent | None = None) -> RecordedEvent:
        """The last event that it records."""
        answered = self.handler.issue(issued(command, data, roles=ROLES, because=because))
        position = done(answered).last_position
        assert position is not None
        found = self.store.event(position)
        assert found is not None
        return found

    def undo(self, event: RecordedEvent) -> tuple[str, RecordedEvent]:
        """The command, and the last event of it."""
        command = undo_of(self.store, MODELS, event.position)
        name = type(command).__name__
        return name, self.do(name, json_text.decode(json_text.encode(command)), because=event)

    def state(self, stream: str) -> Any:
        return self.handler.state_of(stream)[0]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(tmp_path / "a.foldline", create=True)
    yield Desk(store)
    store.close()


@pytest.mark.parametrize("model", MODELS.models, ids=lambda it: it.name)
def test_every_event_is_taken_back_or_says_why_not(model: AnyModel) -> None:
    assert not set(model.undo) & set(model.final)
    assert all(it.endswith(".") for it in model.final.values())
    linked = set() if not model.is_linked_into else {"Arrival", "Load", "Unload"}
    told = {it.__name__ for it in (*model.undo, *model.final)}
    own = {it.__name__ for it in model.events} - linked
    is_process = any(it.model.name == model.name for it in MODELS.processes)
    assert told == (set() if is_process else own)


def test_what_is_taken_back_leaves_the_state_as_it_was(desk: Desk) -> None:
    for command, data in BEFORE:
        desk.do(command, data)
    for command, data, back in BACK_AS_IT_WAS:
        event = desk.do(command, data)
        before = _before(desk, event)

        name, taken_back = desk.undo(event)

        assert (command, name) == (command, back)
        assert desk.state(event.stream) == before, command
        assert compensated_by(desk.store, MODELS, event) == taken_back
        assert compensates(desk.store, MODELS, taken_back) == event
        with pytest.raises(TakenBack):
            undo_of(desk.store, MODELS, event.position)
        if command not in ("ChangeOwner", "UpdateConference"):
            again, _ = desk.undo(taken_back)  # an undo can itself be undone
            assert again
            desk.undo(_last(desk, event.stream))


def _before(desk: Desk, event: RecordedEvent) -> Any:
    model = MODELS.of_stream(event.stream)
    assert model is not None
    state, evolve = model.initial(), MODELS.fold(model).evolve
    for one in desk.store.read_stream(event.stream, until=event.position - 1):
        state = evolve(state, one)
    return state


def _last(desk: Desk, stream: str) -> RecordedEvent:
    return next(desk.store.read_stream(stream, limit=1, reverse=True))


@pytest.mark.parametrize(
    ("steps", "back", "fields"),
    [
        (
            [
                ("RegisterCustomer", {"id": "1", "lastName": "Lovelace"}),
                ("ReportDelinquency", {"customer": "1", "reason": "unpaid"}),
                ("ReportPaidUp", {"customer": "1"}),
            ],
            "ReportDelinquency",
            {"customer": "1", "reason": "undo: the bills are not paid"},
        ),
        (
            [
                ("CreateConference", CONFERENCE),
                ("PublishConference", {"slug": "c"}),
            ],
            "UnpublishConference",
            {"slug": "c"},
        ),
        (
            [
                ("OfferSeats", {**GENERAL, "price": 3}),
                ("RegisterToConference", {"orderId": "o", "conferenceId": "c", "seats": TWO}),
            ],
            "",
            {},
        ),
        (
            [
                ("CreateSeatAssignments", {"orderId": "o", "seats": TWO}),
                ("AssignSeat", {"orderId": "o", "position": 1, "attendee": ADA}),
                ("UnassignSeat", {"orderId": "o", "position": 1}),
            ],
            "AssignSeat",
            {"orderId": "o", "position": 1, "attendee": ADA},
        ),
        (
            [
                ("CreateSeatAssignments", {"orderId": "o", "seats": TWO}),
                ("AssignSeat", {"orderId": "o", "position": 1, "attendee": ADA}),
                ("AssignSeat", {"orderId": "o", "position": 1, "attendee": {**ADA, "last": "K"}}),
            ],
            "AssignSeat",
            {"orderId": "o", "position": 1, "attendee": ADA},
        ),
        (
            [
                ("AddSeats", {"conferenceId": "c", "seatType": "general", "quantity": 9}),
                ("MakeSeatReservation", {"conferenceId": "c", "reservationId": "o", "seats": TWO}),
                (
                    "MakeSeatReservation",
                    {"conferenceId": "c", "reservationId": "o", "seats": THREE},
                ),
            ],
            "MakeSeatReservation",
            {"conferenceId": "c", "reservationId": "o", "seats": TWO},
        ),
    ],
)
def test_the_command_that_takes_an_event_back_is_filled_in(
    desk: Desk, steps: list[tuple[str, Any]], back: str, fields: dict[str, Any]
) -> None:
    for command, data in steps:
        event = desk.do(command, data)

    if not back:
        event = desk.store.event(event.position - 1) or event  # the totals follow from it
        back, fields = "RejectOrder", {"orderId": "o"}
    found = undo_of(desk.store, MODELS, event.position)

    assert type(found).__name__ == back
    told = json.loads(json_text.encode(found))
    assert {name: told.get(name) for name in fields} == fields


def test_where_nothing_takes_an_event_back_it_is_said_with_the_reason(desk: Desk) -> None:
    desk.do("OpenAccount", {"id": "7", "owner": "Ada"})
    closed = desk.do("CloseAccount", {"accountId": "7", "reason": "moved"})

    with pytest.raises(NoUndo) as error:
        undo_of(desk.store, MODELS, closed.position)

    assert str(error.value) == (
        "BankAccountClosed at 2 cannot be undone: a closed account stays closed; open another one"
    )
