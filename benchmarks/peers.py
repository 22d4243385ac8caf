"""Append and load, against python eventsourcing's SQLite store in the same run.

The peer runs in a process and an environment of its own (`make bench` sets it up); only the
seconds inside its calls count. Both sides write the same number of events of the same payload
to one aggregate, 1,000 a transaction, commit durably, and then load it from its first event.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, Size, median_ratio, seconds
from replay.catalog.all_views import all_views
from replay.models.bank_account import MODEL
from replay.states.state_at import StateReader
from replay.states.typed_fold import folding
from replay.views.read_store import open_views
from replay.views.runner import Runner
from store import json_text
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

PEER: Final = Path(".venv-bench/bin/python")
BATCH: Final = 1_000
STREAM: Final = "account-1"


def run(size: Size) -> list[Result]:
    """By turns, in fresh files."""
    if not PEER.is_file():
        raise FileNotFoundError(f"no {PEER}: run `make bench`, which sets the peers up")
    count = size.of(100_000, quick=10_000, tiny=1_500)
    with tempfile.TemporaryDirectory() as folder:
        pairs = [
            (_ours(Path(folder, f"{n}.foldline"), count), theirs(Path(folder, f"{n}.db"), count))
            for n in range(size.rounds())
        ]
    return [
        _result("append", "append_s", pairs, count, target=1.5),
        _result("load", "load_s", pairs, count, target=4.0),
        _result("project, a row write each,", "project_s", pairs, count, target=3.0),
    ]


def _result(
    name: str,
    key: str,
    pairs: list[tuple[dict[str, float], dict[str, float]]],
    count: int,
    *,
    target: float | None,
) -> Result:
    ratio, our_s, their_s = median_ratio([(ours[key], theirs[key]) for ours, theirs in pairs])
    return Result(
        name=f"{name} {count:,} events, python eventsourcing",
        figure=ratio,
        unit="× the peer",
        target=target,
        better="higher",
        detail=f"{count / our_s:,.0f}/s against {count / their_s:,.0f}/s",
    )


def _ours(path: Path, count: int) -> dict[str, float]:
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)

    def append() -> None:
        for start in range(0, count, BATCH):
            events = [_deposited(n) for n in range(start, min(start + BATCH, count))]
            writer.append(STREAM, events, expected=start)

    append_s = seconds(append)
    db.close()
    reader = open_reader(path)
    states: list[Any] = []
    fold = folding(MODEL)
    load_s = seconds(lambda: states.append(StateReader(fold).at(reader, STREAM, count)))
    reader.close()
    if states[0].version != count:
        raise AssertionError(f"loaded version {states[0].version:,} of {count:,}")
    return {"append_s": append_s, "load_s": load_s, "project_s": _project(path, count)}


def _project(path: Path, count: int) -> float:
    """The view of event types: one row write an event, its history kept."""
    log = open_reader(path)
    store = open_views(log)
    views = tuple(it for it in all_views() if it.name == "event_types")

    def fold() -> None:
        runner = Runner(store.db, log, views)
        while runner.advance():
            continue

    project_s = seconds(fold)
    counted = store.db.execute("SELECT sum(count) FROM event_types").fetchone()[0]
    store.close()
    log.close()
    if counted != count:
        raise AssertionError(f"the view has {counted:,} of {count:,} events")
    return project_s


def _deposited(number: int) -> NewEvent:
    data = {"accountId": "1", "amount": number, "reference": "salary"}
    return NewEvent(type="DepositPerformed", data_json=json_text.encode(data))


def theirs(path: Path, count: int) -> dict[str, float]:
    """What the peer takes, in its own environment."""
    command = [str(PEER), "benchmarks/peer_process.py", str(path), str(count), str(BATCH)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    if answer["deposits"] != count - 1:
        raise AssertionError(f"the peer loaded {answer['deposits']:,} of {count - 1:,} deposits")
    if answer["counted"] != count:
        raise AssertionError(f"the peer's view has {answer['counted']:,} of {count:,} events")
    return answer
