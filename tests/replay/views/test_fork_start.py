"""Views of a branch begin where the log's views were, and come to what they come to when they are
folded from the beginning."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import views_of
from replay.views import checkpoints
from replay.views.read_store import discard, open_views
from replay.views.runner import Runner
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from tests.store.branches.lines import noted, written

NAMES = ("streams", "event_types")


def folded(path: Path, *, steps: int | None = None) -> dict[str, Any]:
    """What the views of a line hold once they are folded, or begun."""
    with reading(path) as line, closing(open_views(line)) as store:
        views = [it for it in views_of(line) if it.name in NAMES]
        runner = Runner(store.db, line, views)
        begun = {name: it.checkpoint for name, it in runner.checkpoints().items()}
        while steps is None and runner.advance():
            pass
        runner.close()
        found = {it: _rows(store.db, it) for it in NAMES}
        return {"begun": begun, "rows": found, "known": _known(store.db)}


def _rows(db: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    return [
        *db.execute(f'SELECT * FROM "{name}" ORDER BY _row'),
        *db.execute(f'SELECT * FROM "{name}_writes" ORDER BY _write'),
    ]


def _known(db: sqlite3.Connection) -> dict[str, tuple[int, str, int, int]]:
    return {
        name: (it.checkpoint, it.checkpoint_id, it.row_count, it.write_count)
        for name, it in checkpoints.read_all(db).items()
    }


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A branch that is edited behind position 40 of 60, with events of its own."""
    log = written(tmp_path / "log.foldline", [noted(n, f"s-{n % 7}") for n in range(60)])
    path = create_branch(log, "fix", fork=30)
    editor = BranchEditor(path)
    editor.leave_out(41)
    editor.insert(45, Content(stream="s-9", type="Other"))
    with closing(open_store(path)) as store:
        store.append("s-1", [NewEvent.of("Noted", {"n": 1})], expected=ANY_VERSION)
    return path


@pytest.mark.parametrize("heard", [60, 0])
def test_what_is_before_the_first_edit_is_not_folded_again(branch: Path, heard: int) -> None:
    log = branch.with_name("log.foldline")
    if heard:
        folded(log)

    found = folded(branch)
    if heard:  # the log's own views are as they were
        assert folded(log)["begun"] == dict.fromkeys(NAMES, 60)
    assert found["begun"] == dict.fromkeys(NAMES, 40 if heard else 0)
    with reading(branch) as line:
        discard(line)
    if heard:
        with reading(log) as line:
            discard(line)
    whole = folded(branch)

    assert whole["begun"] == dict.fromkeys(NAMES, 0)
    assert (found["rows"], found["known"]) == (whole["rows"], whole["known"])


def test_views_that_lag_are_gone_on_with_from_where_they_are(branch: Path, tmp_path: Path) -> None:
    log = branch.with_name("log.foldline")
    folded(log)
    written(log, [noted(n, f"s-{n % 7}") for n in range(60, 80)])
    later = create_branch(log, "later", fork=75)

    assert folded(later)["begun"] == dict.fromkeys(NAMES, 60)
    assert folded(log)["known"]["streams"][0] == 80
