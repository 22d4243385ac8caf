"""A filter that asks for positions and versions means those of the branch, wherever the events
are in the log."""

from contextlib import closing
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import open_branch
from store.filter.evaluate import matches
from store.filter.parse import parse
from store.filter.tree import Claim, Comparison, Every, Not, Some, Tree
from store.query import EventQuery
from tests.contracts.given_events import STREAMS, events
from tests.contracts.plain_log import Given, PlainLog
from tests.store.branches.lines import IN_MEMORY, noted, written
from tests.store.branches.plain_edits import Plain, edited, places, steps_of_edits, written_to

COMPARISONS: tuple[Comparison, ...] = ("=", "<", "<=", ">", ">=", "~")
VALUES = (
    "x",
    True,
    None,
    -1,
    0,
    1,
    2,
    3,
    4,
    6,
    9,
    Decimal("2.5"),
    Decimal("1e400"),
    Decimal("-1e400"),
    2**70,
)

claims = st.builds(
    lambda field, comparison, value: Claim(field=(field,), comparison=comparison, value=value),
    st.sampled_from(("position", "version")),
    st.sampled_from(COMPARISONS),
    st.sampled_from(VALUES),
)
of_types = st.just(Claim(field=("type",), comparison="=", value="Sent"))
trees: st.SearchStrategy[Tree] = st.recursive(
    claims | claims | of_types,
    lambda parts: (
        st.builds(lambda part: Not(part=part), parts)
        | st.builds(lambda it: Every(parts=tuple(it)), st.lists(parts, min_size=2, max_size=3))
        | st.builds(lambda it: Some(parts=tuple(it)), st.lists(parts, min_size=2, max_size=3))
    ),
    max_leaves=4,
)


@settings(max_examples=60)
@given(
    log=events("l", most=9),
    new=events("e", most=8),
    own=events("o", most=3),
    steps=steps_of_edits,
    fork=places,
    filters=st.lists(trees, min_size=1, max_size=4),
    streams=st.sampled_from(((), STREAMS[:1])),
    after=st.integers(0, 6),
    until=st.none() | st.integers(0, 16),
    reverse=st.booleans(),
)
def test_any_filter_by_place_finds_in_any_branch_what_it_finds_in_a_plain_list(
    log: list[Given],
    new: list[Given],
    own: list[Given],
    steps: list[tuple[str, int, int]],
    fork: int,
    filters: list[Tree],
    streams: tuple[str, ...],
    after: int,
    until: int | None,
    reverse: bool,
) -> None:
    plain = Plain(log, fork % (len(log) + 1))
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = written(Path(folder) / "log.foldline", log)
        path = create_branch(path, "b", fork=plain.fork)
        edited(path, plain, steps, new, own)
        with closing(open_branch(path)) as branch:
            for where in filters:
                query = EventQuery(where=where, streams=streams)
                within = PlainLog(plain.now).read(
                    EventQuery(streams=streams),
                    after=after,
                    until=until,
                    limit=None,
                    reverse=reverse,
                )
                met = [it for it in within if matches(where)(it)]
                found = branch.read(query, after=after, until=until, reverse=reverse)
                first = branch.read(query, after=after, until=until, reverse=reverse, limit=2)
                assert list(found) == met
                assert list(first) == met[:2]
                positions = sorted(it.position for it in met)
                assert list(branch.positions(query, after=after, until=until)) == positions


@pytest.mark.parametrize("kinds", [("leave out",), ("insert",), ("insert", "leave out")])
@pytest.mark.parametrize("field", ["position", "version"])
def test_each_comparison_with_each_number_finds_what_has_moved(
    tmp_path: Path, field: str, kinds: tuple[str, ...]
) -> None:
    plain = Plain([noted(n, f"order-{n % 2}") for n in range(8)], 0)
    log = written(tmp_path / "log.foldline", plain.now)
    path = create_branch(log, "b", fork=0)
    for at, kind in enumerate(kinds):
        plain.edit(BranchEditor(path), kind, 2 * at + 2, 0, noted(90 + at, "order-1"))
    expected = PlainLog(plain.now).events
    with closing(open_branch(path)) as branch:
        for comparison in ("=", "<", "<=", ">", ">="):
            for number in range(11):
                where = parse(f"{field} {comparison} {number}")
                met = [it.position for it in expected if matches(where)(it)]
                assert list(branch.positions(EventQuery(where=where))) == met


def test_a_filter_by_place_means_what_it_says_after_each_event_that_comes_to_the_branch(
    tmp_path: Path,
) -> None:
    log = written(tmp_path / "log.foldline", [noted(n) for n in range(4)])
    path = create_branch(log, "b", fork=0)
    BranchEditor(path).leave_out(1)
    query = EventQuery(where=parse("version = 5"))
    with closing(open_branch(path)) as branch:
        before = list(branch.positions(query))
        for n in (4, 5):
            written_to(path, noted(n))

        found = list(branch.positions(query))

    assert (before, found) == ([], [5])
