"""A branch is a log to whoever corrects it: its own events are corrected, and the log's stay."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from replay.correcting.asked import Asked
from replay.correcting.commit import Committed, commit
from replay.correcting.errors import CannotCorrect
from replay.correcting.marks import CorrectionMarks
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from tests.store.branches.lines import noted, written

BY = By(actor="ada", reason="mistyped")


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Path]:
    """One of three events that leaves the log at the second; the log is the same afterwards."""
    log = written(tmp_path / "log.foldline", [noted(n) for n in (1, 2, 3)])
    before = sha256(log.read_bytes()).digest()
    yield create_branch(log, "fix", fork=2)
    assert sha256(log.read_bytes()).digest() == before


def correct(branch: Path, asked: Asked) -> Committed:
    with closing(BranchStore(branch)) as store:
        return commit(store, StreamStates, asked, BY, partly=False)


def state(branch: Path) -> Any:
    with closing(BranchStore(branch)) as store:
        return StreamStates().at(store, "order-1", store.head()).state


def test_an_event_of_the_log_is_corrected_in_the_branch_alone(branch: Path) -> None:
    made = correct(branch, Asked(position=3, kind="rejected"))

    assert made.positions == (4,)
    assert state(branch) == {"n": 2}


def test_the_same_again_appends_nothing(branch: Path) -> None:
    asked = Asked(position=1, kind="wrong", data={"m": 7})
    correct(branch, asked)

    assert correct(branch, asked).positions == ()
    assert state(branch) == {"m": 7, "n": 3}


def test_an_event_of_its_own_is_corrected(branch: Path) -> None:
    with closing(BranchStore(branch)) as store:
        store.append("order-1", [NewEvent.of("Noted", {"n": 9})], expected=ANY_VERSION)

    correct(branch, Asked(position=4, kind="wrong", data={"n": 8}))

    assert state(branch) == {"n": 8}


def test_an_event_behind_an_edit_is_corrected_where_it_stands(branch: Path) -> None:
    """What the branch left out does not come back."""
    BranchEditor(branch, by="ada").leave_out(3)

    correct(branch, Asked(position=2, kind="wrong", data={"n": 5}))

    assert state(branch) == {"n": 5}
    with closing(BranchStore(branch)) as store:
        assert {at: it.short for at, it in CorrectionMarks().of(store, store.read()).items()} == {
            2: "corrected by 3",
            3: "corrects 2",
        }


def test_what_an_edit_left_out_cannot_be_corrected(branch: Path) -> None:
    BranchEditor(branch, by="ada").leave_out(3)

    with pytest.raises(CannotCorrect, match="there is no event at position 3, the last one is 2"):
        correct(branch, Asked(position=3, kind="rejected"))
