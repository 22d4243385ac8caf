"""One order's conversation; what waits is decided once; a rebuild sends nothing; lint."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from replay import command_line
from replay.catalog.rebuild import rebuild
from replay.history.conversation import conversation_of, lines
from replay.history.lint import lint
from replay.states.model_set import bundled_models, bundled_processes
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.times import now_us
from tests.replay.conference_office import Office
from tests.replay.issued import issued

HAPPY = [
    "OrderPlaced",
    "OrderTotalsCalculated",
    "RegistrationStarted",
    "SeatsReserved",
    "ReservationConfirmationReceived",
    "OrderReservationCompleted",
]

WHOLE = [
    *HAPPY,
    "OrderRegistrantAssigned",
    "PaymentInitiated",
    "PaymentCompleted",
    "PaymentConfirmationReceived",
    "OrderConfirmed",
    "RegistrationCompleted",
    "SeatsReservationCommitted",
    "SeatingNoted",
    "SeatAssignmentsCreated",
]
SENT = [
    "RegisterToConference",
    "MakeSeatReservation",
    "ExpireRegistrationProcess",
    "MarkSeatsAsReserved",
    "AssignRegistrantDetails",
    "InitiateThirdPartyProcessorPayment",
    "CompleteThirdPartyProcessorPayment",
    "ConfirmOrder",
    "CommitSeatReservation",
    "CreateSeatAssignments",
]
PROCESSES = tuple(it.model.category for it in bundled_processes())
MESSAGES = [
    "RegisterToConference? -> order-A7",
    "@order-A7::OrderPlaced! ->",
    "ExpireRegistrationProcess? -> registration-A7",
    "@order-A7::OrderTotalsCalculated! ->",
    "@registration-A7::RegistrationStarted! ->",
    "MakeSeatReservation? -> seats-conf",
    "@seats-conf::SeatsReserved! ->",
    "@registration-A7::ReservationConfirmationReceived! ->",
    "MarkSeatsAsReserved? -> order-A7",
    "@order-A7::OrderReservationCompleted! ->",
    "AssignRegistrantDetails? -> order-A7",
    "@order-A7::OrderRegistrantAssigned! ->",
    "InitiateThirdPartyProcessorPayment? -> payment-p-A7",
    "@payment-p-A7::PaymentInitiated! ->",
    "CompleteThirdPartyProcessorPayment? -> payment-p-A7",
    "@payment-p-A7::PaymentCompleted! ->",
    "@registration-A7::PaymentConfirmationReceived! ->",
    "ConfirmOrder? -> order-A7",
    "@order-A7::OrderConfirmed! ->",
    "@registration-A7::RegistrationCompleted! ->",
    "@seating-A7::SeatingNoted! ->",
    "CommitSeatReservation? -> seats-conf",
    "@seats-conf::SeatsReservationCommitted! ->",
    "CreateSeatAssignments? -> assign-A7",
    "@assign-A7::SeatAssignmentsCreated! ->",
]
CAUSED = [
    ("RegisterToConference? -> order-A7", "@order-A7::OrderPlaced! ->"),
    ("@payment-p-A7::PaymentCompleted! ->", "ConfirmOrder? -> order-A7"),
    ("ConfirmOrder? -> order-A7", "@order-A7::OrderConfirmed! ->"),
    ("@order-A7::OrderConfirmed! ->", "CommitSeatReservation? -> seats-conf"),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    yield office
    office.close()


@pytest.fixture
def log(office: Office) -> Iterator[EventReader]:
    log = open_reader(office.path)
    yield log
    log.close()


def test_the_conversation_of_an_order_holds_its_messages_and_no_other(
    office: Office, log: EventReader
) -> None:
    office.register("B8", general=1)
    office.register("A7", general=1, party=1)
    office.settle()
    placed = next(it for it in log.read() if it.stream == "order-A7")

    found = conversation_of(log, placed)

    assert [it.type for it in found.events] == HAPPY
    assert [it.type for it in found.commands] == [
        "RegisterToConference",
        "MakeSeatReservation",
        "ExpireRegistrationProcess",
        "MarkSeatsAsReserved",
    ]
    told = list(lines(found))
    assert told[0] == "RegisterToConference? -> order-A7"
    assert "  @order-A7::OrderPlaced! ->" in told
    assert "    MakeSeatReservation? -> seats-conf" in told
    reserved = next(it for it in told if "SeatsReserved! ->" in it and "seats-conf" in it)
    assert told.index("    MakeSeatReservation? -> seats-conf") < told.index(reserved)


def test_people_who_name_no_cause_are_followed_by_the_order(
    office: Office, log: EventReader
) -> None:
    """In use nobody says what a payment or a registrant answers to."""
    for order in ("B8", "A7"):
        office.register(order, general=1, party=1)
        office.settle()
        person = {"orderId": order, "first": "Ada", "last": "L", "email": "ada@a.org"}
        office.do("AssignRegistrantDetails", person)
        office.do("InitiateThirdPartyProcessorPayment", payment(order))
        office.do("CompleteThirdPartyProcessorPayment", {"paymentId": f"p-{order}"})
        office.settle()

    found = [
        conversation_of(log, event, tied_by=PROCESSES, models=bundled_models())
        for event in log.read()
        if event.stream in ("order-A7", "registration-A7")
    ]

    for it in found:
        assert Counter(event.type for event in it.events) == Counter(WHOLE)
        assert Counter(command.type for command in it.commands) == Counter(SENT)
    told = [it.strip() for it in lines(found[0])]
    assert told == MESSAGES


def payment(order: str) -> dict[str, object]:
    return {
        "paymentId": f"p-{order}",
        "sourceId": order,
        "conferenceId": "conf",
        "description": "seats",
        "totalAmount": 249,
    }


def test_what_is_bought_at_a_conference_is_no_part_of_its_own_conversation(
    office: Office, log: EventReader
) -> None:
    organiser = {"roles": ("organiser",)}
    owner = {"name": "Ada", "email": "ada@a.org"}
    office.do("CreateConference", {"slug": "new", "name": "New", "owner": owner}, **organiser)
    created = office.store.event(office.store.head())
    offer = {"seatType": "x", "conferenceId": "new", "name": "x", "price": 1, "quantity": 9}
    office.do("OfferSeats", offer, because=created, **organiser)
    office.do("AddSeats", {"conferenceId": "new", "seatType": "x", "quantity": 9})
    office.settle()
    lines_ = [{"seatType": "x", "quantity": 1}]
    office.do("RegisterToConference", {"orderId": "N1", "conferenceId": "new", "seats": lines_})
    office.do("InitiateThirdPartyProcessorPayment", payment("N1") | {"conferenceId": "new"})
    office.settle()
    assert created is not None

    found = conversation_of(log, created, tied_by=PROCESSES, models=bundled_models())

    assert [it.type for it in found.events] == ["ConferenceCreated", "SeatDrafted", "DraftNoted"]


def test_an_order_is_followed_to_its_end_through_what_its_process_heard(
    office: Office, log: EventReader
) -> None:
    office.register("B8", general=1)
    office.register("A7", general=1, party=1)
    office.settle()
    office.register_person("A7")
    office.pay("B8")
    office.pay("A7")
    office.settle()
    placed = next(it for it in log.read() if it.stream == "order-A7")

    found = conversation_of(log, placed, tied_by=("registration",))

    assert Counter(it.type for it in found.events) == Counter(WHOLE)
    assert Counter(it.type for it in found.commands) == Counter(SENT)
    assert not {it.stream for it in found.events} & {"order-B8", "payment-p-B8"}
    told = [it.strip() for it in lines(found)]
    assert len(told) == len(WHOLE) + len(SENT)
    for cause, effect in CAUSED:
        assert told.index(cause) < told.index(effect)


MIL = """\
RegisterToConference? -> order-A7
@order-A7::OrderPlaced! -> registration-A7
    *order-A7.conferenceId = "conf"
    *order-A7.seats.general = 1
    *order-A7.seats.party = 1
    *order-A7.changes = 1
