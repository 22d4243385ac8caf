"""Two programs edit one branch at the same time: every edit is there, in one order for both."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.errors import EditedMeanwhile
from store.branches.opening import facts_of, reading_branch
from tests.store.branches.lines import noted, written

ROOT = Path(__file__).parents[3]
COUNT = 15
EDIT = """
import sys
from pathlib import Path

import pytest
from store.branches.editing import BranchEditor
from store.branches.edits import Content
editor = BranchEditor(Path(sys.argv[1]), by=sys.argv[2])
for n in range(int(sys.argv[3])):
    editor.insert(1, Content(stream=f"notes-{sys.argv[2]}", type="Noted", id=f"{sys.argv[2]}-{n}"))
"""


def test_no_edit_of_either_is_lost(tmp_path: Path) -> None:
    log = written(tmp_path / "log.foldline", [noted(n) for n in range(1, 10)])
    before = sha256(log.read_bytes()).digest()
    branch = create_branch(log, "fix", fork=0)
    programs = [
        subprocess.Popen([sys.executable, "-c", EDIT, branch, who, str(COUNT)], cwd=ROOT)
        for who in ("ada", "bob")
    ]

    assert [it.wait() for it in programs] == [0, 0]

    _, edits = facts_of(branch)
    assert [it.number for it in edits] == list(range(1, 2 * COUNT + 1))
    for who in ("ada", "bob"):
        assert [it.target for it in edits if it.by == who] == [f"{who}-{n}" for n in range(COUNT)]
    with reading_branch(branch) as line:
        assert line.head() == 9 + 2 * COUNT
    assert sha256(log.read_bytes()).digest() == before


def test_who_names_a_revision_edits_no_other_one(tmp_path: Path) -> None:
    log = written(tmp_path / "log.foldline", [noted(n) for n in range(1, 10)])
    branch = create_branch(log, "fix", fork=0)
    seen = facts_of(branch)[0].revision
    BranchEditor(branch).leave_out(3)
    mine = BranchEditor(branch, revision=seen)

    for change in (lambda: mine.leave_out(1), mine.undo, mine.redo):
        with pytest.raises(EditedMeanwhile):
            change()
    assert [it.is_undone for it in facts_of(branch)[1]] == [False]
