"""A look at the servers around a log: what each has come to, and which do not answer."""

import json
from pathlib import Path

import pytest

from replay.command_line import run
from replay.engines import looks
from replay.engines.arrows import Arrow, Survey
from replay.engines.kept_engines import KeptEngine, keep
from replay.engines.surveyor import Surveyor
from store.place import Place
from store.remote.address import Address
from store.remote.errors import Unreachable
from tests.replay.logs import append, make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

TOPIC = "kafka://host/orders"
ROWS = "opensearch://host/shop"


class Topic:
    """Published so far."""

    events = 0
    is_away = False

    def __init__(self, address: Address, *, store: str) -> None:
        assert store
        if self.is_away:
            raise Unreachable("the server cannot be reached", address.shown)

    def reached(self) -> int:
        return self.events

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A log of ten events with a topic and a query store."""
    place = Place(make_log(tmp_path / "shop.foldline", 10))
    keep(place, KeptEngine(role="topic", address=TOPIC))
    keep(place, KeptEngine(role="query_store", address=ROWS))
    server = Server()
    monkeypatch.setattr(Topic, "events", 4)
    monkeypatch.setattr(Topic, "is_away", False)
    monkeypatch.setattr(looks, "look_at_topic", Topic)
    monkeypatch.setattr(looks, "open_query_store", lambda it: MemoryQueryStore(server, it))
    return place


def arrows(survey: Survey) -> dict[str, Arrow]:
    return {it.way: it for it in survey.arrows}


def test_each_way_tells_head_position_and_what_is_missing(place: Place) -> None:
    found = arrows(Surveyor(place).once())

    topic, rows = found["publish"], found["sink"]
    assert (topic.head, topic.position, topic.behind) == (10, 4, 6)
    assert topic.seconds > 0
    assert (rows.position, rows.behind, rows.views) == (0, 10, ())
    assert found["fold"].head == 10
    assert "mirror" not in found


def test_a_server_that_is_away_is_told_and_holds_up_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topic, "is_away", True)

    found = arrows(Surveyor(place).once())

    assert "cannot be reached" in found["publish"].trouble
    assert (found["publish"].position, found["publish"].hint != "") == (None, True)
    assert found["sink"].behind == 10


def test_a_topic_that_is_ahead_of_the_log_is_of_another_past(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topic, "events", 11)

    found = arrows(Surveyor(place).once())

    assert "restored, or shortened" in found["publish"].trouble


def test_who_follows_is_told_each_change_and_what_was_added_meanwhile(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.engines.surveyor.LOOK_S", 0.01)
    monkeypatch.setattr("replay.engines.surveyor.TOLD_S", 0.01)
    told = list[Survey]()

    def is_ended() -> bool:
        if not told or arrows(told[-1])["publish"].position is None:
            return False
        if told[-1].head == 10:
            append(place.path, 5)
            keep(place, KeptEngine(role="topic", address="kafka://host/more"))
        return told[-1].head == 15 and len(told[-1].arrows) == 4

    Surveyor(place).follow(told.append, is_ended)

    assert [it.address for it in told[-1].arrows] == ["", TOPIC, ROWS, "kafka://host/more"]


def test_a_file_of_servers_that_cannot_be_used_is_told_and_the_rest_goes_on(place: Place) -> None:
    place.beside("-engines.json").write_text("nothing", "utf-8")

    survey = Surveyor(place).once()

    assert "file of a store's servers" in survey.problem
    assert list(arrows(survey)) == ["fold"]


def test_the_verb_tells_the_same_on_paper_and_in_json(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["engines", "of", str(place.path)]) == 0
    paper = capsys.readouterr().out
    assert run(["engines", "of", str(place.path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert f"to {TOPIC}: position 4 of 10, 6 events behind" in paper
    assert {it["way"] for it in found["arrows"]} == {"fold", "publish", "sink"}


def test_servers_are_remembered_and_forgotten_by_the_verb(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    store, url = str(place.path), "kafka://ada:s3cret@host/late"

    assert run(["engines", "keep", store, url]) == 0
    assert "kafka://ada@host/late is remembered" in capsys.readouterr().out
    assert run(["engines", "forget", store, url]) == 0
    assert run(["engines", "forget", store, url]) == 2
    assert "no server of this address" in capsys.readouterr().err