@order-A7::OrderTotalsCalculated! ->
    *order-A7.total = 249.00
@registration-A7::RegistrationStarted! ->
    *registration-A7.state = "AwaitingReservationConfirmation"
    *registration-A7.orderId = "A7"
    *registration-A7.conferenceId = "conf"
    *registration-A7.windowEnds = …
    *registration-A7.reservationCommandId = …
    *registration-A7.expirationCommandId = …
    *registration-A7.changes = 1
MakeSeatReservation? -> seats-conf
@seats-conf::SeatsReserved! -> registration-A7
    *seats-conf.remaining.general = 99
    *seats-conf.remaining.party = 99
    *seats-conf.pending.A7 = {"general":1,"party":1}
@registration-A7::ReservationConfirmationReceived! ->
    *registration-A7.state = "ReservationConfirmationReceived"
MarkSeatsAsReserved? -> order-A7
@order-A7::OrderReservationCompleted! ->
    *order-A7.reservation = "complete"
AssignRegistrantDetails? -> order-A7
@order-A7::OrderRegistrantAssigned! ->
    *order-A7.email = "ada@a.org"
InitiateThirdPartyProcessorPayment? -> payment-p-A7
@payment-p-A7::PaymentInitiated! ->
    *payment-p-A7.sourceId = "A7"
    *payment-p-A7.amount = 249.00
    *payment-p-A7.status = "Initiated"
CompleteThirdPartyProcessorPayment? -> payment-p-A7
@payment-p-A7::PaymentCompleted! -> registration-A7
    *payment-p-A7.status = "Completed"
@registration-A7::PaymentConfirmationReceived! ->
    *registration-A7.state = "PaymentConfirmationReceived"
    *registration-A7.paymentId = "p-A7"
ConfirmOrder? -> order-A7
@order-A7::OrderConfirmed! -> registration-A7, seating-A7
    *order-A7.isConfirmed = true
