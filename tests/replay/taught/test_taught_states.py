"""Where a state is shown, what was taught of its category is used; and a change is noticed."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from replay.projector.catch_up import catch_up
from replay.questions.breakpoint import CategoryBreakpoint
from replay.questions.log_order import Recorded
from replay.questions.next_hit import next_hit
from replay.questions.rule_answers import is_current, rules_of, standings
from replay.rules import kept_rules
from replay.rules.rule import Rule
from replay.snapshots import snapshot_policy
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.snapshots.snapshots import folded
from replay.states.stream_states import StreamStates
from replay.taught import kept_taught
from replay.taught.kept_taught import types_in
from replay.views.read_store import open_views, reading_views
from store import json_text
from store.errors import StoreError
from store.interface import EventReader
from tests.replay.written_logs import event, log_of

COUNTED = {"Added": [{"do": "add", "to": "n", "value": "by"}]}
LISTED = {"Added": [{"do": "add to list", "to": "all", "entry": "by"}]}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    said = [("cart-1", event({"by": 2}, "Added")), ("cart-1", event({"by": 3}, "Added"))]
    other = ("desk-1", event({"by": 4}, "Added"))
    wrong = ("cart-2", event({"by": "x"}, "Added"))
    with log_of(tmp_path, *said, other, wrong) as found:
        yield found


def teach(log: EventReader, types: Any, category: str = "cart") -> int:
    return kept_taught.save(log.place, category, types_in(types, "here"), by="ada").version


def row(log: EventReader, stream: str) -> tuple[str, Any, str]:
    catch_up(log, only=["latest_states"])
    with reading_views(log) as db:
        assert db is not None
        found = db.execute(
            "SELECT model, state, problem FROM latest_states WHERE stream = ?", [stream]
        ).fetchone()
    return found[0], json_text.decode(found[1]), found[2]


def test_a_state_is_what_was_taught_from_the_next_question_on(log: EventReader) -> None:
    states = StreamStates()
    assert states.at(log, "cart-1", 4).state == {"by": 3}

    teach(log, COUNTED)
    assert states.at(log, "cart-1", 4).state == {"n": 5}
    assert states.at(log, "cart-1", 1).state == {"n": 2}
    assert states.as_occurred(log, "cart-1", 2**62).state == {"n": 5}
    assert states.at(log, "desk-1", 4).state == {"by": 4}

    teach(log, LISTED)
    assert states.at(log, "cart-1", 4).state == {"all": [2, 3]}

    kept_taught.put_back(log.place, "cart", 1, by="bob")
    assert states.at(log, "cart-1", 4).state == {"n": 5}

    teach(log, {})
    assert states.at(log, "cart-1", 4).state == {"by": 3}


def test_blame_history_and_conditions_follow_what_was_taught(log: EventReader) -> None:
    states = StreamStates()
    teach(log, COUNTED)

    field = states.field(log, "cart-1", ("n",), position=4)
    assert list(field.history.values) == [2, 5]
    assert [it.position for it in states.moments(log, "cart-1", "n > 2").moments] == [2]


def test_the_view_of_latest_states_is_folded_anew_by_what_was_taught(log: EventReader) -> None:
    assert row(log, "cart-1") == ("", {"by": 3}, "")

    teach(log, COUNTED)
    assert row(log, "cart-1") == ("taught:cart", {"n": 5}, "")
    assert row(log, "desk-1") == ("", {"by": 4}, "")

    teach(log, LISTED)
    assert row(log, "cart-1") == ("taught:cart", {"all": [2, 3]}, "")


def test_a_state_that_cannot_be_computed_is_told_as_with_models(log: EventReader) -> None:
    teach(log, COUNTED)

    with pytest.raises(StoreError, match=r"Added at position 4: by of the data is not a number"):
        StreamStates().at(log, "cart-2", 4)
    assert row(log, "cart-2") == (
        "taught:cart", None, 'Added at position 4: by of the data is not a number: "x"'
    )  # fmt: off
    assert row(log, "cart-1")[1] == {"n": 5}


def test_a_file_that_cannot_be_used_is_told_by_the_states_and_nothing_else_stops(
    log: EventReader,
) -> None:
    teach(log, COUNTED)
    kept_taught.FILE.path(log.place).write_text("not valid JSON", "utf-8")

    with pytest.raises(StoreError, match="cannot be read"):
        StreamStates().at(log, "cart-1", 4)
    assert "cannot be read" in row(log, "cart-1")[2]


def test_standing_rules_are_asked_of_what_was_taught(log: EventReader) -> None:
    kept_rules.save(log.place, Rule(name="few", where="n > 4", of="cart"))

    def broken() -> tuple[int, bool]:
        catch_up(log, only=["broken_rules"])
        with reading_views(log) as db:
            rules = rules_of(log, db)
            is_known = is_current(db, log)
            return standings(db, rules)[0].count, is_known

    assert broken() == (0, True)
    teach(log, COUNTED)
    assert broken() == (1, True)
    teach(log, {})
    assert broken() == (0, True)


def test_snapshots_of_another_teaching_are_not_used_and_those_of_this_one_again(
    log: EventReader,
) -> None:
    teach(log, COUNTED)
    with closing(open_views(log)) as views:
        desk = SnapshotDesk(views.db, log)
        assert desk.create(["cart-1", "desk-1"]) == 2
        states = StreamStates(snapshot_before=partial(folded, views.db))
        assert states.at(log, "cart-1", 4).basis == "snapshot"

        teach(log, LISTED)
        assert states.at(log, "cart-1", 4).basis == "beginning"
        assert {it.model: it.standing for it in SnapshotDesk(views.db, log).all()} == {
            "taught:cart": "other code of the model",
            "generic": "usable",
        }

        kept_taught.put_back(log.place, "cart", 1, by="bob")
        again = StreamStates(snapshot_before=partial(folded, views.db)).at(log, "cart-1", 4)
        assert (again.state, again.basis) == ({"n": 5}, "snapshot")
        assert [it.difference for it in SnapshotDesk(views.db, log).verify()] == ["", ""]


def test_snapshots_that_are_made_by_themselves_are_made_anew_after_a_change(
    log: EventReader,
) -> None:
    teach(log, COUNTED)
    snapshot_policy.save(log.place, "taught:cart", 2)
    with closing(open_views(log)) as views:
        keeper = SnapshotKeeper(views.db, log)
        while keeper.advance():
            pass
        assert [(it.model, it.position) for it in SnapshotDesk(views.db, log).all()] == [
            ("taught:cart", 2)
        ]

        teach(log, LISTED)
        while keeper.advance():
            pass
        assert [it.standing for it in SnapshotDesk(views.db, log).all()] == ["usable"]


def test_a_condition_on_a_whole_category_is_asked_of_what_was_taught(log: EventReader) -> None:
    teach(log, {"Added": [{**COUNTED["Added"][0], "if_missing": "skip"}]})
    of = CategoryBreakpoint(category="cart", where="n > 2")

    hit = next_hit(log, StreamStates(), [of], position=0, order=Recorded(2))

    assert hit is not None
    assert (hit.stream, hit.position) == ("cart-1", 2)


def test_a_category_that_was_edited_into_nonsense_stops_no_other(log: EventReader) -> None:
    teach(log, COUNTED)
    teach(log, LISTED, "desk")
    file = kept_taught.FILE.path(log.place)
    file.write_text(file.read_text("utf-8").replace('"to": "n"', '"to": "$"'), "utf-8")

    with pytest.raises(StoreError, match="cart, version 1: Added, step 1: add needs a path"):
        StreamStates().at(log, "cart-1", 4)
    assert StreamStates().at(log, "desk-1", 4).state == {"all": [4]}


def test_a_file_that_is_no_text_is_told(log: EventReader) -> None:
    kept_taught.FILE.path(log.place).write_bytes(b'[{"category": "\xff\xfe"}]')

    with pytest.raises(StoreError, match="cannot be read"):
        StreamStates().at(log, "cart-1", 4)
