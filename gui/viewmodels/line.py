"""The line in view: the log, or a branch of it; and where the cursor goes when that is edited."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.place import Place

if TYPE_CHECKING:  # most logs have no branches
    from store.branches.choices import Choice
    from store.branches.edits import Edit
    from store.branches.facts import BranchFacts
    from store.branches.layout import Layout

Marks = tuple[int | None, ...]  # positions: of the cursor, of A, and what was known


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What a branch is at one moment."""

    facts: "BranchFacts"
    edits: "tuple[Edit, ...]"  # those that were undone, too
    layout: "Layout"
    head: int
    own_events: int
    is_undecided: bool = False  # later commands are to be decided again, and were not yet

    @property
    def unfit(self) -> dict[int, str]:
        """Why edits no longer fit, by their numbers."""
        return {edit.number: reason for edit, reason in self.layout.unfit}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHistory:
    """The history was edited: the head, and where the marks are now."""

    head: int
    marks: Marks


class LineViewModel(QObject):
    """Of the log there is nothing to be told. `changed()` when more is known of the branch,
    `moved(OtherHistory)` when positions mean other events, `failed(error)`. GUI thread."""

    changed = Signal()
    moved = Signal(object)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, place: Place) -> None:
        super().__init__()
        self.branch: Branch | None = None  # None of the log, and until it was read
        self._tasks, self._selection, self._place = tasks, selection, place

    @property
    def name(self) -> str:
        """What the branch is called; empty of the log."""
        return self._place.branch_name

    @property
    def is_branch(self) -> bool:
        """Whether it is a branch."""
        return bool(self.name)

    @property
    def is_passing(self) -> bool:
        """Whether it was made for a window to look at, and nothing was done in it."""
        from replay.branching.passing import NOTE  # late: a window is there without it

        it = self.branch
        return it is not None and it.facts.note == NOTE and not it.edits and not it.own_events

    @property
    def fork(self) -> int:
        """The last position that means the same as in the line that was left; 0 until known."""
        return 0 if self.branch is None else self.branch.facts.fork

    @property
    def decides_again(self) -> bool:
        """Whether later commands are decided again after an edit."""
        return self.branch is not None and self.branch.facts.later != "keep"

    @property
    def can_undo(self) -> bool:
        """Whether the branch has an edit that can be taken back, or a choice to decide again."""
        found = () if self.branch is None else self.branch.edits
        is_edited = any(not it.is_undone and not it.is_inherited for it in found)
        return is_edited or any(not it.is_undone for it in self._choices)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back that can be made again."""
        found = () if self.branch is None else self.branch.edits
        return any(it.is_undone for it in found) or any(it.is_undone for it in self._choices)

    @property
    def _choices(self) -> "list[Choice]":
        if self.branch is None:
            return []
        from store.branches.choices import choices_of  # late: most logs have no branches

        return choices_of(self.branch.facts)

    @Slot()
    def refresh(self) -> None:
        """Read what the branch is now; if it was edited meanwhile, say where the marks are."""
        if not self.is_branch:
            return
        selection = self._selection
        work = partial(
            _read, before=self.branch, marks=(selection.as_of, selection.anchor, selection.known)
        )
        self._tasks.latest("line", work, done=self._learn, failed=self.failed.emit)

    def _learn(self, found: tuple[Branch, Marks]) -> None:
        before, (self.branch, marks) = self.branch, found
        if before is not None and before.facts.revision != self.branch.facts.revision:
            self.moved.emit(OtherHistory(head=self.branch.head, marks=marks))
        if before != self.branch:
            self.changed.emit()


def _read(reads: Reads, *, before: Branch | None, marks: Marks) -> tuple[Branch, Marks]:
    from store.branches.carried import moved
    from store.branches.reader import BranchReader

    log = reads.log
    assert isinstance(log, BranchReader), "asked of a log"
    now = Branch(
        facts=log.facts,
        edits=log.edits,
        layout=log.layout,
        head=log.head(),
        own_events=log.own_events(),
        is_undecided=log.is_undecided(),
    )
    if before is None or before.facts.revision == now.facts.revision:
        return now, marks
    return now, tuple(it and moved(it, before.layout, now.layout) for it in marks)
