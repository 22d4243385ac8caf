"""The servers that can be started on this machine for trying out, by name."""

import importlib
from types import MappingProxyType
from typing import Final

from replay.local_engine import LocalEngine


def _postgresql() -> LocalEngine:
    """Looked for when it is wanted: every start of the program passes here."""
    engine: LocalEngine = importlib.import_module("resources.engines.postgresql").PostgresServer()
    return engine


def _kafka() -> LocalEngine:
    engine: LocalEngine = importlib.import_module("resources.engines.kafka").KafkaServer()
    return engine


def _opensearch() -> LocalEngine:
    engine: LocalEngine = importlib.import_module("resources.engines.opensearch").OpenSearchServer()
    return engine


def _cassandra() -> LocalEngine:
    engine: LocalEngine = importlib.import_module("resources.engines.cassandra").CassandraServer()
    return engine


def _spark() -> LocalEngine:
    engine: LocalEngine = importlib.import_module("resources.engines.spark").SparkCluster()
    return engine


ENGINES: Final = MappingProxyType(
    {
        "postgresql": _postgresql,
        "kafka": _kafka,
        "cassandra": _cassandra,
        "opensearch": _opensearch,
        "spark": _spark,
    }
)
