"""Kill −9 while a correction is committed: all of its events are there, or none, and it is made
once, however often it is asked for."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.opening import open_store, reading

ROOT = Path(__file__).parents[2]
KILLED = -9
WRITTEN = 3
CORRECT = """
import os, signal, sys
from pathlib import Path
from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.sqlite import store as backend
left = int(sys.argv[2])
def count_down(_statement):
    global left
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
open_log = backend.open_log
def traced(path, writable=False, **how):
    db = open_log(path, writable=writable, **how)
    if writable:
        db.set_trace_callback(count_down)
    return db
backend.open_log = traced
store = backend.open_store(Path(sys.argv[1]))
asked = Asked(position=1, kind="wrong", data={"a": 9})
commit(store, StreamStates, asked, By(actor="ada"), partly=False)
store.close()
"""


def orders(path: Path) -> Path:
    with closing(open_store(path, create=True)) as store:
        linked = NewEvent.of("Noted", {"a": 1}, links=("shelf-1",))
        store.append("order-1", [linked, NewEvent.of("Noted", {"b": 2})], expected=ANY_VERSION)
        store.append("shelf-1", [NewEvent.of("Stored", {"c": 3})], expected=ANY_VERSION)
    return path


def told(path: Path) -> tuple[list[RecordedEvent], list[Any]]:
    with reading(path) as log:
        states = StreamStates()
        found = [states.at(log, it, log.head()).state for it in ("order-1", "shelf-1")]
        return log.page(1, log.head()), found


def test_a_correction_is_there_whole_or_not_at_all_and_only_once(tmp_path: Path) -> None:
    path = orders(tmp_path / "log.foldline")
    before = told(path)
    after = [{"a": 9, "b": 2}, {"a": 9, "c": 3}]
    killed = 0

    for nth in range(1, 100):
        command = [sys.executable, "-c", CORRECT, str(path), str(nth)]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code == 0:
            break
        assert code == KILLED
        killed += 1
        events, states = told(path)
        assert (len(events), states) in ((WRITTEN, before[1]), (WRITTEN + 2, after))
    else:
        raise AssertionError("it never came to an end")

    with closing(open_store(path)) as store:
        asked = Asked(position=1, kind="wrong", data={"a": 9})
        again = commit(store, StreamStates, asked, By(actor="ada"), partly=False)
    events, states = told(path)
    assert killed > WRITTEN
    assert again.positions == ()
    assert states == after
    assert (len(events), events[:WRITTEN]) == (WRITTEN + 2, before[0])
