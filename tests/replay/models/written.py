"""Histories that commands wrote, so that every event type of every model occurs in one.

The test file of a model may say so as `HISTORY`: commands with their data, in order.
"""

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from replay.commands.decide import CommandHandler
from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.proposal import By
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.conference_office import Office
from tests.replay.issued import issued
from tests.replay.models.test_members import Club

SHIP = {"code": "w", "name": "Wrong", "port": "AT_SEA"}
CARGO = {
    "code": "w",
    "name": "Wrong",
    "port": "sfo",
    "hasBeenInCanada": False,
    "declaredValue": 1,
    "registrationCode": "",
}
ORDER = {
    "conferenceId": "w",
    "seats": [],
    "reservationAutoExpiration": "",
    "accessCode": "",
}
OWNER = {"name": "Ada", "email": "ada@example.org"}


@cache
def written_streams() -> dict[str, tuple[RecordedEvent, ...]]:
    """Stream name → its events."""
    with TemporaryDirectory() as folder:
        return (
            _conference(Path(folder, "c.foldline"))
            | _from_test_files(Path(folder, "d.foldline"))
            | _members(Path(folder, "e.foldline"))
            | _corrected(Path(folder, "f.foldline"))
        )


def _conference(path: Path) -> dict[str, tuple[RecordedEvent, ...]]:
    office = Office(path, quota=3)
    try:
        _publish(office)
        _sell(office)
        return _streams(office.store)
    finally:
        office.close()


def _publish(office: Office) -> None:
    """Seats drafted, one of them given up, then the conference goes public."""
    organiser = ("organiser",)
    office.do("CreateConference", {"slug": "new", "name": "New", "owner": OWNER}, roles=organiser)
    office.do("UpdateConference", {"slug": "new", "location": "Lisbon"}, roles=organiser)
    for seat_type in ("vip", "stage"):
        office.do(
            "OfferSeats",
            {
                "seatType": seat_type,
                "conferenceId": "new",
                "name": seat_type,
                "price": 1,
                "quantity": 2,
            },
            roles=organiser,
        )
    office.settle()
    office.do("DeleteSeatType", {"seatType": "stage"}, roles=organiser)
    office.do("PublishConference", {"slug": "new"}, roles=organiser)
    office.settle()
    office.offer("party", 60, 5)


def _sell(office: Office) -> None:
    """One order to its end; one that comes too late, one that nobody pays, one heard too late, one
    that is paid before its seats have answered, one that is changed after it was paid."""
    office.register("o1", general=1)
    office.register("o2", general=5)
    office.settle()
    office.register_person("o1")
    office.pay("o1")
    office.settle()
    seat = {"orderId": "o1", "position": 0}
    person = {"first": "Ada", "last": "Li", "email": "ada@example.org"}
    for attendee in (person, person | {"last": "King"}, person | {"email": "bo@example.org"}):
        office.do("AssignSeat", {**seat, "attendee": attendee})
    office.do("UnassignSeat", seat)
    office.register("o4", party=1)
    office.pay("o4")
    office.settle()
    office.register("o5", party=1)
    office.settle()
    office.pay("o5")
    office.register("o5", party=2)
    office.settle()
    office.register("o3", party=1)
    office.now_us += 16 * 60_000_000
    office.settle()
    office.wait(29)
    payment = {
        "paymentId": "p9",
        "sourceId": "o9",
        "conferenceId": "conf",
        "description": "",
        "totalAmount": 1,
    }
    office.do("InitiateThirdPartyProcessorPayment", payment)
    office.do("CancelThirdPartyProcessorPayment", {"paymentId": "p9"})


def _from_test_files(path: Path) -> dict[str, tuple[RecordedEvent, ...]]:
    store = open_store(path, create=True)
    try:
        handler = CommandHandler(store, bundled_models())
        for command, data in _histories():
            answered = handler.issue(issued(command, data))
            assert answered.status == "done", answered
        return _streams(store)
    finally:
        store.close()


def _histories() -> Iterator[tuple[str, dict[str, Any]]]:
    folder = import_module("tests.replay.models")
    for found in pkgutil.iter_modules(folder.__path__):
        if found.name.startswith("test_"):
            yield from getattr(import_module(f"{folder.__name__}.{found.name}"), "HISTORY", ())


def _members(path: Path) -> dict[str, tuple[RecordedEvent, ...]]:
    club = Club(path)
    try:
        club.register()
        club.do("ChangeEmail", memberId="7", email="ada@example.com")
        club.wait(0)
        return _streams(club.store)
    finally:
        club.store.close()


def _corrected(path: Path) -> dict[str, tuple[RecordedEvent, ...]]:
    """A ship, its cargo and an order, of each of which an event was wrong."""
    store, name = open_store(path, create=True), {"name": "Right"}
    wrong: tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...] = (
        ("ship-w", "ShipRegistered", SHIP, name),
        ("cargo-w", "CargoRegistered", CARGO, name),
        ("order-w", "OrderPlaced", ORDER, {"conferenceId": "right"}),
    )
    try:
        for stream, type_, data, _ in wrong:
            store.append(stream, [NewEvent.of(type_, data)], expected=ANY_VERSION)
        for position, (_, _, data, right) in enumerate(wrong, 1):
            asked = Asked(position=position, kind="wrong", data=data | right)
            commit(store, StreamStates, asked, By(actor="ada"), partly=False)
        return _streams(store)
    finally:
        store.close()


def _streams(store: SqliteStore) -> dict[str, tuple[RecordedEvent, ...]]:
    log = store.reader()
    return {name: tuple(log.read_stream(name)) for name in sorted(log.stream_names())}
