"""Kill −9 while later commands of a branch are decided again: all of it is there, or nothing."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import reading_branch
from store.place import Place
from tests.replay.deciding.jars import Step, jars

ROOT = Path(__file__).parents[2]
KILLED = -9
DECIDE = """
import os, signal, sys
from pathlib import Path
from replay.deciding.decide_branch import decide_branch
from store.branches import editing
from tests.replay.deciding.jars import MODELS
left = int(sys.argv[2])
def count_down(_statement):
    global left
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
open_log = editing.open_log
def traced(path, **how):
    db = open_log(path, **how)
    db.set_trace_callback(count_down)
    return db
editing.open_log = traced
decide_branch(Path(sys.argv[1]), MODELS)
"""


def types(path: Path) -> list[str]:
    with reading_branch(path) as branch:
        return [it.type for it in branch.read()]


def edited(folder: Path) -> Path:
    """A branch in which coins were never put in that were taken out later."""
    steps: list[Step] = [
        ("PutIn", {"jar": "a", "coins": 5}),
        ("TakeOut", {"jar": "a", "coins": 3}),
        ("Pour", {"jar": "a", "into": "b"}),
    ]
    path = create_branch(jars(folder / "log.foldline", steps), "b", fork=0, later="decide")
    BranchEditor(path).leave_out(1)
    return path


def test_what_was_decided_again_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = edited(tmp_path)
    log = Place(path).log
    hashed, before, killed = sha256(log.read_bytes()).hexdigest(), types(path), 0
    assert before == ["Took", "Poured"]

    for nth in range(1, 100):
        command = [sys.executable, "-c", DECIDE, str(path), str(nth)]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code == 0:
            break
        assert code == KILLED
        killed += 1
        if types(path) == []:
            break
        with reading_branch(path) as branch:
            assert (types(path), branch.is_undecided()) == (before, True)
    else:
        raise AssertionError("it never came to an end")

    assert killed > 3
    assert types(path) == []
    assert sha256(log.read_bytes()).hexdigest() == hashed
