"""Views of a branch at nine tenths of its log: begun with the log's views, or folded whole."""

from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, cpu_seconds
from replay.catalog.all_views import views_of
from replay.views.read_store import discard, open_views
from replay.views.runner import Runner
from replay.views.view import View
from store.branches.create import create_branch, drop_branch
from store.branches.editing import BranchEditor
from store.interface import EventReader
from store.opening import reading

NAME: Final = "views"


def view_results(path: Path, count: int) -> list[Result]:
    """One figure for each view that the log has something for. The log's views are folded in
    between, and removed again."""
    fork = count * 9 // 10
    branch = create_branch(path, NAME, fork=fork)
    BranchEditor(branch).leave_out(fork + 1)
    with reading(path) as log, reading(branch) as line:
        known = views_of(line)
        discard(log)
        whole = [cpu_seconds(partial(_folded, line, (it,))) for it in known]
        _folded(log, known)
        begun = [cpu_seconds(partial(_folded, line, (it,))) for it in known]
        discard(log)
    drop_branch(path, NAME)
    return [
        _result(it.name, count, one, other)
        for it, one, other in zip(known, begun, whole, strict=True)
    ]


def _folded(log: EventReader, views: tuple[View, ...]) -> None:
    discard(log)
    store = open_views(log)
    runner = Runner(store.db, log, views)
    while runner.advance():
        continue
    store.close()


def _result(name: str, count: int, begun_s: float, whole_s: float) -> Result:
    return Result(
        name=f"view {name} of a branch at nine tenths of {count:,}",
        figure=begun_s / whole_s,
        unit="× whole",
        target=None,
        better="lower",
        detail=f"{begun_s:.2f} s against {whole_s:.2f} s of a core",
    )
