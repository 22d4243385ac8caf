"""Two lines set against each other, step by step: against what a plain look at every step says."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.branching.line_panes import OpenLine, reading_line
from replay.branching.line_parting import LineHistory, first_line_parting
from replay.branching.line_steps import Steps
from replay.questions.pane_compare import HereSide, Pane, compare_sides
from store.branches.create import create_branch
from store.branches.reader import BranchReader
from store.branches.store import BranchStore
from store.events import NewEvent
from store.interface import EventReader
from tests.store.branches.lines import IN_MEMORY, noted, written
from tests.store.branches.test_carried import FORK, HEAD, STEPS, edit_by
from tests.store.branches.test_carried import Steps as Edits

VIEWS = ("streams", "event_types")


class Both(NamedTuple):
    left: OpenLine
    right: OpenLine


def made(folder: Path, edits: Edits, others: Edits, *, grown: int, own: int) -> tuple[Path, Path]:
    """Two branches of one log, which has grown between them; the second has events of its own."""
    log = written(
        folder / "log.foldline",
        [noted(n, f"order-{n % 3}") for n in range(1, HEAD + 1)],
    )
    one = create_branch(log, "one", fork=FORK)
    written(log, [noted(n) for n in range(50, 50 + grown)])
    other = create_branch(log, "other", fork=FORK)
    edit_by(one, edits)
    edit_by(other, others)
    store = BranchStore(other)
    for n in range(own):
        store.append(f"order-{n}", [NewEvent.of("Own", {})], expected=None)
    store.close()
    return one, other


def lines_of(stack: ExitStack, one: Path, other: Path) -> Both:
    return Both(*(stack.enter_context(reading_line(it, VIEWS)) for it in (one, other)))


def kept_in(both: Both) -> set[str]:
    """The events that both have, where the log had them."""
    ids = [{it.id for it in line.log.page(1, line.log.head())} for line in both]
    put = {
        it.event.id
        for line in both
        if isinstance(line.log, BranchReader)
        for it in line.log.layout.placed
    }
    return (ids[0] & ids[1]) - put


def differing(both: Both, view: str) -> Iterator[int]:
    """The steps after which the rows differ, found by comparing all of them after each."""
    counts = [Steps(a.log, b.log) for a, b in (both, (both.right, both.left))]
    ends = [line.log.head() for line in both]
    last = min(steps.of(end) for steps, end in zip(counts, ends, strict=True))
    for step in range(1, last + 1):
        sides = [
            HereSide(line.db, line.log, Pane(view=view, at=min(steps.end(step), end)))
            for line, steps, end in zip(both, counts, ends, strict=True)
        ]
        if compare_sides(*sides, limit=0).counts.differing:
            yield step


Made: TypeAlias = tuple[Edits, Edits, int, int]


@settings(max_examples=25, deadline=None)
@given(edits=STEPS, others=STEPS, grown=st.integers(0, 2), own=st.integers(0, 2))
def test_the_first_divergence_is_the_first_step_after_which_rows_differ(
    edits: Edits, others: Edits, grown: int, own: int
) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder, ExitStack() as stack:
        both = lines_of(stack, *made(Path(folder), edits, others, grown=grown, own=own))
        for view in VIEWS:
            found = first_line_parting(
                LineHistory(both.left.db, both.left.log, Pane(view=view), against=both.right.log),
                LineHistory(both.right.db, both.right.log, Pane(view=view), against=both.left.log),
            )
            wanted = next(differing(both, view), None)
            if wanted is None:
                assert found is None or found.is_by_moment
                continue
            assert found is not None
            assert not found.is_by_moment
            one, other = (both.right, both.left) if found.is_of_right else both
            assert Steps(one.log, other.log).of(found.position) == wanted


@settings(max_examples=25, deadline=None)
@given(edits=STEPS, others=STEPS, grown=st.integers(0, 2), own=st.integers(0, 2))
def test_a_step_is_an_event_of_both_or_all_that_only_one_has_behind_it(
    edits: Edits, others: Edits, grown: int, own: int
) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder, ExitStack() as stack:
        both = lines_of(stack, *made(Path(folder), edits, others, grown=grown, own=own))
        kept = kept_in(both)
        found = [steps_of(a.log, b.log, kept) for a, b in (both, (both.right, both.left))]
        assert found[0] == found[1]


def steps_of(line: EventReader, other: EventReader, kept: set[str]) -> dict[str, int]:
    """The steps of the events that both have; it holds what a line's steps must be."""
    steps, before, found = Steps(line, other), 0, dict[str, int]()
    for event in line.page(1, line.head()):
        step = steps.of(event.position)
        assert step >= before
        assert (step % 2 == 0) == (event.id in kept)
        assert steps.end(step) >= event.position
        assert steps.end(step - 1) < event.position  # also of a step that no event belongs to
        if event.id in kept:
            found[event.id] = step
        before = step
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_two_branches_of_one_history_never_differ(tmp_path: Path, view: str) -> None:
    with ExitStack() as stack:
        both = lines_of(stack, *made(tmp_path, [], [], grown=0, own=0))
        left, right = (
            LineHistory(a.db, a.log, Pane(view=view), against=b.log)
            for a, b in (both, (both.right, both.left))
        )
        assert first_line_parting(left, right) is None
