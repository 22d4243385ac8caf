"""Kill −9 while a verb works on a branch, at statements all along its way: what it writes is there
whole or not at all, and what only reads leaves nothing behind."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import reading_branch
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from tests.store.branches.lines import noted, written

ROOT = Path(__file__).parents[2]
KILLED = -9
RUNS = 12  # times that a verb is killed
VERB = """
import os, signal, sqlite3, sys
left = int(sys.argv[1])
statements = 0
def count_down(_statement):
    global statements
    statements += 1
    if statements == left:
        os.kill(os.getpid(), signal.SIGKILL)
connect = sqlite3.connect
def traced(*args, **how):
    db = connect(*args, **how)
    db.set_trace_callback(count_down)
    return db
sqlite3.connect = traced
from replay.command_line import run
code = run(sys.argv[2:])
print(statements, file=sys.stderr)
sys.exit(code)
"""


def run(left: int, *words: object) -> subprocess.CompletedProcess[str]:
    """A verb that is killed at a statement, counted over all connections; 0: never."""
    command = [sys.executable, "-c", VERB, str(left), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, check=False, text=True, capture_output=True)


def killed_along(count: int, *words: object) -> Iterator[int]:
    """Kill the verb at statements from the first to the last of so many, each time anew."""
    for nth in sorted({1 + n * (count - 1) // (RUNS - 1) for n in range(RUNS)}):
        assert run(nth, *words).returncode == KILLED
        yield nth


def statements_of(*words: object) -> int:
    """How many the verb makes when nobody stops it."""
    done = run(0, *words)
    assert done.returncode == 0, done.stderr
    return int(done.stderr.splitlines()[-1])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return written(tmp_path / "log.foldline", [noted(n) for n in range(1, 10)])


def edited(log: Path, name: str = "fix") -> Path:
    """A branch with two edits."""
    path = create_branch(log, name, fork=3)
    BranchEditor(path).leave_out(5)
    BranchEditor(path).replace(6, Content(data_json='{"n": 66}'))
    return path


def numbers(path: Path) -> list[int]:
    with reading_branch(path) as line:
        return [it.data["n"] for it in line.read()]


def names(folder: Path) -> set[str]:
    return {it.name for it in folder.iterdir() if not it.name.endswith(("-wal", "-shm"))}


def hashed(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_branch_is_brought_up_to_date_whole_or_not_at_all(log: Path) -> None:
    path, other = edited(log), edited(log, "other")
    before = numbers(path)
    written(log, [noted(10), noted(11)])
    kept, after = hashed(log), [*before, 10, 11]
    count = statements_of("branch", "update", log, "other")
    assert numbers(other) == after

    for _ in killed_along(count, "branch", "update", log, "fix"):
        assert numbers(path) in (before, after)
    assert run(0, "branch", "update", log, "fix").returncode == 0

    assert numbers(path) == after
    assert hashed(log) == kept


def test_a_branch_is_made_whole_or_not_at_all(log: Path) -> None:
    count = statements_of("branch", "new", log, "other", "--at", "4")
    path = log.with_name("log.foldline-branch-new")

    for _ in killed_along(count, "branch", "new", log, "new", "--at", "4"):
        if path.exists():
            assert numbers(path) == list(range(1, 10))
            path.unlink()
    assert run(0, "branch", "new", log, "new", "--at", "4").returncode == 0

    assert numbers(path) == list(range(1, 10))


def test_an_export_is_there_whole_or_not_at_all(log: Path) -> None:
    path = edited(log)
    before = numbers(path)
    count = statements_of("branch", "export", log, "fix", log.with_name("whole.foldline"))
    out = log.with_name("out.foldline")

    for _ in killed_along(count, "branch", "export", log, "fix", out):
        if out.exists():
            with reading(out) as found:
                assert [it.data["n"] for it in found.read()] == before
            out.unlink()

    assert numbers(path) == before


def test_consequences_leave_nothing_behind(log: Path) -> None:
    path = edited(log)
    assert run(0, "consequences", log, "fix").returncode == 0  # what it keeps it has now
    there, kept, of_branch = names(log.parent), hashed(log), numbers(path)
    count = statements_of("consequences", log, "fix")

    for _ in killed_along(count, "consequences", log, "fix"):
        assert names(log.parent) == there
        assert hashed(log) == kept
        assert numbers(path) == of_branch


def test_each_command_is_brought_in_once_whole_or_not_at_all(tmp_path: Path) -> None:
    log = tmp_path / "bank.foldline"
    opened = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    with closing(open_store(log, create=True)) as store:
        store.append("account-7", [opened], expected=ANY_VERSION)
    path = create_branch(log, "plan", fork=1)
    for amount in (10, 20, 30):
        data = f'{{"accountNumber":"7","amount":{amount}}}'
        words = ("issue", path, "PerformDeposit", "--data", data)
        assert run(0, *words).returncode == 0
    seen = [amounts(log)]

    for nth in range(1, 1_000, 12):
        code = run(nth, "branch", "bring-in", log, "plan").returncode
        seen.append(amounts(log))
        assert seen[-1] in ([], [10], [10, 20], [10, 20, 30])
        if code == 0:
            break
        assert code == KILLED

    assert len(seen) > RUNS
    assert run(0, "branch", "bring-in", log, "plan").returncode == 0
    assert amounts(log) == [10, 20, 30]


def amounts(log: Path) -> list[int]:
    with reading(log) as found:
        return [it.data["amount"] for it in found.read(after=1)]
