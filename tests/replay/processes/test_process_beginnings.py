"""Where a process manager begins to hear: after what was imported, or where the others are."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.processes.dispatch import Dispatcher
from replay.states.model_set import bundled_models, bundled_processes
from store.sqlite.store import SqliteStore, open_store
from store.transfer.ingest import ingest
from tests.replay.issued import issued

IMPORTED = (
    '{"stream":"order-old","type":"OrderConfirmed","id":"e1","recorded_at":"2026-03-01T10:00:00Z",'
    '"data":{"isConfirmed":true},"metadata":{}}\n'
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "a.foldline", create=True)
    yield store
    store.close()


UNTIL = "2030-01-01T00:00:00Z"


def dispatcher(store: SqliteStore, *names: str) -> Dispatcher:
    """Of the named process managers; of all that are bundled without a name."""
    chosen = [it for it in bundled_processes() if not names or it.model.name in names]
    clock = lambda: 1_800_000_000_000_000  # noqa: E731
    handler = CommandHandler(store, bundled_models(), clock_us=clock)
    return Dispatcher(store, handler, chosen, gateways=Gateways(), clock_us=clock)


def heard(store: SqliteStore, name: str) -> int | None:
    return store.beside.processes.heard_until(name)


def confirm(store: SqliteStore, order: str) -> None:
    """An order that somebody wanted, and that is confirmed."""
    handler = CommandHandler(store, bundled_models())
    offer = {"seatType": "ga", "conferenceId": "c", "name": "ga", "price": 0, "quantity": 9}
    seats = [{"seatType": "ga", "quantity": 1}]
    register = {"orderId": order, "conferenceId": "c", "seats": seats}
    steps = {
        "OfferSeats": offer,
        "RegisterToConference": register,
        "MarkSeatsAsReserved": {"orderId": order, "seats": seats, "expiration": UNTIL},
        "ConfirmOrder": {"orderId": order},
    }
    for command, data in steps.items():
        assert handler.issue(issued(command, data, roles=("organiser",))).status == "done"


def test_all_that_was_recorded_here_is_heard(store: SqliteStore) -> None:
    confirm(store, "o1")
    seating = dispatcher(store, "seating")
    seating.start_here()
    seating.settle()

    assert [it.type for it in store.read_stream("assign-o1")] == ["SeatAssignmentsCreated"]


def test_more_events_than_one_batch_are_all_heard(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.processes.hearing.BATCH", 2)
    orders = [f"o{n}" for n in range(5)]
    for order in orders:
        confirm(store, order)
    seating = dispatcher(store, "seating")
    seating.start_here()
    seating.settle()

    assigned = [list(store.read_stream(f"assign-{it}")) for it in orders]
    assert [[event.type for event in it] for it in assigned] == [["SeatAssignmentsCreated"]] * 5
    assert heard(store, "seating") == store.head()


def test_what_was_imported_is_not_heard_and_what_comes_after_it_is(
    store: SqliteStore, tmp_path: Path
) -> None:
    lines = tmp_path / "old.jsonl"
    lines.write_text(IMPORTED, "utf-8")
    ingest(lines, into=store.place.path)
    confirm(store, "new")

    seating = dispatcher(store, "seating")
    seating.start_here()
    assert heard(store, "seating") == 1
    seating.settle()

    assert list(store.read_stream("assign-old")) == []
    assert [it.type for it in store.read_stream("assign-new")] == ["SeatAssignmentsCreated"]


def test_one_that_is_new_to_a_store_begins_where_the_others_are(store: SqliteStore) -> None:
    confirm(store, "o1")
    head = store.head()
    store.submit(partial(_hear, "publishing", head)).result()

    everyone = dispatcher(store)
    everyone.start_here()
    everyone.settle()

    assert heard(store, "seating") == head == store.head()


def test_one_that_was_started_goes_on_where_it_was(store: SqliteStore) -> None:
    store.submit(partial(_hear, "seating", 0)).result()
    store.submit(partial(_hear, "publishing", 5)).result()
    confirm(store, "o1")

    dispatcher(store).start_here()

    assert heard(store, "seating") == 0


def _hear(name: str, position: int, writer) -> None:  # type: ignore[no-untyped-def]
    writer.beside.processes.hear(name, position)
