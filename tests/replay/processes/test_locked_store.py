"""A store that somebody else has locked for seconds: whoever writes waits, and is told nothing."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from store.sqlite import connect
from tests.replay.processes.lending import Library

MAIN = Path(__file__).parents[3] / "main.py"
LOCKED_S = 3.0
PATIENCE_S = 60.0


def test_a_command_succeeds_after_three_seconds_without_an_error(tmp_path: Path) -> None:
    """Row E12: a technical failure is waited out; the issuer is not told of it."""
    path = tmp_path / "bank.foldline"
    Library(path).close()
    other = connect.connect(path)
    other.execute("BEGIN IMMEDIATE")
    data = json.dumps({"id": "1", "owner": "Ada"})
    command = [sys.executable, str(MAIN), "issue", str(path), "OpenAccount", "--data", data]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as issuing:
        locked = threading.Event()
        locked.wait(LOCKED_S)
        was_waiting = issuing.poll() is None
        other.rollback()
        other.close()
        out, err = issuing.communicate(timeout=PATIENCE_S)

    assert was_waiting
    assert (issuing.returncode, err) == (0, b"")
    assert b"done" in out
