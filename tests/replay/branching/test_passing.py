"""The log as of a moment is there while somebody looks at it, and nothing is lost with it."""

from contextlib import closing
from pathlib import Path

import pytest

from replay.branching import passing
from replay.branching.passing import Shown, as_of, clear, leave
from store.branches.editing import BranchEditor
from store.branches.opening import open_branch
from store.branches.store import BranchStore
from store.errors import StoreError
from store.events import ANY_VERSION, NewEvent
from store.place import Place
from tests.store.branches.lines import content_of, noted, written


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return written(tmp_path / "a.foldline", [noted(n) for n in range(1, 6)])


def names(log: Path) -> list[str]:
    return [Place(it).branch_name for it in Place(log).branches()]


def test_it_holds_the_log_up_to_a_position_whatever_comes_later(log: Path) -> None:
    with closing(open_branch(as_of(log, 3))) as branch:
        written(log, [noted(6)])

        found = branch.event(3)
        assert found is not None
        assert (branch.head(), found.data["n"], branch.event(4)) == (3, 3, None)


def test_it_goes_with_whoever_leaves_it_last(log: Path) -> None:
    place = Place(as_of(log, 3))
    other = Shown(place)

    assert not leave(place)
    other.close()
    assert leave(place)
    assert names(log) == []
    assert sorted(it.name for it in log.parent.iterdir()) == ["a.foldline"]
    assert not leave(place)
    assert not leave(Place(log))


def test_what_was_done_in_it_stays(log: Path) -> None:
    edited, written_in = Place(as_of(log, 3)), Place(as_of(log, 3))
    BranchEditor(edited.path, by="ada").insert(4, content_of(noted(4)))
    with closing(BranchStore(written_in.path)) as store:
        store.append("order-9", [NewEvent.of("Noted", {})], expected=ANY_VERSION)

    assert not leave(edited)
    assert not leave(written_in)
    assert names(log) == ["as-of-3", "as-of-3-2"]


def test_what_a_killed_program_has_left_is_removed_by_the_next_one(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_of(log, 2)
    as_of(log, 3)
    assert names(log) == ["as-of-2", "as-of-3"]  # their windows may be on the way

    monkeypatch.setattr(passing, "STARTING_US", -1)
    clear(Place(log))

    assert names(log) == []


def test_a_position_behind_the_head_is_refused(log: Path) -> None:
    with pytest.raises(StoreError, match="6"):
        as_of(log, 6)
