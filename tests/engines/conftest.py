"""Real servers, each started once for the tests that need it. A missing engine fails them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer


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
