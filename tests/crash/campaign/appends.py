"""Append, from four callers at once: what was answered is there, and no append is torn."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

from store.events import NewEvent
from store.interface import EventStore
from store.opening import open_store
from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, whole

CALLERS: Final = 4
APPENDS: Final = 12  # of each caller
LOG: Final = "a.foldline"


def prepare(folder: Path) -> None:
    """A log that holds something."""
    with closing(open_store(folder / LOG, create=True)) as store:
        store.append("first-1", [NewEvent.of("Begun", {})], expected=0)


def work(folder: Path, time: int) -> None:
    """Say of each append that it was answered."""
    with closing(open_store(folder / LOG)) as store, ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(partial(_append, store, time), range(CALLERS)))


def _append(store: EventStore, time: int, caller: int) -> None:
    stream = f"s-{time}{caller}"
    version = 0
    for number in range(APPENDS):
        size = 1 + number % 3
        ids = [f"{stream} {number} {nth} {size}" for nth in range(size)]
        events = [NewEvent(type="Came", id=it) for it in ids]
        version = store.append(stream, events, expected=version).version
        print(f"{stream} {number}\n", end="", flush=True)


def holds(folder: Path, time: int, said: str, has_ended: bool) -> None:
    """Each caller's appends are there up to the last that was answered, and at most one more."""
    answered: dict[str, int] = {}
    for line in said.split("\n")[:-1]:
        stream, number = line.split()
        answered[stream] = int(number) + 1
    events = whole(folder / LOG)
    for caller in range(CALLERS):
        stream = f"s-{time}{caller}"
        mine = [it.id.split()[1:] for it in events if it.stream == stream]
        appends = [list(it) for _, it in groupby(mine, key=lambda it: it[0])]
        assert [it[0][0] for it in appends] == [str(n) for n in range(len(appends))]
        assert all(len(it) == int(it[0][2]) for it in appends), "an append is torn"
        assert answered.get(stream, 0) <= len(appends) <= answered.get(stream, 0) + 1
        assert not has_ended or len(appends) == APPENDS


def ends(folder: Path) -> None:
    """Nothing but the log is left."""
    nothing_left(folder, but={LOG})


KIND: Final = Kind(name="append", prepare=prepare, work=work, holds=holds, ends=ends)
