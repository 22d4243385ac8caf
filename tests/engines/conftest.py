"""Real servers: each is started before the tests that need it and stopped after them. A missing
engine fails these tests.

Tests are put in order by the servers that they need, and what the next one does not need is
stopped: seldom do two servers run at once, and each is started once or twice.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from resources.engines.cassandra import CassandraServer
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer
from tests.engines.elasticsearch_server import ElasticsearchServer
from tests.engines.mirror_process import end_all
from tests.engines.servers import NAMES, Servers

SERVERS: Final = Servers()
# Each server runs for minutes: what Java spends on making code fast never comes back.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """By the servers that they need; those that need the same ones stay in their order."""
    items.sort(key=lambda it: [NAMES.index(name) for name in needed(it)])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of the test."""
    SERVERS.run_only(needed(item))


def needed(item: pytest.Item) -> Sequence[str]:
    """The servers of a test, in the order of NAMES."""
    found: Sequence[str] = getattr(item, "fixturenames", ())
    return [it for it in NAMES if it in found]


@pytest.fixture(scope="session", autouse=True)
def servers() -> Iterator[Servers]:
    """All of them; their data go at the end, also when the run is asked to end early."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield SERVERS
    SERVERS.discard()


@pytest.fixture(autouse=True)
def verbs() -> Iterator[None]:
    """What a test begins ends with it, also when it is interrupted."""
    yield
    end_all()


@pytest.fixture(scope="session")
def postgresql(servers: Servers) -> PostgresServer:
    return servers.postgresql


@pytest.fixture(scope="session")
def kafka(servers: Servers) -> KafkaServer:
    return servers.kafka


@pytest.fixture(scope="session")
def opensearch(servers: Servers) -> OpenSearchServer:
    return servers.opensearch


@pytest.fixture(scope="session")
def cassandra(servers: Servers) -> CassandraServer:
    return servers.cassandra


@pytest.fixture(scope="session")
def elasticsearch(servers: Servers) -> ElasticsearchServer:
    return servers.elasticsearch


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One session for the tests of a file. It is loaded here, because other tests go without."""
    from tests.engines import on_spark

    with on_spark.begun(tmp_path_factory.mktemp("spark") / "log") as work:
        yield work
