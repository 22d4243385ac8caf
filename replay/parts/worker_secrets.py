"""Passwords of servers on their way to workers of a cluster: what is in the environment here."""

import os
from collections.abc import Mapping
from typing import Final

from store.remote.passwords import VARIABLE

NAMES: Final = (
    VARIABLE,
    *("PGPASSWORD", "CASSANDRA_PASSWORD", "OPENSEARCH_PASSWORD", "ELASTICSEARCH_PASSWORD"),
)


def secrets_here() -> dict[str, str]:
    """Those that there are, by variable."""
    return {it: os.environ[it] for it in NAMES if it in os.environ}


def know(secrets: Mapping[str, str]) -> None:
    """On a worker: use them, unless it has its own."""
    for name, value in secrets.items():
        os.environ.setdefault(name, value)
