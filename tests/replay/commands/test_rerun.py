"""Commands decided on again: with the answers of their time, and nothing is sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.commands.rerun import Rerun
from replay.commands.situations import MissingAnswer, OtherAnswer
from replay.models.ships_commands import ReportArrival, decide_ship
from replay.models.ships_registry import CARGO, PORT, SHIP
from replay.states.model_set import ModelSet, bundled_models
from replay.states.processing_data import ProcessingData
from replay.states.stream_states import StreamStates
from store.opening import open_reader
from store.place import Place
from store.query import EventQuery
from store.sqlite.connect import open_log
from store.sqlite.store import open_store
from store.transfer.answer_file import answers_beside, read_answers, write_answers
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.replay.models.test_ships import Fleet


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port="los-angeles", occurred="2005-11-03")
    yield fleet
    fleet.store.close()


def rerun(fleet: Fleet, models: ModelSet | None = None) -> Rerun:
    return Rerun(fleet.store, models or bundled_models(), fleet.store.place)


def test_the_same_rules_decide_as_they_did_with_the_price_of_the_day(fleet: Fleet) -> None:
    fleet.outside.price = 130
    asked, head = len(fleet.outside.asked), fleet.store.head()

    found = list(rerun(fleet).commands())

    assert len(found) == 9
    assert [it.differences for it in found] == [()] * 9
    assert len(fleet.outside.asked) == asked
    assert fleet.store.head() == head


def test_other_rules_are_told_apart_by_the_commands_they_decide_otherwise(fleet: Fleet) -> None:
    differing = [it for it in rerun(fleet, strict_models()).commands() if it.differences]

    assert [it.command for it in differing] == ["ReportArrival"]
    assert "leaves before it arrives" in differing[0].differences[0]
    told = {"day": "2005-11-03", "port": "los-angeles", "ship": "king-roy"}
    assert differing[0].messages == (("cancel", "customs", told),)


def strict_models() -> ModelSet:
    """Ships that must have left before they arrive."""

    def decide(ship: Any, command: Any, situation: Any) -> Any:
        if isinstance(command, ReportArrival):
            command = structs.replace(command, missed_departure="refuse")
        return decide_ship(ship, command, situation)

    return ModelSet([replace(SHIP, decide=decide), CARGO, PORT])


def forget_answers(path: Path) -> None:
    db = open_log(path, writable=True)
    db.execute("DROP TRIGGER answers_refuse_delete")
    db.execute("DELETE FROM answers")
    db.close()


def test_a_missing_answer_stops_it_and_says_which(fleet: Fleet) -> None:
    assert rerun(fleet).answers() == 1
    forget_answers(fleet.store.place.path)

    with pytest.raises(MissingAnswer, match=r"'pricing' to .*refact.*2005-11-03.*the command"):
        list(rerun(fleet).commands())
    with pytest.raises(MissingAnswer, match=r"'pricing' to .*refact.*2005-11-03.*Arrival at 9"):
        rerun(fleet).answers()


def test_another_answer_than_the_event_holds_is_told(fleet: Fleet) -> None:
    db = open_log(fleet.store.place.path, writable=True)
    db.execute("DROP TRIGGER answers_refuse_update")
    db.execute("UPDATE answers SET answer = '130'")
    db.close()

    with pytest.raises(OtherAnswer, match=r"answered 130 to .*refact.*Arrival at 9 holds 100"):
        rerun(fleet).answers()


def test_what_would_be_sent_is_listed_and_held(fleet: Fleet) -> None:
    fleet.deliver()
    sent = list(fleet.outside.sent)

    found = list(rerun(fleet).would_send())
    fleet.deliver()

    assert [(it.gateway, it.payload["port"]) for it in found] == [
        ("customs", "san-francisco"),
        ("customs", "los-angeles"),
    ]
    assert all("replay" in it.held for it in found)
    assert fleet.outside.sent == sent


def test_a_gateway_that_is_opened_gets_what_it_was_not_told_yet_and_that_once(
    fleet: Fleet, tmp_path: Path
) -> None:
    """Imported events were told to nobody; what was told here is not told again."""
    fleet.deliver()
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    export(fleet.store.place.path, out)
    ingest(out, into=copy)
    there = open_store(copy)
    imported = Rerun(there, bundled_models(), Place(copy))

    sent = [it.send("customs", after=0, until=None, now_us=1) for it in (rerun(fleet), imported)]
    again = imported.send("customs", after=0, until=None, now_us=1)
    held = [rerun(fleet).held(limit=9), imported.held(limit=9)]
    there.close()

    assert (sent, again) == ([0, 2], 0)
    assert held == [[], []]


def test_what_is_held_of_an_import_is_listed(fleet: Fleet, tmp_path: Path) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    export(fleet.store.place.path, out)
    ingest(out, into=copy)
    there = open_store(copy)

    held = Rerun(there, bundled_models(), Place(copy)).held(limit=1)
    there.close()

    assert [(it.gateway, it.payload["port"]) for it in held] == [("customs", "san-francisco")]


def test_an_export_leaves_out_what_no_state_depends_on(fleet: Fleet, tmp_path: Path) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    change = ProcessingData(bundled_models()).without

    report = export(fleet.store.place.path, out, change=change)
    ingest(out, into=copy)

    assert report.changed > 0
    assert "prior" not in out.read_text("utf-8")
    assert '"value":100' in out.read_text("utf-8")  # what was answered is no processing data
    log, there = open_reader(fleet.store.place.path), open_reader(copy)
    mine, other = StreamStates(), StreamStates()
    for stream in log.stream_names():
        at = log.head()
        assert mine.at(log, stream, at).state == other.at(there, stream, at).state, stream
    log.close()
    there.close()


def test_recorded_answers_travel_with_an_export(fleet: Fleet, tmp_path: Path) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    export(fleet.store.place.path, out)

    written = write_answers(fleet.store.place.path, out)
    ingest(out, into=copy)
    with answers_beside(out).open("ab") as file:
        file.write(b"{this is no answer\n")

    there = open_store(copy)
    with pytest.raises(MissingAnswer):
        Rerun(there, bundled_models(), Place(copy)).answers()
    assert (written, read_answers(out, copy)) == (1, (1, 1))
    assert Rerun(there, bundled_models(), Place(copy)).answers() == 1
    there.close()
    assert read_answers(out, copy) == (0, 1)
    store = open_store(copy)
    kept = fleet.store.beside.answers.of_events()
    assert store.beside.answers.of_events() == kept
    store.close()


def test_only_the_answers_of_what_is_exported_go_along(fleet: Fleet, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    assert write_answers(fleet.store.place.path, out, EventQuery(streams=("ship-king-roy",))) == 1
    assert write_answers(fleet.store.place.path, out, EventQuery(types=("Load",))) == 0
    assert not answers_beside(out).exists()
