"""Every bundled view has the same digest wherever the events of its log were, and the rows in a
query store are those of that digest."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from replay.catalog.all_views import all_views
from replay.command_line import run
from replay.query_store.source import EVENTS
from resources.engines.cassandra import CassandraServer
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer
from store.remote.address import address_of
from store.remote.cassandra import writer
from store.remote.kind import kind_of
from tests.engines.parity import Sent, digests, local_log, recorded, sample_events, times_of
from tests.engines.topics import new_topic

START_US = 1_700_000_000_000_000


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    """Of all sample domains, recorded one a microsecond."""
    found = sample_events(tmp_path_factory.mktemp("samples"))
    return recorded(found, range(START_US, START_US + len(found)))


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, events: list[Sent]) -> Path:
    """The log that never was on a server."""
    return local_log(tmp_path_factory.mktemp("local") / "all.foldline", events)


@pytest.fixture(scope="module")
def wanted(local: Path) -> dict[str, str]:
    return digests(local)


def appended(url: str, events: list[Sent]) -> None:
    """Into a new event store, one after another."""
    kind_of(address_of(url)).create(address_of(url))
    with closing(kind_of(address_of(url)).open_store(address_of(url))) as store:
        for stream, event in events:
            store.append(stream, [event], expected=None)


def test_every_bundled_view_with_rows_has_some_here(
    local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for it in all_views():
        if it.projection is not None:
            capsys.readouterr()
            assert run(["view", str(local), it.name, "--limit", "1", "--json"]) == 0
            assert capsys.readouterr().out, it.name


def test_views_of_events_that_were_in_cassandra(
    cassandra: CassandraServer,
    events: list[Sent],
    wanted: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, mirror = f"{cassandra.address}/k{uuid4().hex}?shards=4", tmp_path / "mirror.foldline"
    clock: Iterator[int | None] = iter([it.recorded_at_us for _, it in events])
    monkeypatch.setattr(writer, "now_us", lambda: next(clock))  # its writers say what time it is
    appended(url, events)

    assert run(["mirror", url, "--into", str(mirror)]) == 0

    assert digests(mirror) == wanted


def test_views_of_events_that_were_in_postgresql(
    postgresql: PostgresServer, events: list[Sent], tmp_path: Path
) -> None:
    """The server says what time it is: so the log beside it has these times."""
    url = f"{postgresql.address}&schema=s{uuid4().hex}"
    mirror, beside = tmp_path / "mirror.foldline", tmp_path / "beside.foldline"
    appended(url, events)

    assert run(["mirror", url, "--into", str(mirror)]) == 0

    assert digests(mirror) == digests(local_log(beside, recorded(events, times_of(mirror))))


def test_views_of_events_that_went_through_kafka(
    kafka: KafkaServer, local: Path, wanted: dict[str, str], tmp_path: Path
) -> None:
    url, mirror = new_topic(kafka, partitions=3), tmp_path / "mirror.foldline"

    assert run(["publish", str(local), "--to", url]) == 0
    assert run(["consume", url, "--into", str(mirror)]) == 0

    assert digests(mirror) == wanted


def test_views_that_spark_folds(
    spark: Any, local: Path, wanted: dict[str, str], tmp_path: Path
) -> None:
    names = [it.name for it in all_views() if it.projection is not None]

    found = spark.digests(names, local, f"parquet:{tmp_path / 'out'}")

    assert found == {it: wanted[it] for it in names}


def test_rows_that_are_in_opensearch(opensearch: OpenSearchServer, local: Path) -> None:
    require_rows_there(local, f"{opensearch.address}/k{uuid4().hex[:8]}")


def test_rows_that_are_in_postgresql(postgresql: PostgresServer, local: Path) -> None:
    require_rows_there(local, f"{postgresql.address}&schema=v{uuid4().hex}")


def require_rows_there(local: Path, url: str) -> None:
    """Every version of every row of every view, byte for byte: what the digest is made of."""
    names = [it.name for it in all_views() if it.projection is not None]

    assert run(["sink", str(local), EVENTS, *names, "--to", url]) == 0

    assert run(["certify", str(local), EVENTS, *names, "--against", url]) == 0
