"""Appends to a real Cassandra, beside the bare lightweight transaction of the same events.

The bare loop is a conditional batch by prepared statements: the version of a stream that lies in
one partition, and its events. It has no order over streams, finds no event again by its id, and
does not know what happened when an answer is lost.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from cassandra import ConsistencyLevel
from cassandra.cluster import Cluster
from cassandra.query import BatchStatement

from benchmarks.measure import Result, Size, in_turns, seconds
from resources.engines.cassandra import CassandraServer
from store.events import NEW_STREAM, NewEvent
from store.remote.address import address_of
from store.remote.cassandra.writer import CassandraStore
from store.remote.kind import kind_of

LEAST: Final = 0.7  # × the bare transaction
EVENTS: Final = 20  # of an append
_TABLE: Final = (
    "CREATE TABLE {}.streams (stream text, version bigint, event_id text, type text, data text, "
    "metadata text, recorded_at_us bigint, head bigint STATIC, PRIMARY KEY (stream, version))"
)
_HEAD: Final = "UPDATE {}.streams SET head = ? WHERE stream = ? IF head = ?"
_EVENT: Final = (
    "INSERT INTO {}.streams (stream, version, event_id, type, data, metadata, recorded_at_us) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def run(size: Size) -> list[Result]:
    """Appends of one caller, new streams and streams that grow, both sides by turns."""
    many = size.of(100, quick=40, tiny=3)
    with tempfile.TemporaryDirectory() as folder:
        server = CassandraServer(Path(folder) / "node")
        server.start()
        try:
            with _bare(server) as bare, _ours(server) as ours:
                return [_measured(bare, ours, many, size, appends=appends) for appends in (1, many)]
        finally:
            server.kill()


def _measured(
    bare: "_Bare", ours: CassandraStore, many: int, size: Size, *, appends: int
) -> Result:
    """`appends`: to one stream, before the next one begins."""
    ratio, ours_s, bare_s = in_turns(
        lambda: seconds(lambda: _append(ours, many, appends)),
        lambda: seconds(lambda: bare.append(many, appends)),
        rounds=size.rounds(5),
    )
    what = "new streams" if appends == 1 else "one stream"
    return Result(
        name=f"Cassandra, appends of {EVENTS}, {what}",
        figure=ratio,
        unit="× bare transaction",
        target=LEAST,
        better="higher",
        detail=f"{many / ours_s:,.0f} appends/s, bare {many / bare_s:,.0f}/s",
    )


def _append(store: CassandraStore, many: int, appends: int) -> None:
    for _ in range(many // appends):
        stream = f"s-{uuid4().hex}"
        for nth in range(appends):
            store.append(stream, _events(), expected=nth * EVENTS or NEW_STREAM)


def _events() -> list[NewEvent]:
    return [NewEvent.of("Noted", {"n": n, "amount": 42}) for n in range(EVENTS)]


class _Bare:
    def __init__(self, session: Any, keyspace: str) -> None:
        self._session = session
        self._head = session.prepare(_HEAD.replace("{}", keyspace))
        self._event = session.prepare(_EVENT.replace("{}", keyspace))
        self._clock = count(1)

    def append(self, many: int, appends: int) -> None:
        for _ in range(many // appends):
            stream = f"s-{uuid4().hex}"
            for nth in range(appends):
                self._one(stream, nth * EVENTS, _events())

    def _one(self, stream: str, before: int, events: list[NewEvent]) -> None:
        batch = BatchStatement(
            consistency_level=ConsistencyLevel.LOCAL_QUORUM,
            serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
        )
        batch.add(self._head, (before + len(events), stream, before or None))
        for at, it in enumerate(events):
            place = before + at + 1
            facts = (it.id, it.type, it.data_json, it.metadata_json, next(self._clock))
            batch.add(self._event, (stream, place, *facts))
        assert self._session.execute(batch).was_applied


@contextmanager
def _bare(server: CassandraServer) -> Iterator[_Bare]:
    keyspace = f"b{uuid4().hex}"
    with Cluster(["127.0.0.1"], port=server.port) as cluster:
        session = cluster.connect()
        how = "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        session.execute(f"CREATE KEYSPACE {keyspace} WITH replication = {how}")
        session.execute(_TABLE.replace("{}", keyspace))
        yield _Bare(session, keyspace)


@contextmanager
def _ours(server: CassandraServer) -> Iterator[CassandraStore]:
    address = address_of(f"{server.address}/k{uuid4().hex}")
    kind_of(address).create(address)
    with closing(CassandraStore(address)) as store:
        yield store
