"""Let what comes of later commands of a branch, decided again, be a part of its history."""

from collections.abc import Callable
from pathlib import Path

from replay.deciding.ripple import decided_again
from replay.states.model_set import ModelSet
from store.branches.decided import Decided
from store.branches.editing import BranchEditor
from store.branches.opening import reading_branch


def decide_branch(
    path: Path, models: ModelSet, *, told: Callable[[int], None] = lambda _position: None
) -> Decided:
    """Decide the later commands of the branch in a file again, on its edits as they are, and keep
    what comes of it in one transaction; what was decided before is replaced. `told(position)` is
    called as it goes on, and may raise Cancelled.

    Raises MissingAnswer, which names the question, DecidingFailed, TooManyCommands, BranchEdited
    when the branch has changed meanwhile, and what opening it raises. Then it is as it was.
    """
    with reading_branch(path) as branch:
        decided = decided_again(branch.undecided(), models, told=told)
        BranchEditor(path).keep_decided(branch, decided)
    return decided


def is_undecided(path: Path) -> bool:
    """Whether later commands of a branch are to be decided again and were not for its edits."""
    with reading_branch(path) as branch:
        return branch.is_undecided()
