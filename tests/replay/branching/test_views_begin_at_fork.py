"""Views of a branch begin with what the log's views held: only what comes behind is read."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views, views_of
from replay.rules.rules_tables import NAME as RULES
from replay.views.view import View
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import open_branch
from store.branches.reader import BranchReader
from store.interface import EventReader
from store.opening import reading
from tests.replay.logs import catch_up, heard_by, made_by, make_log, open_runner

EVENTS, FORK, EDITED = 700, 600, 650
READS = ("page", "payloads", "log_texts")


@pytest.fixture
def firsts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The positions from which events of a branch were read in a row, ends of one event left out:
    a checkpoint is compared with the event that it names."""
    found: list[int] = []

    def noted(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(branch: BranchReader, first: int, last: int) -> Any:
            if last > first:
                found.append(first)
            return ask(branch, first, last)

        return asked

    for name in READS:
        monkeypatch.setattr(BranchReader, name, noted(getattr(BranchReader, name)))
    return found


def views_named(log: EventReader, *names: str) -> tuple[View, ...]:
    return tuple(it for it in views_of(log) if it.name in names)


BEGUN = [it.name for it in all_views() if it.name != RULES]


@pytest.mark.parametrize("name", BEGUN)
def test_only_what_comes_behind_the_first_edit_is_folded(
    tmp_path: Path, name: str, firsts: list[int]
) -> None:
    path = make_log(tmp_path / "a.foldline", EVENTS, heard=heard_by(all_views()))
    with reading(path) as log:
        made_by(views_named(log, name)[0], log)
    branch = create_branch(path, "fix", fork=FORK)
    BranchEditor(branch).leave_out(EDITED)
    firsts.clear()  # the edit looked at its event

    with closing(open_branch(branch)) as line:
        store, runner = open_runner(line, views_named(line, name))
        catch_up(runner)
        known = runner.checkpoints()[name]
        counted = store.db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        store.close()

    assert firsts
    assert min(firsts) >= EDITED
    assert (known.checkpoint, known.row_count) == (EVENTS - 1, counted)


def test_without_the_views_of_the_log_all_is_folded(tmp_path: Path, firsts: list[int]) -> None:
    branch = create_branch(make_log(tmp_path / "a.foldline", EVENTS), "fix", fork=FORK)

    with closing(open_branch(branch)) as line:
        store, runner = open_runner(line, views_named(line, "streams"))
        catch_up(runner)
        store.close()

    assert min(firsts) == 1
