"""A conference on the command line: made here from nothing, or imported with its history."""

import json
from pathlib import Path
from typing import Any

import pytest

from resources.samples.catalog import SAMPLES
from store.events import NewEvent
from store.opening import open_reader, reading
from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run

SAMPLE = next(it.path for it in SAMPLES if it.name == "conference")
OWNER = {"name": "Ada", "email": "ada@example.org"}
CREATE = {"slug": "gopher", "name": "Gopher", "owner": OWNER}
OFFER = {"seatType": "ga", "conferenceId": "gopher", "name": "General", "price": 199, "quantity": 9}
MADE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("CreateConference", CREATE),
    ("OfferSeats", OFFER),
    ("PublishConference", {"slug": "gopher"}),
)
REGISTER = {
    "orderId": "o1",
    "conferenceId": "gopher",
    "seats": [{"seatType": "ga", "quantity": 2}],
}


def issue(run: Run, store: Path, command: str, data: dict[str, Any]) -> None:
    code, out, err = run("issue", store, command, "--data", json.dumps(data), "--role", "organiser")
    assert code == 0, out + err


def dispatch(run: Run, store: Path, *arguments: str) -> dict[str, int]:
    code, out, err = run("dispatch", store, "--json", *arguments)
    assert code == 0, err
    told: dict[str, int] = json.loads(out)
    return told


def types(store: Path, stream: str) -> list[str]:
    with reading(store) as log:
        return [it.type for it in log.read_stream(stream)]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A store in which nothing has happened."""
    path = tmp_path / "gopher.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def imported(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "conference.foldline"
    assert run("import", SAMPLE, "--into", path)[0] == 0
    return path


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_a_conference_sells_seats_whenever_the_dispatcher_is_first_started(
    run: Run, empty: Path, first: int
) -> None:
    for at, (command, data) in enumerate(MADE):
        if at >= first:
            dispatch(run, empty)
        issue(run, empty, command, data)
    dispatch(run, empty)
    issue(run, empty, "RegisterToConference", REGISTER)
    dispatch(run, empty)

    assert types(empty, "seattype-ga") == ["SeatDrafted", "SeatCreated"]
    assert types(empty, "seats-gopher") == ["AvailableSeatsChanged", "SeatsReserved"]
    assert types(empty, "order-o1")[-1] == "OrderReservationCompleted"


def test_the_history_of_an_imported_log_is_not_dealt_with_again(run: Run, imported: Path) -> None:
    before = types(imported, "seats-gophercon")

    told = dispatch(run, imported)

    done = dict.fromkeys(("heard", "handled", "sent", "conflicts"), 0)
    left = dict.fromkeys(("pending", "retrying", "dead", "unhandled", "unsent"), 0)
    assert told == done | left
    assert types(imported, "seats-gophercon") == before


def test_an_edit_of_imported_seats_moves_the_difference_to_what_was_imported(
    run: Run, imported: Path
) -> None:
    _, out, _ = run("state", imported, "seattype-general-admission", "--json")
    known = json.loads(out)["state"]
    offer = {it: known[it] for it in ("name", "price", "description", "conferenceId")}

    more = {"seatType": "general-admission", "quantity": known["quantity"] + 3}
    issue(run, imported, "OfferSeats", offer | more)
    dispatch(run, imported)

    log = open_reader(imported)
    last = next(log.read_stream("seats-gophercon", reverse=True, limit=1))
    log.close()
    assert last.data["seats"] == [{"seatType": "general-admission", "quantity": 3}]


def test_a_rebuild_counts_the_commands_it_keeps_from_being_sent_again(
    run: Run, imported: Path
) -> None:
    before = types(imported, "seats-gophercon")

    told = json.loads(run("rebuild", imported, "seats_left", "--json")[1])
    text = run("rebuild", imported, "seats_left")[1]

    assert told["held_commands"]["AddSeats"] == 6
    assert told["held_commands"]["RemoveSeats"] == 3
    assert "commands of process managers not sent again: MakeSeatReservation 354" in text
    quick = json.loads(run("rebuild", imported, "seats_left", "--views-only", "--json")[1])
    assert quick["held_commands"] == {}
    assert quick["views"][0]["digest"] == told["views"][0]["digest"]
    assert types(imported, "seats-gophercon") == before
    assert json.loads(run("commands", imported, "--sent", "--json")[1]) == []


def test_a_rebuild_counts_what_was_sent_here_and_sends_nothing(run: Run, empty: Path) -> None:
    for command, data in (*MADE, ("RegisterToConference", REGISTER)):
        issue(run, empty, command, data)
        dispatch(run, empty)
    sent = run("commands", empty, "--sent", "--json")[1]

    told = json.loads(run("rebuild", empty, "--json")[1])

    assert told["held_commands"] == {
        "AnnounceSeats": 1,
        "AddSeats": 1,
        "MakeSeatReservation": 1,
        "ExpireRegistrationProcess": 1,
        "MarkSeatsAsReserved": 1,
    }
    assert run("commands", empty, "--sent", "--json")[1] == sent


def test_events_that_no_process_can_read_count_for_nothing(run: Run, tmp_path: Path) -> None:
    path, lines = tmp_path / "odd.foldline", tmp_path / "odd.jsonl"
    odd = {"conferenceId": "c", "seats": [], "reservationAutoExpiration": "soon", "accessCode": ""}
    lines.write_text(
        json.dumps(
            {
                "stream": "order-1",
                "type": "OrderPlaced",
                "id": "e1",
                "recorded_at": "2026-03-01T10:00:00Z",
                "data": odd,
                "metadata": {},
            }
        )
        + "\n",
        "utf-8",
    )
    run("import", lines, "--into", path)

    code, out, _ = run("rebuild", path, "--json")

    assert (code, json.loads(out)["held_commands"]) == (0, {})


def test_the_whole_log_is_heard_when_that_is_asked_for(run: Run, imported: Path) -> None:
    assert dispatch(run, imported, "--from-start")["heard"] > 1_000


def test_an_event_that_a_process_manager_cannot_read_is_told_and_the_others_go_on(
    run: Run, empty: Path
) -> None:
    store = open_store(empty)
    future = NewEvent.of("OrderPlaced", {"conferenceId": "gopher"}, {"schema_version": 9})
    store.append("order-x", [future], expected=None)
    store.close()
    for command, data in MADE:
        issue(run, empty, command, data)

    code, out, err = run("dispatch", empty, "--json")

    assert code == 1
    assert "OrderPlaced at 1 for the process manager 'registration' failed" in err
    assert "will be retried: MissingUpcast" in err
    assert "no upcast for OrderPlaced in version 9" in err
    assert json.loads(out)["heard"] > 0
    assert types(empty, "seats-gopher") == ["AvailableSeatsChanged"]
