"""The same edits on a branch and on a plain list, for property tests."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from hypothesis import strategies as st
from msgspec import structs

from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.store import BranchStore
from store.events import ANY_VERSION
from tests.contracts.plain_log import Given
from tests.store.branches.lines import content_of

KINDS = ("leave out", "replace", "insert", "move", "swap", "append", "undo", "redo")
places = st.integers(0, 40)
steps_of_edits = st.lists(st.tuples(st.sampled_from(KINDS), places, places), max_size=8)


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


def edited(
    path: Path,
    plain: Plain,
    steps: Sequence[tuple[str, int, int]],
    new: Sequence[Given],
    own: Sequence[Given],
) -> None:
    """Make the steps on the branch in a file and on the list: `new` are put in, `own` appended."""
    news, owns = list(new), list(own)
    for kind, a, b in steps:
        if kind == "append" and owns:
            it = owns.pop()
            written_to(path, it)
            plain.append(it)
        elif kind != "append" and (kind != "insert" or news):
            it = news.pop() if kind == "insert" else new[0]
            plain.edit(BranchEditor(path), kind, a, b, it)


def written_to(path: Path, it: Given) -> None:
    """Append an event of the branch's own."""
    with closing(BranchStore(path)) as store:
        store.append(it.stream, [it.event], expected=ANY_VERSION)
