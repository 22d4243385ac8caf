"""Stepping back undoes events where the model can, folds where it cannot, and never differs."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from replay.models.bank_account import MODEL
from replay.state_at import StateReader
from replay.step_back import STEPS
from replay.stream_states import StreamStates
from replay.typed_fold import folding
from store.events import new_event_id
from store.reader import LogReader
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


facts = st.one_of(
    st.integers(1, 50).map(deposit),
    st.sampled_from(["Bob", "Cleo"]).map(moved_to),
    st.integers(1, 9).map(lambda it: (STREAM, event({"x": it}, "NobodyKnowsThis"))),
)


@given(st.lists(facts, max_size=12), st.lists(st.integers(0, 13), max_size=8))
def test_any_walk_gives_at_each_stop_what_a_fold_gives(
    events: list[tuple[str, Any]], stops: list[int]
) -> None:
    logged = [(stream, replace(it, id=new_event_id())) for stream, it in (OPENED, *events)]
    with TemporaryDirectory() as folder, log_of(Path(folder), *logged) as log:
        walking = StateReader(folding(MODEL))
        for stop in stops:
            found, fresh = walking.at(log, STREAM, stop), _fresh(log, stop)
            assert (found.state, found.previous) == (fresh.state, fresh.previous)
            assert (found.version, found.events) == (fresh.version, fresh.events)


def _fresh(log: LogReader, position: int) -> Any:
    return StateReader(folding(MODEL)).at(log, STREAM, position)
