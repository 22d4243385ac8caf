"""Real servers, each started once for the tests that need it. A missing engine fails them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cassandra.cluster import Cluster

from resources.engines.cassandra import CassandraServer
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer
from tests.engines.elasticsearch_server import ElasticsearchServer


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A cluster of its own, whose data go with it."""
    with TemporaryDirectory(prefix="foldline-pg-") as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "cluster")
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaServer]:
    """A broker of its own, whose data go with it."""
    with TemporaryDirectory(prefix="foldline-kafka-") as folder:
        server = KafkaServer(Path(folder) / "broker")
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="session")
def opensearch() -> Iterator[OpenSearchServer]:
    """A node of its own, whose data go with it."""
    with TemporaryDirectory(prefix="foldline-search-") as folder:
        server = OpenSearchServer(Path(folder) / "node")
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="session")
def cassandra() -> Iterator[CassandraServer]:
    """A node of its own, whose data go with it. The driver has one thread for all its sessions
    that ends after the last of them: this one outlives the tests."""
    with TemporaryDirectory(prefix="foldline-cassandra-") as folder:
        server = CassandraServer(Path(folder) / "node")
        server.start()
        first = Cluster(["127.0.0.1"], port=server.port, executor_threads=1)
        first.connect()
        yield server
        first.shutdown()
        server.kill()


@pytest.fixture(scope="module")
def elasticsearch() -> Iterator[ElasticsearchServer]:
    """A node of its own, whose data go with it."""
    with TemporaryDirectory(prefix="foldline-elastic-") as folder:
        server = ElasticsearchServer(Path(folder) / "node")
        server.start()
        yield server
        server.kill()
