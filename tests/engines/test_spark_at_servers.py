"""Views folded on a real Spark, from event stores on servers and into query stores: workers read
and write there themselves."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from replay.command_line import run
from resources.engines.cassandra import CassandraServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer
from store.events import NewEvent
from store.remote.address import Address, address_of
from store.remote.interface import RemoteStore
from store.remote.kind import kind_of
from store.remote.mirroring import mirror_remote
from tests.engines.on_spark import Work, digest_here
from tests.replay.logs import make_log

BEFORE = 120  # events, when folding begins


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", 1_500)


def test_a_new_view_is_filled_from_postgresql_while_events_come(
    spark: Work, postgresql: PostgresServer, tmp_path: Path
) -> None:
    filled_while_events_come(spark, f"{postgresql.address}&schema=s{uuid4().hex}", tmp_path)


def test_a_new_view_is_filled_from_cassandra_while_events_come(
    spark: Work, cassandra: CassandraServer, tmp_path: Path
) -> None:
    filled_while_events_come(spark, f"{cassandra.address}/k{uuid4().hex}?shards=3", tmp_path)


def filled_while_events_come(spark: Work, url: str, tmp_path: Path) -> None:
    """Once with a writer beside it; once more when it has ended, against a mirror."""
    address, mirror = address_of(url), tmp_path / "mirror.foldline"
    kind_of(address).create(address)
    with closing(kind_of(address).open_store(address)) as store:
        for n in range(BEFORE):
            append(store, n)

    with writing(address):
        beside = spark.folded("streams", url, f"parquet:{tmp_path / 'out'}")
    mirror_remote(address, into=mirror, is_endless=False)
    whole = spark.folded("streams", url, f"parquet:{tmp_path / 'whole'}")
    into_mirror = spark.folded("streams", url, mirror)

    assert BEFORE <= beside.position < whole.position
    assert whole.accepted.digest == into_mirror.accepted.digest == digest_here(mirror, "streams")


@contextmanager
def writing(address: Address) -> Iterator[None]:
    """One event after another, on a thread; ten at least."""
    is_ended, are_some = threading.Event(), threading.Event()

    def write() -> None:
        with closing(kind_of(address).open_store(address)) as store:
            n = BEFORE
            while not is_ended.wait(0.02):
                append(store, n)
                n += 1
                if n == BEFORE + 10:
                    are_some.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
        are_some.wait(60)
    finally:
        is_ended.set()
        writer.join()


def append(store: RemoteStore, n: int) -> None:
    store.append(f"s-{n % 7}", [NewEvent.of("Noted", {"n": n})], expected=None)


def test_rows_in_opensearch_are_proven_and_a_second_run_changes_nothing(
    spark: Work, opensearch: OpenSearchServer, log: Path
) -> None:
    url = f"{opensearch.address}/k{uuid4().hex[:8]}"

    first = spark.folded("latest_states", log, url)
    second = spark.folded("latest_states", log, url)

    assert first.accepted.digest == second.accepted.digest == digest_here(log, "latest_states")
    assert (first.told_new, second.told_new) == (first.version_count, 0)
    assert run(["certify", str(log), "latest_states", "--against", url]) == 0


def test_rows_in_postgresql_are_proven(spark: Work, postgresql: PostgresServer, log: Path) -> None:
    url = f"{postgresql.address}&schema=v{uuid4().hex}"

    done = spark.folded("event_types", log, url)

    assert done.accepted.digest == digest_here(log, "event_types")
    assert run(["certify", str(log), "event_types", "--against", url]) == 0
