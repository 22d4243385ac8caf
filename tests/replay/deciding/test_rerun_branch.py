"""Recorded commands run again into a branch, by the rules as they are now."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.deciding.decide_branch import decide_branch
from replay.deciding.rerun_branch import rerun_branch
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.typed_model import Event, Refused, Situation
from store.branches.create import create_branch
from store.branches.decided import Decided
from store.branches.editing import BranchEditor
from store.branches.opening import reading_branch
from store.errors import Cancelled
from store.opening import reading
from store.place import Place
from tests.replay.deciding.jars import (
    JAR,
    MODELS,
    Jar,
    Put,
    PutIn,
    Step,
    TakeOut,
    decide,
    jars,
    told,
)
from tests.replay.deciding.test_decide_again import steps

STEPS: Sequence[Step] = (
    ("PutIn", {"jar": "a", "coins": 5}),
    ("TakeOut", {"jar": "a", "coins": 4}),
    ("TakeOut", {"jar": "a", "coins": 1}),
    ("Put", {"jar": "b", "coins": 3}),
)


def no_fours(jar: Jar, command: Any, situation: Situation) -> Sequence[Event]:
    """The rules of a later day: four coins are never taken, and of one coin two are put in."""
    match command:
        case TakeOut(coins=4):
            raise Refused("no fours", "four is too much")
        case PutIn():
            return [Put(coins=command.coins), Put(coins=1)]
    return decide(jar, command, situation)


STRICTER = ModelSet([replace(JAR, decide=no_fours)])


def run(log: Path, models: ModelSet, *, after: int = 0) -> tuple[Path, Decided]:
    return rerun_branch(log, "again", models, after=after)


def coins(line: Path, jar: str) -> int:
    with reading(line) as log:
        _, found = StreamStates(models=MODELS).held_at(log, f"jar-{jar}", log.head())
        return int(found.state.coins)


@settings(max_examples=30)
@given(found=st.lists(steps, min_size=1, max_size=15), after=st.integers(0, 4))
def test_by_the_same_rules_the_same_events_come(found: Sequence[Step], after: int) -> None:
    with TemporaryDirectory() as folder:
        log = jars(Path(folder) / "jars.foldline", found)
        with reading(log) as it:
            head, before = it.head(), told(it)
        if head == 0:
            return
        path, decided = run(log, MODELS, after=min(after, head))

        assert decided.commands == ()
        with reading_branch(path) as branch:
            assert told(branch) == before


def test_later_rules_come_to_another_history_and_each_command_meets_it(tmp_path: Path) -> None:
    log = jars(tmp_path / "jars.foldline", STEPS)
    bytes_before = log.read_bytes()

    path, decided = run(log, STRICTER)

    assert [(it.type, it.came) for it in decided.commands] == [
        ("PutIn", "other"),
        ("TakeOut", "refused"),
    ]
    assert decided.commands[1].rule == "no fours"
    with reading_branch(path) as branch:
        assert [it[2] for it in told(branch)] == ["Put", "Put", "Took", "Put"]
    assert (coins(path, "a"), coins(log, "a")) == (5, 0)
    assert log.read_bytes() == bytes_before


def test_only_what_lies_behind_the_fork_is_run_again(tmp_path: Path) -> None:
    log = jars(tmp_path / "jars.foldline", STEPS)

    path, decided = run(log, STRICTER, after=1)

    assert [it.type for it in decided.commands] == ["TakeOut"]
    assert coins(path, "a") == 4


def test_an_edit_of_such_a_branch_runs_it_again_and_a_branch_of_it_goes_on(tmp_path: Path) -> None:
    log = jars(tmp_path / "jars.foldline", STEPS)
    path, _ = run(log, STRICTER)
    child = create_branch(path, "child", fork=3)
    with reading_branch(child) as branch:
        assert not branch.is_undecided()
        assert [it[2] for it in told(branch)] == ["Put", "Put", "Took", "Put"]

    BranchEditor(child).leave_out(4)
    decided = decide_branch(child, STRICTER)

    assert [it.came for it in decided.commands] == ["other", "refused"]
    with reading_branch(child) as branch:
        assert [it[2] for it in told(branch)] == ["Put", "Put", "Took"]


def test_stopping_it_leaves_no_branch(tmp_path: Path) -> None:
    log = jars(tmp_path / "jars.foldline", STEPS)

    def stop(_position: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        rerun_branch(log, "again", MODELS, after=0, told=stop)
    assert Place(log).branches() == []
