"""Processes that meet at one store: importers, one of which fails; a lock held for seconds; a clock
that is back by a day."""

import gzip
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.opening import open_store, reading
from store.sqlite.integrity import verify
from tests.test_main import run, start

ROOT = Path(__file__).parents[2]
LINE = '{"stream":"%s-%d","type":"Came","id":"%s%d","data":{"n":%d}}\n'
EVENTS = 1_500
HELD_S = 2.0
HOLD = """
import sqlite3, sys, threading
db = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
threading.Event().wait(float(sys.argv[2]))
db.execute("COMMIT")
db.close()
"""
APPEND = """
import sys
from pathlib import Path
from store import times
DAYS_US = 86_400_000_000 * int(sys.argv[2])
now_us = times.now_us
times.now_us = lambda: now_us() + DAYS_US
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
for n in range(20):
    store.append(f"day-{sys.argv[2]}", [NewEvent.of("Came", {"n": n})], expected=ANY_VERSION)
store.close()
"""


def lines(name: str) -> str:
    return "".join(LINE % (name, n % 9, name, n, n) for n in range(EVENTS))


@pytest.mark.parametrize("first", ["good", "broken", "both"])
def test_an_import_that_fails_takes_nothing_from_one_that_is_stored(
    tmp_path: Path, first: str
) -> None:
    good, broken, log = tmp_path / "g.jsonl", tmp_path / "b.jsonl.gz", tmp_path / "x.foldline"
    good.write_text(lines("g"), "utf-8")
    packed = gzip.compress(lines("b").encode())
    broken.write_bytes(packed[: len(packed) * 2 // 3])
    sources = [broken, good] if first == "broken" else [good, broken]

    with start("import", sources[0], "--into", log, "--json") as one:
        if first != "both":
            one.communicate()
        with start("import", sources[1], "--into", log, "--json") as other:
            out = {sources[1]: other.communicate()[0]}
        out[sources[0]] = one.communicate()[0] if first == "both" else ""
    codes = {sources[0]: one.returncode, sources[1]: other.returncode}

    assert codes == {good: 0, broken: 1}
    if out[good]:
        assert json.loads(out[good])["stored"] == EVENTS
    with reading(log) as reader:
        assert [it.id for it in reader.read()] == [f"g{n}" for n in range(EVENTS)]
    assert verify(log).is_sound
    assert sorted(it.name for it in tmp_path.iterdir()) == [it.name for it in (broken, good, log)]


def test_who_writes_while_another_holds_the_lock_for_seconds_waits_and_loses_nothing(
    tmp_path: Path,
) -> None:
    log = tmp_path / "x.foldline"
    open_store(log, create=True).close()
    command = [sys.executable, "-c", HOLD, str(log), str(HELD_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        owner = '{"id":"1","owner":"Ada"}'
        code, out, err = run("issue", log, "OpenAccount", "--data", owner)

        assert (code, err) == (0, "")
        assert " done\n" in out
    with reading(log) as reader:
        assert [it.type for it in reader.read()] == ["BankAccountCreated"]
    assert verify(log).is_sound


def test_a_clock_that_is_back_by_a_day_leaves_the_order_of_what_is_recorded(tmp_path: Path) -> None:
    log = tmp_path / "x.foldline"
    open_store(log, create=True).close()
    for days in (0, -1, 0):
        command = [sys.executable, "-c", APPEND, str(log), str(days)]
        assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0

    with closing(open_store(log)) as store:
        recorded = [it.recorded_at_us for it in store.read()]
        middle = recorded[20]
        assert len(recorded) == 60
        assert recorded == sorted(recorded)
        assert recorded[19] <= middle
        assert store.position_as_of(recorded[-1]) == 60
    assert verify(log).is_sound
