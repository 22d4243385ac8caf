"""A store in a real PostgreSQL, which is started here: appends against bare calls of its function,
a mirror against a bare keyset read, and how late an event is in a local store.

Not among the usual benchmarks: `make bench-engines`.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import psycopg

from benchmarks.bare_copy import copy_bare
from benchmarks.measure import Result, Size, in_turns, seconds
from resources.engines.postgresql import PostgresServer
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.remote.address import address_of
from store.remote.kind import kind_of
from store.remote.mirroring import mirror_remote
from store.remote.postgresql.writer import PostgresStore

BATCH: Final = 20
APPEND_SHARE, MIRROR_SHARE, LEAST_SHARE, WAKE_MS = 0.7, 0.5, 0.5, 100.0
PATIENCE_S: Final = 60.0
LOOK_S: Final = 0.0005
CALL: Final = (
    "SELECT outcome FROM {}.append_events(%s, NULL, %s, %s, %s, %s, %s::bigint[], "
    "%s::smallint[], %s::text[])"
)
PAGE: Final = (
    "SELECT position, stream, version, event_id, type, recorded_at_us, occurred_at_us, "
    "occurred_offset_min, data::text, metadata::text, source::text FROM {}.events "
    "WHERE position > %s ORDER BY position LIMIT 1000"
)


def run(size: Size) -> list[Result]:
    """On a server of its own, whose data go with it."""
    with tempfile.TemporaryDirectory(prefix="foldline-pg-") as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "cluster")
        server.start()
        try:
            many = size.of(1_000_000, quick=100_000, tiny=2_000)
            return [
                _appends(_made(server), size.of(200, quick=100, tiny=3), size),
                *_mirror(_made(server), many, Path(folder), size),
                _wake_up(_made(server), size.of(200, quick=100, tiny=5), Path(folder)),
            ]
        finally:
            server.stop()


def _made(server: PostgresServer) -> str:
    url = f"{server.address}&schema=b{uuid4().hex}"
    kind_of(address_of(url)).create(address_of(url))
    return url


def _plain(url: str) -> tuple[str, str]:
    """What libpq knows of an address, and the schema."""
    text, _, schema = url.partition("&schema=")
    return text, schema


def _events(many: int) -> list[NewEvent]:
    return [NewEvent.of("Counted", {"n": n, "text": "twenty letters or so"}) for n in range(many)]


def _values(stream: str, events: list[NewEvent]) -> list[Any]:
    nothing = [None] * len(events)
    ids, types = [it.id for it in events], [it.type for it in events]
    data, metadata = [it.data_json for it in events], [it.metadata_json for it in events]
    return [stream, ids, types, data, metadata, nothing, nothing, nothing]


def _appends(url: str, batches: int, size: Size) -> Result:
    text, schema = _plain(url)
    with (
        closing(PostgresStore(address_of(url))) as store,
        psycopg.connect(text, autocommit=True) as db,
    ):

        def ours() -> None:
            for _ in range(batches):
                store.append("ours", _events(BATCH), expected=ANY_VERSION)

        def theirs() -> None:
            call = CALL.format(schema).encode()
            for _ in range(batches):
                db.execute(call, _values("theirs", _events(BATCH))).fetchone()

        ratio, our_s, their_s = in_turns(
            lambda: seconds(ours), lambda: seconds(theirs), rounds=size.rounds()
        )
    rate = batches * BATCH / our_s
    return Result(
        name=f"append in batches of {BATCH}",
        figure=ratio,
        unit="× bare call",
        target=APPEND_SHARE,
        better="higher",
        detail=f"{rate:,.0f} events/s, bare {batches * BATCH / their_s:,.0f}",
    )


def _mirror(url: str, many: int, folder: Path, size: Size) -> list[Result]:
    """Against a bare read of the rows, and against the least that a mirror can do with them."""
    text, schema = _plain(url)
    with psycopg.connect(text, autocommit=True) as db:
        call = CALL.format(schema).encode()
        for first in range(0, many, 1_000):
            db.execute(call, _values(f"s-{first // 1_000 % 97}", _events(1_000)))
        page, names = PAGE.format(schema).encode(), iter(range(1_000))

        def ours() -> None:
            into = folder / f"mirror-{next(names)}.foldline"
            mirror_remote(address_of(url), into=into, is_endless=False)

        def read() -> None:
            for _ in _pages(db, page):
                pass

        def least() -> None:
            copy_bare(_pages(db, page), folder / f"bare-{next(names)}.foldline")

        rounds = size.of(1, quick=3, tiny=1)
        return [
            _mirrored("read", ours, read, many, rounds, target=MIRROR_SHARE),
            _mirrored("read, chain and insert", ours, least, many, rounds, target=LEAST_SHARE),
        ]


def _pages(db: psycopg.Connection[Any], page: bytes) -> Iterator[list[Any]]:
    after = 0
    while rows := db.execute(page, [after]).fetchall():
        yield rows
        after = rows[-1][0]


def _mirrored(
    what: str,
    ours: Callable[[], None],
    theirs: Callable[[], None],
    many: int,
    rounds: int,
    *,
    target: float,
) -> Result:
    ratio, our_s, their_s = in_turns(lambda: seconds(ours), lambda: seconds(theirs), rounds=rounds)
    return Result(
        name=f"mirror of {many:,} events",
        figure=ratio,
        unit=f"× bare {what}",
        target=target,
        better="higher",
        detail=f"{many / our_s:,.0f} events/s, bare {many / their_s:,.0f}",
    )


def _wake_up(url: str, many: int, folder: Path) -> Result:
    """From the return of an append to the row in the local store, one event at a time."""
    into, ended = folder / "woken.foldline", threading.Event()
    follow = partial(mirror_remote, address_of(url), into=into, is_ended=ended.is_set)
    thread = threading.Thread(target=follow)
    late_ms = list[float]()
    with closing(PostgresStore(address_of(url))) as store:
        store.append("s", _events(1), expected=ANY_VERSION)
        thread.start()
        while not into.exists():
            time.sleep(LOOK_S)
        with closing(open_reader(into)) as log:
            _until(partial(_reaches, log, 1))
            for n in range(many):
                store.append("s", _events(1), expected=ANY_VERSION)
                began = perf_counter()
                _until(partial(_reaches, log, n + 2))
                late_ms.append((perf_counter() - began) * 1e3)
        ended.set()
        thread.join(PATIENCE_S)
    return Result(
        name="wake-up to the local row, p95",
        figure=statistics.quantiles(late_ms, n=20)[-1],
        unit="ms",
        target=WAKE_MS,
        better="lower",
        detail=f"median {statistics.median(late_ms):.1f} ms of {many:,}",
    )


def _reaches(log: EventReader, head: int) -> bool:
    return log.head() == head


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(LOOK_S)
