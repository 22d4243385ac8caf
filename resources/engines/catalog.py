"""The servers that can be started on this machine for trying out, by name."""

from types import MappingProxyType
from typing import Final

from replay.local_engine import LocalEngine
from resources.engines.postgresql import PostgresServer


def _postgresql() -> LocalEngine:
    return PostgresServer()


ENGINES: Final = MappingProxyType({"postgresql": _postgresql})
