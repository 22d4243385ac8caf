"""What tests ask of consequences: all of them for a branch, and what a log is byte for byte."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from replay.consequences.between import of_branches
from replay.consequences.consequences import consequences
from replay.consequences.found import Found
from replay.consequences.lines import of_branch
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.views.read_store import reading_views
from store.branches.opening import reading_branch
from store.opening import reading
from store.place import Place


def listed(
    branch: Path,
    models: ModelSet | None = None,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Found]:
    """Everything that follows from the edits of a branch."""
    with (
        reading(Place(branch).log) as log,
        reading_branch(branch) as edited,
        reading_views(log) as views,
    ):
        left, right = StreamStates(models=models), StreamStates(models=models)
        return list(consequences(of_branch(log, edited), left, right, views=views, told=told))


def listed_against(branch: Path, other: Path) -> list[Found]:
    """Everything that is otherwise in a branch than in another one of the same log."""
    with (
        reading_branch(other) as left,
        reading_branch(branch) as right,
        reading_views(left) as views,
    ):
        lines = of_branches(left, right)
        return list(consequences(lines, StreamStates(), StreamStates(), views=views))


def digests(log: Path) -> dict[str, str]:
    """Of the log, its branches and what else stands beside it, but for the views."""
    found = sorted(log.parent.glob(f"{log.name}*"))
    return {
        it.name: hashlib.sha256(it.read_bytes()).hexdigest()
        for it in found
        if "views" not in it.name and not it.name.endswith(("-shm", "-wal"))
    }
