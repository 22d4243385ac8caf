"""Loading a state of a very long stream by its snapshots, against a stream of a thousand events.

Both are streams of a bundled model, both are loaded as the window does it, at random positions,
with nothing kept in memory between two loads. The snapshots are made as in the running program:
by the keeper, as the policy says.

Each position is loaded three times, by fresh readers, and counts by its quickest: that is what the
load costs, without what the system gives to other processes. The p99 of every single load is told
beside it.
"""

import random
import statistics
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, Size, seconds
from replay.models.bank_account import MODEL
from replay.snapshots import snapshot_policy
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.snapshots.snapshots import folded
from replay.states.stream_states import StreamStates
from replay.views.read_store import open_views, open_views_to_read
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

LONG: Final = "account-1"
SHORT: Final = "account-2"
EVERY: Final = 1_000  # versions between two snapshots
SHORT_EVENTS: Final = 1_000
TIMES: Final = 3
LIMIT_MS: Final = 5.0
TIMES_SHORT: Final = 3.0


def run(size: Size) -> list[Result]:
    """p99 of loads of each, by turns."""
    count = size.of(1_000_000, quick=100_000, tiny=2_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        with reading(path) as log:
            kept = _keep(log)
            if kept != count // EVERY + SHORT_EVENTS // EVERY:
                raise AssertionError(f"the keeper made {kept} snapshots")
            return _measure(log, count, loads=size.of(500, quick=500, tiny=4))


def _measure(log: EventReader, size: int, *, loads: int) -> list[Result]:
    db = open_views_to_read(log)
    assert db is not None
    dice, begins = random.Random(4), {LONG: 0, SHORT: size}

    def load(stream: str, version: int) -> int:
        states = StreamStates(snapshot_before=partial(folded, db))
        return states.at(log, stream, begins[stream] + version).folded

    most = max(load(LONG, dice.randrange(1, size + 1)) for _ in range(max(loads // 25, 1)))
    load(SHORT, SHORT_EVENTS)
    long_ms, short_ms, single_ms = list[float](), list[float](), list[float]()
    for _ in range(loads):
        for times_ms, stream, last in ((long_ms, LONG, size), (short_ms, SHORT, SHORT_EVENTS)):
            work = partial(load, stream, dice.randrange(1, last + 1))
            taken = [1e3 * seconds(work) for _ in range(TIMES)]
            times_ms.append(min(taken))
            single_ms += taken if stream == LONG else []
    db.close()
    if most > EVERY:
        raise AssertionError(f"{most} events were folded for one load")
    long, short = _p99(long_ms), _p99(short_ms)
    return [
        Result(
            name=f"load a state of {size:,}, snapshots every {EVERY:,}, p99",
            figure=long,
            unit="ms",
            target=LIMIT_MS,
            better="lower",
            detail=f"p50 {statistics.median(long_ms):.2f} ms of {loads:,} random positions, the "
            f"best of {TIMES} each; p99 of every load {_p99(single_ms):.2f} ms",
        ),
        Result(
            name=f"the same over a stream of {SHORT_EVENTS:,}, p99 by p99",
            figure=long / short,
            unit="× short",
            target=TIMES_SHORT,
            better="lower",
            detail=f"short p50 {statistics.median(short_ms):.2f} ms, p99 {short:.2f} ms",
        ),
    ]


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _keep(log: EventReader) -> int:
    """As the projector does it while it is idle. Returns how many there are."""
    snapshot_policy.save(log.place, MODEL.name, EVERY)
    views = open_views(log)
    try:
        keeper = SnapshotKeeper(views.db, log)
        while keeper.advance():
            continue
        return int(views.db.execute("SELECT count(*) FROM snapshots").fetchone()[0])
    finally:
        views.close()


def _fill(path: Path, size: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer = Writer(db)
    for stream, count in ((LONG, size), (SHORT, SHORT_EVENTS)):
        events, version = _events(stream.removeprefix("account-"), count), 0
        while batch := list(islice(events, 10_000)):
            with writer.transaction():
                writer.record((stream, version + n, event) for n, event in enumerate(batch, 1))
            version += len(batch)
    db.close()


def _events(account: str, count: int) -> Iterator[NewEvent]:
    metadata = {"correlation_id": "c-1", "user": "ada", "schema_version": 1}
    yield NewEvent.of("BankAccountCreated", {"id": account, "owner": "Ada"}, metadata)
    booked = {"accountId": account, "amount": Decimal("2.50"), "reference": "rent"}
    for n in range(1, count):
        yield NewEvent.of("DepositPerformed" if n % 3 else "WithdrawalPerformed", booked, metadata)
