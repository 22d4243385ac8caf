"""The history of a branch is that which a plain list of events would be after the same edits.

Whatever is left out, replaced, put in, moved or appended: positions, versions, links and times are
those of a log to which the events were written in that order.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from store.branches.create import create_branch
from store.branches.opening import open_branch
from store.interface import EventReader
from store.query import EVERYTHING, EventQuery
from tests.contracts.given_events import STREAMS, events
from tests.contracts.plain_log import Given, PlainLog
from tests.contracts.reading import ReadingContract
from tests.store.branches.lines import IN_MEMORY, edited_into, written
from tests.store.branches.plain_edits import Plain, edited, places, steps_of_edits, written_to


class TestEditedBranch(ReadingContract):
    """A branch with an edit of each kind, and events of its own."""

    def holding(self, given: Sequence[Given]) -> AbstractContextManager[EventReader]:
        return edited_into(given)


@settings(max_examples=30)
@given(
    log=events("l", most=9),
    new=events("e", most=8),
    own=events("o", most=3),
    later=events("f", most=2),
    steps=steps_of_edits,
    fork=places,
    is_branched=st.booleans(),
)
def test_any_edits_come_to_what_a_plain_list_comes_to(
    log: list[Given],
    new: list[Given],
    own: list[Given],
    later: list[Given],
    steps: list[tuple[str, int, int]],
    fork: int,
    is_branched: bool,
) -> None:
    plain = Plain(log, fork % (len(log) + 1))
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = written(Path(folder) / "log.foldline", log)
        path = create_branch(path, "b", fork=plain.fork)
        before = (path.parent / "log.foldline").read_bytes()
        edited(path, plain, steps, new, own)
        if is_branched:  # what a branch of it begins with is the same
            path = create_branch(path, "of-it", fork=plain.fork)
        with closing(open_branch(path)) as branch:
            assert branch.layout.unfit == ()
            _assert_same(branch, PlainLog(plain.now))
            for it in later:  # while it is open
                written_to(path, it)
                plain.append(it)
                _assert_same(branch, PlainLog(plain.now))
        assert (path.parent / "log.foldline").read_bytes() == before


def _assert_same(branch: EventReader, plain: PlainLog) -> None:
    head = len(plain.events)
    assert branch.head() == head
    assert branch.page(1, head) == plain.events
    assert branch.links_between(1, head) == plain.links_between(1, head)
    assert branch.type_names() == list(plain.type_counts())
    assert list(branch.type_counts().items()) == list(plain.type_counts().items())
    assert branch.stream_lengths() == plain.stream_lengths()
    assert branch.stream_names() == plain.stream_names()
    assert branch.positions_before(range(head + 2)) == plain.positions_before(range(head + 2))
    assert branch.moments(1, head) == plain.moments(1, head)
    for query in (EVERYTHING, EventQuery(types=("Sent",))):
        kept = list(branch.read(query, after=1, until=head - 1, reverse=True))
        assert kept == plain.read(query, after=1, until=head - 1, limit=None, reverse=True)
    for it in range(-4, 11):
        assert branch.position_as_of(it) == plain.position_as_of(it)
    for name in STREAMS:
        assert branch.stream_version(name) == len(plain.of_home(name))
        assert branch.stream_moments(name) == plain.stream_moments(name, 0)
        for version in range(head + 2):
            assert branch.position_of(name, version) == plain.position_of(name, version)
