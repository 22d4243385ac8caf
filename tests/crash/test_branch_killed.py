"""Kill −9 while a branch is edited: an edit is there, or it is not, and the log is as it was."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import facts_of, reading_branch
from store.place import Place
from tests.store.branches.lines import noted, written

ROOT = Path(__file__).parents[2]
KILLED = -9
EDIT = """
import os, signal, sys
from pathlib import Path
from store.branches import editing
from store.branches.edits import Content
left = int(sys.argv[3])
def count_down(_statement):
    global left
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
open_log = editing.open_log
def traced(path, **how):
    db = open_log(path, **how)
    if how.get("writable"):
        db.set_trace_callback(count_down)
    return db
editing.open_log = traced
editor = editing.BranchEditor(Path(sys.argv[1]))
if sys.argv[2] == "undo":
    editor.undo()
elif sys.argv[2] == "edit":
    editor.leave_out(5)
else:
    editor.insert(5, Content(stream="order-1", type="Noted", data_json='{"n": 55}'))
"""


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A branch with one edit."""
    log = written(tmp_path / "log.foldline", [noted(n) for n in range(1, 10)])
    path = create_branch(log, "fix", fork=3)
    BranchEditor(path).leave_out(4)
    return path


def numbers(path: Path) -> list[int]:
    with reading_branch(path) as line:
        return [it.data["n"] for it in line.read()]


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("edit", [1, 2, 3, 5, 7, 8, 9]),
        ("insert", [1, 2, 3, 5, 55, 6, 7, 8, 9]),
        ("undo", list(range(1, 10))),
    ],
)
def test_an_edit_is_there_whole_or_not_at_all(branch: Path, kind: str, after: list[int]) -> None:
    log, before = Place(branch).log, numbers(branch)
    hashed, revision = sha256(log.read_bytes()).hexdigest(), facts_of(branch)[0].revision
    killed = 0

    for nth in range(1, 100):
        command = [sys.executable, "-c", EDIT, str(branch), kind, str(nth)]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code == 0:
            break
        assert code == KILLED
        killed += 1
        found, facts = numbers(branch), facts_of(branch)[0]
        assert (found, facts.revision) in ((before, revision), (after, revision + 1))
        if found == after:
            break
    else:
        raise AssertionError("it never came to an end")

    assert killed > 3
    assert numbers(branch) == after
    assert sha256(log.read_bytes()).hexdigest() == hashed
