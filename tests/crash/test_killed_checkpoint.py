"""A log whose -wal was being folded in when the machine or the process stopped is whole.

A checkpoint writes the pages of the -wal into the file, from the lowest on. Until it has come to
the last one the file by itself is of two moments, and only with its -wal a log.
"""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from store.sqlite.integrity import verify
from tests.replay.logs import make_log

ROOT = Path(__file__).parents[2]
EVENTS = 200
LEAVE_WAL = """
import os, signal, sys
from pathlib import Path
from store.events import NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
events = [NewEvent.of("Came", {"text": "x" * 200}) for _ in range(int(sys.argv[2]))]
store.append("late-1", events, expected=0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def left_by_a_killed_writer(log: Path, events: int) -> bytes:
    """A log with so many events in its -wal alone; what the file would be with them."""
    subprocess.run([sys.executable, "-c", LEAVE_WAL, str(log), str(events)], cwd=ROOT, check=False)
    whole = log.with_name("whole") / log.name
    whole.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{log}{suffix}", f"{whole}{suffix}")
    with closing(sqlite3.connect(whole)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return whole.read_bytes()


def checkpointed(log: Path, whole: bytes, share: float) -> None:
    """As a checkpoint has left it that was ended there; one page at least was written."""
    pages = max(int(len(whole) // 4096 * share), 1)
    with log.open("r+b") as file:
        file.write(whole[: pages * 4096])


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.8, 0.99, 1])
@pytest.mark.parametrize("late", [1, 30, 2_000])
def test_a_log_half_folded_in_is_opened_with_everything(
    tmp_path: Path, late: int, share: float
) -> None:
    log = make_log(tmp_path / "store.foldline", EVENTS)
    checkpointed(log, left_by_a_killed_writer(log, late), share)

    with reading(log) as reader:
        assert reader.head() == EVENTS + late

    with closing(open_store(log)) as store:
        done = store.append("next-1", [NewEvent.of("Came", {})], expected=ANY_VERSION)
    assert done.position == EVENTS + late + 1
    assert verify(log).is_sound
    assert sorted(it.name for it in tmp_path.iterdir()) == ["store.foldline", "whole"]
