"""Ctrl+C ends a verb while SQLite is at work, with the code of an interrupted program."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from replay import ctrl_c
from store.opening import reading
from tests.replay.written_logs import event, log_of

ROOT = Path(__file__).parents[2]
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
# Says when SQLite has begun, so that nobody waits by the clock.
VERB = """
import sqlite3, sys
from pathlib import Path
from replay import command_line
from store.sqlite.connect import connect
class Endless:
    def run(self, arguments):
        db = connect(Path(sys.argv[1]))
        db.create_function("begun", 0, lambda: print("begun", flush=True))
        db.execute("SELECT begun()").fetchone()
        db.execute(sys.argv[2]).fetchone()
        return 0
class Parsed:
    verb = Endless()
command_line._parsed = lambda _arguments: Parsed()
sys.exit(command_line.run([]))
"""


def test_a_statement_without_end_is_ended_by_ctrl_c(tmp_path: Path) -> None:
    with log_of(tmp_path, ("a-1", event({}))) as log:
        path = log.place.path
    started = subprocess.Popen(
        [sys.executable, "-c", VERB, str(path), ENDLESS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert (process.returncode, said) == (128 + signal.SIGINT, "")


def test_the_handler_of_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)

    with ctrl_c.listening() as seen, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)

    assert seen.has_come
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_of_another_thread_is_left_alone(tmp_path: Path) -> None:
    with log_of(tmp_path, ("a-1", event({}))) as log, reading(log.place.path) as other:
        assert other.head() == 1
