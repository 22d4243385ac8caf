"""Fowler's ships: one arrival port was wrong. What follows was computed by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.consequences.found import CommandDiffers, MessageDiffers, RowDiffers, StreamDiffers
from replay.states.model_set import bundled_models
from store import json_text
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.errors import Cancelled
from tests.replay.commands.test_rerun import forget_answers
from tests.replay.consequences.listed import digests, listed
from tests.replay.models.test_ships import Fleet, by_way_of_canada

ARRIVED = 9  # in Vancouver, with the cargo aboard
LEFT, CAME_HOME = 10, 11


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """A ship takes cargo from San Francisco to Vancouver and back; customs were told."""
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    by_way_of_canada(fleet)
    fleet.deliver()
    yield fleet
    fleet.store.close()


def corrected(fleet: Fleet, port: str = "los-angeles", country: str = "US") -> Path:
    """The branch in which the ship arrived there instead."""
    event = fleet.store.event(ARRIVED)
    assert event is not None
    data = event.data | {"port": port, "country": country}
    branch = create_branch(fleet.store.place.path, "right", fork=ARRIVED - 1)
    BranchEditor(branch).replace(ARRIVED, Content(data_json=json_text.encode(data)))
    return branch


def test_the_fields_of_the_cargo_that_differ_are_those_of_the_hand_computed_list(
    fleet: Fleet,
) -> None:
    """It has never been in Canada; where it is, and its value, are the same."""
    found = [it for it in listed(corrected(fleet)) if isinstance(it, StreamDiffers)]

    (cargo,) = [it for it in found if it.stream == "cargo-refact"]
    assert (cargo.path, cargo.before, cargo.after, cargo.count) == (
        "hasBeenInCanada",
        "true",
        "false",
        1,
    )
    assert (cargo.position, cargo.branch_position) == (ARRIVED, ARRIVED)
    (ship,) = [it for it in found if it.stream == "ship-king-roy"]
    assert (ship.path, ship.before, ship.after) == ("isConsistent", "true", "false")
    assert len(found) == 2


def test_a_departure_from_where_the_ship_never_was_is_refused_and_later_reports_say_less(
    fleet: Fleet,
) -> None:
    found = [it for it in listed(corrected(fleet)) if isinstance(it, CommandDiffers)]

    assert [(it.command, it.position, it.outcome, it.rule) for it in found] == [
        ("ReportDeparture", LEFT, "refused", "departs from where it is"),
        ("ReportArrival", CAME_HOME, "other", ""),
    ]
    assert "the ship is at los-angeles" in found[0].text
    assert "hasBeenInCanada: was true" in found[1].text


def test_customs_were_told_of_the_wrong_port_and_of_nothing_else_wrong(fleet: Fleet) -> None:
    found = [it for it in listed(corrected(fleet)) if isinstance(it, MessageDiffers)]

    told = {"day": "2005-11-02", "ship": "king-roy", "port": "vancouver"}
    assert [(it.action, it.gateway, it.sent, it.instead, it.status) for it in found] == [
        ("adjust", "customs", told, told | {"port": "los-angeles"}, "sent")
    ]
    assert fleet.store.beside.outbox.find(found[0].message_id) is not None


def test_the_rows_that_differ_are_named_by_view_and_key(fleet: Fleet) -> None:
    found = [it for it in listed(corrected(fleet)) if isinstance(it, RowDiffers)]

    assert [(it.view, it.key, it.column) for it in found] == [
        ("latest_states", ("cargo-refact",), "state"),
        ("latest_states", ("ship-king-roy",), "state"),
    ]


def test_a_message_that_has_not_gone_out_yet_is_told_as_one(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    by_way_of_canada(fleet)
    branch = create_branch(fleet.store.place.path, "never", fork=ARRIVED - 1)
    BranchEditor(branch).leave_out(ARRIVED)

    found = [it for it in listed(branch) if isinstance(it, MessageDiffers)]
    fleet.store.close()

    assert [(it.action, it.status, it.instead) for it in found] == [("cancel", "waiting", None)]


def test_the_same_content_in_the_place_of_an_event_has_no_consequence(fleet: Fleet) -> None:
    assert listed(corrected(fleet, "vancouver", "CANADA")) == []


def test_a_missing_answer_stops_that_command_and_names_the_question(fleet: Fleet) -> None:
    """The price of the cargo was asked for when the ship came home."""
    branch = corrected(fleet)
    forget_answers(fleet.store.place.path)

    found = {it.command: it for it in listed(branch) if isinstance(it, CommandDiffers)}

    assert found["ReportDeparture"].outcome == "refused"
    assert found["ReportArrival"].outcome == "unanswered"
    assert "'pricing' to " in found["ReportArrival"].text
    assert "refact" in found["ReportArrival"].text


def test_nothing_is_sent_asked_or_recorded(fleet: Fleet) -> None:
    branch = corrected(fleet)
    fleet.store.close()
    before = digests(fleet.store.place.path)
    asked, sent = len(fleet.outside.asked), len(fleet.outside.sent)

    assert listed(branch)

    assert digests(fleet.store.place.path) == before
    assert (len(fleet.outside.asked), len(fleet.outside.sent)) == (asked, sent)


def test_it_can_be_stopped_at_any_time_and_has_then_changed_nothing(fleet: Fleet) -> None:
    branch = corrected(fleet)
    fleet.store.close()
    before = digests(fleet.store.place.path)
    heard: list[tuple[int, int]] = []

    def stop_at(count: int) -> Any:
        def told(done: int, total: int) -> None:
            heard.append((done, total))
            if len(heard) > count:
                raise Cancelled

        return told

    for count in range(6):
        heard.clear()
        with pytest.raises(Cancelled):
            listed(branch, told=stop_at(count))
    assert digests(fleet.store.place.path) == before


def test_how_far_it_is_only_grows_and_ends_at_the_total(fleet: Fleet) -> None:
    heard: list[tuple[int, int]] = []

    listed(corrected(fleet), told=lambda done, total: heard.append((done, total)))

    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1][0] == heard[-1][1]
