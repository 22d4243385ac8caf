"""Commands decided on again: with the answers of their time, and nothing is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.model_set import ModelSet, bundled_models
from replay.models.ships_registry import CARGO, PORT, STRICT_SHIP
from replay.processing_data import ProcessingData
from replay.rerun import Rerun
from replay.situations import MissingAnswer
from replay.stream_states import StreamStates
from store import outbox
from store.answer_file import answers_beside, read_answers, write_answers
from store.backends.sqlite import open_store
from store.connect import open_log
from store.export import export
from store.ingest import ingest
from store.reader import LogReader
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
    return Rerun(fleet.store, models or bundled_models(), fleet.store.path)


def test_the_same_rules_decide_as_they_did_with_the_price_of_the_day(fleet: Fleet) -> None:
    fleet.outside.price = 130
    asked, head = len(fleet.outside.asked), fleet.store.head()

    found = list(rerun(fleet).commands())

    assert len(found) == 9
    assert [it.differences for it in found] == [()] * 9
    assert len(fleet.outside.asked) == asked
    assert fleet.store.head() == head


def test_other_rules_are_told_apart_by_the_commands_they_decide_otherwise(fleet: Fleet) -> None:
    strict = ModelSet([STRICT_SHIP, CARGO, PORT])

    differing = [it for it in rerun(fleet, strict).commands() if it.differences]

    assert [it.command for it in differing] == ["ReportArrival"]
    assert "leaves before it arrives" in differing[0].differences[0]


def test_a_missing_answer_stops_it_and_says_which(fleet: Fleet, tmp_path: Path) -> None:
    db = open_log(fleet.store.path, writable=True)
    db.execute("DROP TRIGGER answers_refuse_delete")
    db.execute("DELETE FROM answers")
    db.close()

    with pytest.raises(MissingAnswer, match=r"'pricing' to .*refact.*2005-11-03"):
        list(rerun(fleet).commands())


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


def test_a_gateway_that_is_switched_on_gets_it_once(fleet: Fleet) -> None:
    fleet.deliver()
    before = len(fleet.outside.sent)

    first = rerun(fleet).send("customs", after=0, until=None, now_us=1)
    again = rerun(fleet).send("customs", after=0, until=None, now_us=1)
    fleet.deliver()

    assert (first, again) == (2, 0)
    assert len(fleet.outside.sent) == before + 2


def test_an_export_leaves_out_what_no_state_depends_on(fleet: Fleet, tmp_path: Path) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    change = ProcessingData(bundled_models()).without

    report = export(fleet.store.path, out, change=change)
    ingest(out, into=copy)

    assert report.changed > 0
    assert "priorPort" not in out.read_text("utf-8")
    log, there = LogReader(open_log(fleet.store.path)), LogReader(open_log(copy))
    mine, other = StreamStates(), StreamStates()
    for stream in log.stream_names():
        at = log.head()
        assert mine.at(log, stream, at).state == other.at(there, stream, at).state, stream
    log.close()
    there.close()


def test_recorded_answers_travel_with_an_export(fleet: Fleet, tmp_path: Path) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    export(fleet.store.path, out)

    written = write_answers(fleet.store.path, out)
    ingest(out, into=copy)
    with answers_beside(out).open("ab") as file:
        file.write(b"{this is no answer\n")

    assert (written, read_answers(out, copy)) == (1, (1, 1))
    assert read_answers(out, copy) == (0, 1)
    store = open_store(copy)
    assert outbox.answers(store.reader().db) == outbox.answers(fleet.store.reader().db)
    store.close()
