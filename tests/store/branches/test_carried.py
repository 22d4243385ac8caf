"""Where the event at a position of one line is in another."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.branches.carried import carried, moved
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import reading_branch
from store.branches.store import BranchStore
from store.errors import StoreError
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from tests.store.branches.lines import IN_MEMORY, noted, written

HEAD, FORK = 12, 4


@pytest.fixture(name="log")
def a_log(tmp_path: Path) -> Path:
    return written(tmp_path / "log.foldline", [noted(n) for n in range(1, HEAD + 1)])


def test_up_to_the_fork_positions_mean_the_same(log: Path) -> None:
    branch = create_branch(log, "b", fork=FORK)
    BranchEditor(branch).leave_out(6)
    with reading(log) as main, reading_branch(branch) as line:
        assert [carried(it, main, line) for it in range(FORK + 1)] == list(range(FORK + 1))


def test_behind_the_fork_an_event_is_found_by_its_id(log: Path) -> None:
    branch = create_branch(log, "b", fork=FORK)
    BranchEditor(branch).leave_out(6)
    BranchEditor(branch).move(9, before=5)
    with reading(log) as main, reading_branch(branch) as line:
        for it in (5, 7, 8, 10, 11, 12):
            there = carried(it, main, line)
            assert _id(line, there) == _id(main, it)
            assert carried(there, line, main) == it


def test_an_event_that_is_not_there_leads_to_the_one_before_it(log: Path) -> None:
    branch = create_branch(log, "b", fork=FORK)
    BranchEditor(branch).leave_out(6)
    new = Content(stream="order-1", type="New", data_json="{}")
    BranchEditor(branch).insert(8, new)
    with reading(log) as main, reading_branch(branch) as line:
        assert _id(line, carried(6, main, line)) == "n-5"
        assert _id(main, carried(8, line, main)) == "n-8"


def test_own_events_lead_to_the_last_event_that_both_have(log: Path) -> None:
    branch = create_branch(log, "b", fork=FORK)
    store = BranchStore(branch)
    store.append("order-9", [NewEvent.of("Own", {})], expected=None)
    store.close()
    written(log, [noted(99)])
    with reading(log) as main, reading_branch(branch) as line:
        assert carried(HEAD + 1, line, main) == HEAD
        assert carried(HEAD + 1, main, line) == HEAD


def _id(line: EventReader, position: int) -> str:
    event = line.event(position)
    return "" if event is None else event.id


Steps: TypeAlias = Sequence[tuple[str, int, int]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("leave out", "insert", "move", "swap", "replace", "undo")),
        st.integers(FORK + 1, HEAD),
        st.integers(FORK + 1, HEAD),
    ),
    max_size=5,
)


@settings(max_examples=20, deadline=None)
@given(steps=STEPS, last=STEPS)
def test_an_edit_takes_no_mark_off_its_event(steps: Steps, last: Steps) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        events = [noted(n) for n in range(1, HEAD + 1)]
        branch = create_branch(written(Path(folder) / "log.foldline", events), "b", fork=FORK)
        edit_by(branch, steps)
        with reading_branch(branch) as before:
            ids = {it.position: it.id for it in before.page(1, before.head())}
            edit_by(branch, last)
            with reading_branch(branch) as after:
                for position, event_id in ids.items():
                    there = moved(position, before.layout, after.layout)
                    found = after.event_by_id(event_id)
                    assert 0 <= there <= after.head()
                    assert found is None or there == found.position


def edit_by(branch: Path, steps: Steps) -> None:
    """Make these edits. What does not fit is refused, and changes nothing."""
    editor = BranchEditor(branch)
    doing: dict[str, Callable[[int, int], object]] = {
        "leave out": lambda one, _: editor.leave_out(one),
        "insert": lambda one, _: editor.insert(
            one, Content(stream="order-2", type="New", data_json="{}")
        ),
        "move": editor.move,
        "swap": editor.swap,
        "replace": lambda one, _: editor.replace(one, Content(data_json='{"other": 1}')),
        "undo": lambda _, __: editor.undo(),
    }
    for kind, one, other in steps:
        with suppress(StoreError):
            doing[kind](one, other)
