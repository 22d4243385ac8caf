"""Stepping back undoes events where the model can, folds where it cannot, and never differs."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from replay.models.bank_account import MODEL
from replay.models.ships_registry import SHIP
from replay.states.fold import Folded
from replay.states.model_set import bundled_models
from replay.states.step_back import STEPS
from replay.states.stream_states import StreamStates
from replay.states.typed_fold import Reading, folding
from replay.states.ways import ways_to
from replay.typed_model import Event, TypedModel
from store import json_text
from store.events import new_event_id
from tests.replay.models.histories import sample_streams
from tests.replay.written_logs import event, log_of

STREAM = "account-1"
OPENED = (STREAM, event({"id": "1", "owner": "Ada"}, "BankAccountCreated"))


def deposit(amount: int) -> tuple[str, Any]:
    return STREAM, event({"accountId": "1", "amount": amount, "reference": ""}, "DepositPerformed")


def moved_to(owner: str, **prior: str) -> tuple[str, Any]:
    return STREAM, event({"accountId": "1", "newOwner": owner, **prior}, "OwnerChanged")


def test_a_step_back_undoes_the_event_and_says_so(tmp_path: Path) -> None:
    with log_of(tmp_path, OPENED, deposit(10), deposit(20), deposit(40)) as log:
        states = StreamStates()
        assert states.at(log, STREAM, 4).basis == "beginning"

        back = states.at(log, STREAM, 3)

    assert (back.basis, back.folded) == ("reverse", 1)
    assert (float(back.state["balance"]), float(back.previous["balance"])) == (30, 10)


def test_an_event_that_cannot_be_undone_is_folded_instead(tmp_path: Path) -> None:
    with log_of(tmp_path, OPENED, deposit(1), moved_to("Bob"), deposit(2)) as log:
        states = StreamStates()
        states.at(log, STREAM, 4)

        back = states.at(log, STREAM, 2)

    assert back.basis == "beginning"
    assert back.state["owner"] == "Ada"


def test_what_was_kept_with_the_event_lets_a_set_value_go_back(tmp_path: Path) -> None:
    with log_of(tmp_path, OPENED, deposit(1), moved_to("Bob", priorOwner="Ada")) as log:
        states = StreamStates()
        states.at(log, STREAM, 3)

        back = states.at(log, STREAM, 2)

    assert (back.basis, back.state["owner"]) == ("reverse", "Ada")


def test_far_back_is_folded(tmp_path: Path) -> None:
    with log_of(tmp_path, OPENED, *(deposit(1) for _ in range(STEPS + 5))) as log:
        states = StreamStates()
        states.at(log, STREAM, STEPS + 6)

        assert states.at(log, STREAM, 3).basis == "beginning"


def account(type_: str, **data: Any) -> tuple[str, Any]:
    return STREAM, event(data, type_)


def ship(type_: str, **data: Any) -> tuple[str, Any]:
    return "ship-s", event({"occurred": "2005-11-17", "ship": "s", **data}, type_)


AMOUNTS = st.decimals("0.001", "1e30", allow_nan=False, allow_infinity=False)
OWNERS = st.sampled_from(["Ada", "Bob", "Cleo"])
PORTS = st.sampled_from(["AT_SEA", "vancouver", "halifax"])
CARGO = st.sampled_from(["tea", "pianos"])
BOOKED = st.builds(
    account,
    st.sampled_from(["DepositPerformed", "WithdrawalPerformed"]),
    accountId=st.just("1"),
    amount=AMOUNTS,
)
OF_ACCOUNTS = st.one_of(
    BOOKED,
    BOOKED,
    st.builds(account, st.just("OwnerChanged"), accountId=st.just("1"), newOwner=OWNERS),
    st.builds(
        account,
        st.just("OwnerChanged"),
        accountId=st.just("1"),
        newOwner=OWNERS,
        priorOwner=OWNERS,
    ),
    st.builds(account, st.just("BankAccountClosed"), reason=OWNERS),
    st.builds(account, st.just("BankAccountCreated"), id=st.just("1"), owner=OWNERS),
    st.builds(account, st.just("NobodyKnowsThis"), x=st.integers()),
)
OF_SHIPS = st.one_of(
    st.builds(ship, st.just("Arrival"), port=PORTS, priorPort=PORTS),
    st.builds(ship, st.just("Arrival"), port=PORTS),
    st.builds(ship, st.just("Departure"), port=PORTS),
    st.builds(ship, st.sampled_from(["Load", "Unload"]), cargo=CARGO),
)


@pytest.mark.parametrize(
    ("stream", "typed", "facts"),
    [(STREAM, MODEL, OF_ACCOUNTS), ("ship-s", SHIP, OF_SHIPS)],
    ids=["accounts", "ships"],
)
@given(data=st.data())
def test_any_walk_gives_at_each_stop_to_the_letter_what_a_fold_gives(
    data: st.DataObject, stream: str, typed: TypedModel[Any], facts: st.SearchStrategy[Any]
) -> None:
    """Whatever was recorded: also what no rule would have let happen, and what contradicts
    itself."""
    events = data.draw(st.lists(facts, max_size=12))
    stops = data.draw(st.lists(st.integers(0, 12), max_size=8))
    logged = [(stream, replace(it, id=new_event_id())) for _, it in events]
    with TemporaryDirectory() as folder, log_of(Path(folder), *logged) as log:
        walking, fresh = StreamStates(), StreamStates
        for stop in stops:
            found, folded = walking.at(log, stream, stop), fresh().at(log, stream, stop)
            for mine, other in ((found.state, folded.state), (found.previous, folded.previous)):
                assert json_text.encode(mine) == json_text.encode(other)
            assert (found.version, found.events) == (folded.version, folded.events)


@pytest.mark.parametrize(
    "typed", [it for it in bundled_models().models if it.reverses], ids=lambda it: it.name
)
def test_every_type_that_can_be_undone_is_undone_to_the_letter(typed: TypedModel[Any]) -> None:
    """On what the samples recorded, and on what a person would do beyond that."""
    reading, fold = Reading(typed), folding(typed)
    undone: set[type[Event]] = set()
    streams: list[tuple[str, Any]] = [*sample_streams().items(), *BEYOND_THE_SAMPLES.items()]
    for name, events in streams:
        if not typed.owns(name):
            continue
        state = typed.initial()
        for it in events:
            before, state = state, fold.evolve(state, it)
            known = reading.typed(it)
            if known is None or type(known) not in typed.reverses:
                continue
            try:
                back = typed.reverses[type(known)](state, known)
            except LookupError:
                continue
            assert json_text.encode(fold.to_json(back)) == json_text.encode(fold.to_json(before))
            undone.add(type(known))

    assert undone == set(typed.reverses)


BEYOND_THE_SAMPLES = {
    STREAM: [
        event({"accountId": "1", "newOwner": "Bob", "priorOwner": ""}, "OwnerChanged"),
        event({"reason": "moved abroad"}, "BankAccountClosed"),
    ]
}


def test_every_way_to_a_state_ends_in_the_same_one(tmp_path: Path) -> None:
    with log_of(tmp_path, OPENED, deposit(10), deposit(20), deposit(40)) as log:
        saved = StreamStates().at(log, STREAM, 2)
        snapshot = Folded(folding(MODEL).from_json(saved.state), 2, 2, saved.last)

        def before(model: Any, _stream: str, at: int) -> Folded[Any] | None:
            return snapshot if model.name == MODEL.name and at >= 2 else None

        ways = ways_to(
            log,
            STREAM,
            3,
            new_states=lambda it: StreamStates(snapshot_before=it),
            snapshot_before=before,
        )

    assert {it.basis: it.folded for it in ways} == {"beginning": 3, "snapshot": 1, "reverse": 1}
    assert len({it.digest for it in ways}) == 1
    assert all(it.milliseconds > 0 for it in ways)
