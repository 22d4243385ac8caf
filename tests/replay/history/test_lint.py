"""Lint: the real fault of the conference's reference implementation is found, in order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.history.lint import FIRST, Finding, lint
from replay.states.model_set import bundled_models
from resources.samples.catalog import SAMPLES
from store.events import NewEvent
from store.opening import open_reader, reading
from store.transfer.ingest import ingest
from tests.replay.conference_office import Office
from tests.replay.issued import issued

SAMPLE = next(it.path for it in SAMPLES if it.name == "conference")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    yield office
    office.close()


def no_ops(path: Path) -> dict[str, Finding]:
    with reading(path) as log:
        return {it.type: it for it in lint(log, bundled_models()) if it.fault == "no-op"}


def describe(office: Office, seat_type: str, text: str) -> None:
    """Offer the same seats in other words."""
    state = office.state(f"seattype-{seat_type}")
    office.do(
        "OfferSeats",
        {
            "seatType": seat_type,
            "conferenceId": state.conference_id,
            "name": state.name,
            "price": state.price,
            "quantity": state.quantity,
            "description": text,
        },
        roles=("organiser",),
    )
    office.settle()


def test_an_edit_of_the_description_alone_is_found_as_a_change_of_no_seats(office: Office) -> None:
    before = no_ops(office.path)
    describe(office, "party", "With music.")

    found = no_ops(office.path)

    last = next(office.store.read(reverse=True, limit=1))
    assert before == {}
    assert (last.type, last.data) == (
        "AvailableSeatsChanged",
        {"seats": [{"seatType": "party", "quantity": 0}]},
    )
    assert list(found) == ["AvailableSeatsChanged"]
    assert found["AvailableSeatsChanged"].positions == (last.position,)


def test_the_sample_holds_that_fault_and_lint_names_it(tmp_path: Path) -> None:
    path = tmp_path / "conference.foldline"
    ingest(SAMPLE, into=path)
    log = open_reader(path)
    empty = tuple(
        it.position
        for it in log.read()
        if it.type == "AvailableSeatsChanged"
        if all(line["quantity"] == 0 for line in it.data["seats"])
    )
    log.close()

    found = no_ops(path)["AvailableSeatsChanged"]

    assert len(empty) > 0
    assert (found.count, found.positions) == (len(empty), empty)


def test_the_first_positions_are_told_in_order(office: Office) -> None:
    """Of many streams, whichever is looked at first."""
    for n in range(6):
        for conference in ("z", "a", "m"):
            add = {"conferenceId": conference, "seatType": "ga", "quantity": 0 if n else 1}
            office.handler.issue(issued("AddSeats", add))

    found = no_ops(office.path)["AvailableSeatsChanged"]

    first = office.store.head() - 15 + 1
    assert found.count == 15
    assert found.positions == tuple(range(first, first + FIRST))


def test_a_shape_that_no_upcast_leads_on_from_is_found_and_the_rest_is_still_judged(
    office: Office,
) -> None:
    future = NewEvent.of("OrderPlaced", {"orderId": "x"}, {"schema_version": 9})
    office.store.append("order-x", [future, NewEvent.of("OrderConfirmed", {})], expected=None)
    describe(office, "party", "With music.")

    log = open_reader(office.path)
    found = {it.fault: it for it in lint(log, bundled_models())}
    log.close()

    assert found["unreadable"].count == 1
    assert "no upcast for OrderPlaced in version 9" in found["unreadable"].why
    assert found["no-op"].type == "AvailableSeatsChanged"


def test_a_long_job_tells_how_many_events_it_has_judged(office: Office) -> None:
    told: list[tuple[int, int]] = []

    with reading(office.path) as log:
        list(lint(log, bundled_models(), on_progress=lambda *it: told.append(it)))

    assert told == [(office.store.head(), office.store.head())]
