"""`undo`: an event is taken back by a command that is linked to it."""

import json
from pathlib import Path

from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.opening import reading
from store.sqlite.store import open_store
from tests.replay.issued import issued
from tests.replay.verbs.conftest import Run

ADA = {"first": "Ada", "last": "L", "email": "ada@a.org"}
TWO = [{"seatType": "general", "quantity": 2}]


def test_undo_on_the_command_line_previews_issues_and_links(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    store = open_store(path, create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("CreateSeatAssignments", {"orderId": "o", "seats": TWO}))
    handler.issue(issued("AssignSeat", {"orderId": "o", "position": 0, "attendee": ADA}))
    store.close()

    code, out, _ = run("undo", path, "2", "--preview")
    assert code == 0
    first, *rest = out.splitlines()
    assert first == 'SeatAssigned at 2 is undone by UnassignSeat {"orderId":"o","position":0}'
    assert "would record in assign-o, at version 2:" in rest

    code, out, _ = run("undo", path, "2")
    assert code == 0
    assert out.splitlines()[-1] == "  3 assign-o v3 SeatUnassigned"
    with reading(path) as log:
        taken_back, undo = log.event(2), log.event(3)
        assert taken_back is not None
        assert undo is not None
        assert undo.metadata["causation_id"] == taken_back.id
        assert undo.metadata["correlation_id"] == taken_back.metadata["correlation_id"]

    code, _, err = run("undo", path, "2")
    assert code == 1
    assert "SeatAssigned at 2 was undone by SeatUnassigned at 3" in err
    code, _, err = run("undo", path, "1")
    assert code == 1
    assert "SeatAssignmentsCreated at 1 cannot be undone" in err


def test_fields_of_an_undo_can_be_given_on_the_command_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    store = open_store(path, create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("RegisterCustomer", {"id": "1", "lastName": "Lovelace"}))
    handler.issue(issued("ReportDelinquency", {"customer": "1", "reason": "unpaid"}))
    handler.issue(issued("ReportPaidUp", {"customer": "1"}))
    store.close()

    code, out, _ = run("undo", path, "3", "--data", '{"reason":"typed twice"}', "--json")

    assert code == 0
    assert json.loads(out)["events"][0]["data"] == {"reason": "typed twice"}
    code, _, err = run("undo", path, "4", "--data", "[1]")
    assert code == 1
    assert err