@registration-A7::RegistrationCompleted! ->
    *registration-A7.expirationCommandId = ""
    *registration-A7.isCompleted = true
    *registration-A7.outcome = "Confirmed"
CommitSeatReservation? -> seats-conf
@seats-conf::SeatsReservationCommitted! ->
    *seats-conf.pending.A7 = nothing
@seating-A7::SeatingNoted! ->
    *seating-A7.orderId = "A7"
CreateSeatAssignments? -> assign-A7
@assign-A7::SeatAssignmentsCreated! ->
    *assign-A7.orderId = "A7"
    *assign-A7.types.0 = "general"
    *assign-A7.types.1 = "party"
"""
OF_THE_DAY = re.compile(
    r"(windowEnds|reservationCommandId|expirationCommandId) = \"[^\"]+\"$", re.MULTILINE
)


def test_an_order_can_be_told_in_the_language_of_the_guide(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it, in the guide's order; between neighbours of one cause either may come first."""
    office.register("A7", general=1, party=1)
    office.settle()
    office.register_person("A7")
    office.pay("A7")
    office.settle()
    placed = next(office.store.read_stream("order-A7"))

    code = command_line.run(["trace", str(office.path), str(placed.position), "--mil"])

    told = OF_THE_DAY.sub(r"\1 = …", capsys.readouterr().out)
    assert code == 0
    assert Counter(blocks(told)) == Counter(blocks(MIL + TIMER))
    for cause, effect in CAUSED:
        assert told.index(cause) < told.index(effect)
    events = [it for it in told.splitlines() if it.startswith("@")]
    assert [it for it in events if "@order" in it] == [
        it for it in MIL.splitlines() if it.startswith("@order")
    ]


TIMER = "ExpireRegistrationProcess? -> registration-A7\n"


def blocks(told: str) -> list[str]:
    """Each message with what it changes."""
    return re.split(r"\n(?! )", told.strip())


AHEAD_US = 4_070_908_800_000_000  # 2099


def test_what_led_to_nothing_stands_behind_what_had_come_by_then_whatever_time_that_claims(
    office: Office, log: EventReader
) -> None:
    """An imported event may say that it was recorded in 2099."""
    facts = {"correlation_id": "talk"}
    claims = NewEvent.of("Noted", {}, facts, recorded_at_us=AHEAD_US, recorded_offset_min=0)
    office.store.append("note-1", [claims], expected=0)
    asked = structs.replace(
        issued("ConfirmOrder", {"orderId": "none"}),
        stream="order-none",
        issued_at_us=now_us(),
        correlation_id="talk",
    )
    office.store.submit(lambda writer: writer.beside.commands.add([asked])).result()
    office.store.append("note-1", [NewEvent.of("Noted", {}, facts)], expected=1)
    first = next(office.store.read_stream("note-1"))

    told = list(lines(conversation_of(log, first)))

    assert told == ["@note-1::Noted! ->", "ConfirmOrder? -> order-none", "@note-1::Noted! ->"]


@pytest.mark.parametrize("crash_at", ["", "before handling", "after handling"])
def test_what_waits_while_nobody_decides_is_decided_once(office: Office, crash_at: str) -> None:
    seats = {"conferenceId": "conf", "seatType": "party", "quantity": 1}
    waiting = [issued("AddSeats", seats) for _ in range(20)]
    office.store.submit(lambda writer: writer.beside.commands.add(waiting)).result()
    assert office.counts()["pending"] == 20
    head = office.store.head()

    office.crash_at = crash_at
    office.settle()

    assert office.counts().get("pending", 0) == 0
    assert office.store.head() == head + 20
    assert office.state("seats-conf").remaining["party"] == 120


def test_the_log_of_commands_has_every_one_that_was_sent(office: Office) -> None:
    before = sum(office.counts().values())
    for n in range(5):
        office.register(f"N{n}", general=1)
    office.handler.issue(issued("ConfirmOrder", {"orderId": "nobody"}))

    assert sum(office.counts().values()) == before + 6
    assert office.counts()["refused"] >= 1


def test_a_rebuild_runs_no_rule_and_sends_no_command(office: Office, log: EventReader) -> None:
    office.register("A7", general=1)
    office.settle()
    head, counts = office.store.head(), office.counts()

    for _ in range(3):
        rebuild(log)

    assert (office.store.head(), office.counts()) == (head, counts)


def test_lint_finds_the_event_that_changes_nothing(office: Office, log: EventReader) -> None:
    office.do("AddSeats", {"conferenceId": "conf", "seatType": "party", "quantity": 0})
    last = office.store.head()

    (found,) = [it for it in lint(log, bundled_models()) if it.fault == "no-op"]

    assert (found.type, found.count, found.positions) == ("AvailableSeatsChanged", 1, (last,))


def test_lint_finds_names_that_say_no_intent(office: Office, log: EventReader) -> None:
    shaped = {it.type: it.why for it in lint(log, bundled_models()) if it.fault == "state-shaped"}

    assert "AvailableSeatsChanged" in shaped
    assert "not why" in shaped["AvailableSeatsChanged"]
