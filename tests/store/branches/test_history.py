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
from msgspec import structs

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import open_branch
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.query import EVERYTHING, EventQuery
from tests.contracts.plain_log import Given, PlainLog
from tests.contracts.reading import STREAMS, TYPES, ReadingContract
from tests.store.branches.lines import IN_MEMORY, content_of, edited_into, written

KINDS = ("leave out", "replace", "insert", "move", "swap", "append", "undo", "redo")
places = st.integers(0, 40)
times = st.integers(-3, 9)


class TestEditedBranch(ReadingContract):
    """A branch with an edit of each kind, and events of its own."""

    def holding(self, given: Sequence[Given]) -> AbstractContextManager[EventReader]:
        return edited_into(given)


@st.composite
def events(draw: st.DrawFn, name: str, most: int) -> list[Given]:
    parts = st.tuples(
        st.sampled_from(STREAMS),
        st.sampled_from(TYPES),
        times,
        times,
        st.sets(st.sampled_from(STREAMS)),
    )
    return [
        Given(
            stream=stream,
            event=NewEvent.of(
                type_,
                {"n": n},
                id=f"{name}-{n}",
                recorded_at_us=recorded,
                occurred_at_us=occurred,
                links=tuple(links),
            ),
        )
        for n, (stream, type_, recorded, occurred, links) in enumerate(
            draw(st.lists(parts, min_size=1, max_size=most))
        )
    ]


class Plain:
    """The same edits, made on a list."""

    def __init__(self, given: Sequence[Given], fork: int) -> None:
        self.now = list(given)
        self.fork = fork
        self._undo: list[list[Given]] = []
        self._redo: list[list[Given]] = []

    def place(self, n: int) -> int:
        """A position of an event that may be edited."""
        return self.fork + 1 + n % (len(self.now) - self.fork)

    def edit(self, editor: BranchEditor, kind: str, a: int, b: int, new: Given) -> None:
        """Make an edit on both; what cannot be is not tried."""
        if kind in ("undo", "redo"):
            self._turn(editor, kind)
            return
        after = list(self.now)
        if kind == "insert":
            at = self.fork + 1 + a % (len(after) - self.fork + 1)
            after.insert(at - 1, new)
            editor.insert(at, content_of(new))
        elif len(after) == self.fork:
            return
        elif kind == "leave out":
            editor.leave_out(self.place(a))
            del after[self.place(a) - 1]
        elif kind == "replace":
            at = self.place(a)
            editor.replace(at, Content(type="Sent", data_json='{"n": -1}'))
            event = structs.replace(after[at - 1].event, type="Sent", data_json='{"n": -1}')
            after[at - 1] = Given(stream=after[at - 1].stream, event=event)
        elif kind == "swap":
            one, other = self.place(a), self.place(b)
            if one == other:
                return
            editor.swap(one, other)
            after[one - 1], after[other - 1] = after[other - 1], after[one - 1]
        elif kind == "move":
            one, before = self.place(a), self.fork + 1 + b % (len(after) - self.fork + 1)
            if before in (one, one + 1):
                return
            edit = editor.move(one, before)
            moved = after.pop(one - 1)
            if edit.content.recorded_at_us is not None:
                event = structs.replace(moved.event, recorded_at_us=edit.content.recorded_at_us)
                moved = Given(stream=moved.stream, event=event)
            after.insert(before - 1 - (before > one), moved)
        self._undo.append(self.now)
        self._redo.clear()
        self.now = after

    def append(self, it: Given) -> None:
        """Behind everything, however the edits are undone."""
        for line in (self.now, *self._undo, *self._redo):
            line.append(it)

    def _turn(self, editor: BranchEditor, kind: str) -> None:
        of, into = (self._undo, self._redo) if kind == "undo" else (self._redo, self._undo)
        if of:
            editor.undo() if kind == "undo" else editor.redo()
            into.append(self.now)
            self.now = of.pop()


@settings(max_examples=30)
@given(
    log=events("l", 9),
    new=events("e", 8),
    own=events("o", 3),
    steps=st.lists(st.tuples(st.sampled_from(KINDS), places, places), max_size=8),
    fork=places,
    is_branched=st.booleans(),
)
def test_any_edits_come_to_what_a_plain_list_comes_to(
    log: list[Given],
    new: list[Given],
    own: list[Given],
    steps: list[tuple[str, int, int]],
    fork: int,
    is_branched: bool,
) -> None:
    plain = Plain(log, fork % (len(log) + 1))
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = written(Path(folder) / "log.foldline", log)
        path = create_branch(path, "b", fork=plain.fork)
        before = (path.parent / "log.foldline").read_bytes()
        news, owns = list(new), list(own)
        for kind, a, b in steps:
            if kind == "append" and owns:
                it = owns.pop()
                with closing(BranchStore(path)) as store:
                    store.append(it.stream, [it.event], expected=ANY_VERSION)
                plain.append(it)
            elif kind != "append" and (kind != "insert" or news):
                plain.edit(
                    BranchEditor(path), kind, a, b, news.pop() if kind == "insert" else new[0]
                )
        if is_branched:  # what a branch of it begins with is the same
            path = create_branch(path, "of-it", fork=plain.fork)
        with closing(open_branch(path)) as branch:
            assert branch.layout.unfit == ()
            _assert_same(branch, PlainLog(plain.now))
        assert (path.parent / "log.foldline").read_bytes() == before


def _assert_same(branch: EventReader, plain: PlainLog) -> None:
    head = len(plain.events)
    assert branch.head() == head
    assert branch.page(1, head) == plain.events
    assert branch.links_between(1, head) == plain.links_between(1, head)
    assert list(branch.type_counts().items()) == list(plain.type_counts().items())
    assert branch.stream_lengths() == plain.stream_lengths()
    assert branch.stream_names() == plain.stream_names()
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
