"""A fold is the events one after another, from wherever it begins."""

from pathlib import Path

from replay.states.fold import Folded, fold
from replay.states.generic_model import GENERIC
from store import json_text
from store.events import NewEvent
from tests.replay.written_logs import event, log_of


def test_a_fold_merges_the_payloads_in_order(tmp_path: Path) -> None:
    with log_of(
        tmp_path, *(("a-1", event(data)) for data in ({"x": 1}, {"y": 2}, {"x": None}))
    ) as log:
        folded = fold(GENERIC, log.read_stream("a-1"))

    assert (folded.state, folded.position, folded.events) == ({"y": 2}, 3, 3)
    assert folded.last is not None
    assert folded.last.position == 3


def test_a_fold_of_nothing_is_the_initial_state_at_position_zero() -> None:
    assert fold(GENERIC, []) == Folded({}, position=0, events=0, last=None)


def test_a_fold_of_nothing_more_is_where_it_began() -> None:
    start = Folded({"x": 1}, position=7, events=3)

    assert fold(GENERIC, [], start=start) is start


def test_a_fold_goes_on_from_its_start_and_leaves_that_alone(tmp_path: Path) -> None:
    start = Folded({"deep": {"x": 1}}, position=1, events=1)
    payload = {"deep": {"y": 2}}
    with log_of(tmp_path, ("a-1", event({})), ("a-1", event(payload))) as log:
        folded = fold(GENERIC, log.read_stream("a-1", after=1), start=start)

    assert (folded.state, folded.position, folded.events) == ({"deep": {"x": 1, "y": 2}}, 2, 2)
    assert start.state == {"deep": {"x": 1}}


def test_a_payload_that_is_no_object_takes_the_place_of_the_state(tmp_path: Path) -> None:
    with log_of(tmp_path, ("a-1", event({"x": 1})), ("a-1", event([1, 2]))) as log:
        assert fold(GENERIC, log.read_stream("a-1")).state == [1, 2]


def test_numbers_come_out_of_a_fold_as_they_went_in(tmp_path: Path) -> None:

    text = '{"big":123456789012345678901234567890,"huge":1e400,"price":0.10}'
    exact = NewEvent(type="Priced", data_json=text)
    with log_of(tmp_path, ("a-1", exact)) as log:
        state = fold(GENERIC, log.read_stream("a-1")).state

    assert json_text.decode(json_text.encode(state)) == json_text.decode(text)
    assert state["big"] == 123456789012345678901234567890
    assert str(state["price"]) == "0.10"
