"""Row E19: each of the five failures of a process manager, injected; it ends as without it.

Source of the five: Microsoft, CQRS Journey, chapter 7, "Adding resilience".
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from store.events import NewEvent
from store.interface import EventWriter
from tests.replay.conference_office import Office

STREAMS = ("order-o1", "seats-conf", "payment-p-o1", "assign-o1")


def crash_before_save(office: Office) -> None:
    office.crash_at = "before reacting"


def crash_after_save(office: Office) -> None:
    office.crash_at = "after reacting"


def leave_commands_unsent(office: Office) -> None:
    office.crash_at = "before handling"


def hear_everything_twice(office: Office) -> None:
    office.settle()
    office.store.submit(partial(_forget_what_was_heard, "registration")).result()


def answer_late(office: Office) -> None:
    """Nobody dispatches for most of the window."""
    office.now_us += 10 * 60_000_000


def record_something_unexpected(office: Office) -> None:
    office.store.append("order-o1", [NewEvent.of("OrderAdmired", {"by": "bob"})], expected=None)
    paid = {"paymentId": "p9", "sourceId": "nobody", "status": "Completed"}
    office.store.append("payment-p9", [NewEvent.of("PaymentCompleted", paid)], expected=None)


INJECTED: dict[str, Callable[[Office], None]] = {
    "crash before the save": crash_before_save,
    "crash after the save": crash_after_save,
    "unsent commands": leave_commands_unsent,
    "an event twice": hear_everything_twice,
    "timeout": answer_late,
    "an unexpected event": record_something_unexpected,
}


def _forget_what_was_heard(name: str, writer: EventWriter) -> None:
    writer.beside.processes.hear(name, 0)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    yield office
    office.close()


def ordered(office: Office, inject: Callable[[Office], None]) -> dict[str, Any]:
    """The end of an order, with a failure injected before each of its two runs."""
    office.register("o1", general=1, party=1)
    inject(office)
    office.settle()
    office.pay("o1")
    inject(office)
    office.settle()
    return {it: office.state(it) for it in STREAMS} | {
        "process": office.state("registration-o1").outcome,
        "events": office.types("registration-o1"),
    }


@pytest.mark.parametrize("failure", INJECTED)
def test_it_ends_as_without_the_failure(office: Office, tmp_path: Path, failure: str) -> None:
    undisturbed = Office(tmp_path / "undisturbed.foldline")
    expected = ordered(undisturbed, lambda _office: None)
    undisturbed.close()
    expected["order-o1"] = _without_moments(expected["order-o1"])

    found = ordered(office, INJECTED[failure])

    found["order-o1"] = _without_moments(found["order-o1"])
    assert found == expected
    assert found["process"] == "Confirmed"
    assert office.counts().get("pending", 0) == 0
    assert office.store.beside.retries.open() == []


def _without_moments(order: Any) -> Any:
    return order.total, order.seats, order.reservation, order.is_confirmed, order.changes
