"""Recorded commands decided again by the rules of today, in a branch: an experiment that can be
looked at like any log."""

from collections.abc import Callable
from pathlib import Path

from replay.deciding.decide_branch import decide_branch
from replay.states.model_set import ModelSet
from store.branches.create import create_branch, drop_branch
from store.branches.decided import Decided
from store.place import Place


def rerun_branch(
    line: Path,
    name: str,
    models: ModelSet,
    *,
    after: int,
    by: str = "",
    note: str = "",
    told: Callable[[int], None] = lambda _position: None,
) -> tuple[Path, Decided]:
    """Make a branch of a line that forks after a position, in which all commands behind it are
    decided again, each on what the earlier ones came to there. Nothing is sent, nobody is asked.
    `told(position)` is called as it goes on, and may raise Cancelled.

    Raises what create_branch and decide_branch raise; then there is no branch.
    """
    path = create_branch(line, name, fork=after, by=by, note=note, later="rerun")
    try:
        return path, decide_branch(path, models, told=told)
    except BaseException:
        drop_branch(Place(path).log, name)
        raise
