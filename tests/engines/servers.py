"""The servers of these tests: one of each kind, of which as few as possible run at once."""

import atexit
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cassandra.cluster import Cluster

from resources.engines.cassandra import CassandraServer
from resources.engines.jars import usual_folder
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from resources.engines.postgresql import PostgresServer
from tests.engines.elasticsearch_server import ElasticsearchServer

NAMES: Final = ("postgresql", "elasticsearch", "opensearch", "kafka", "cassandra")
# A killed server loses nothing that the system has of it. Where every file is brought to the disk,
# the start after that takes a minute: tests make thousands.
NOT_ON_DISK: Final = {"fsync": "off", "full_page_writes": "off"}


class Servers:
    """Each is made when it is asked for, and keeps its data until all are discarded."""

    def __init__(self) -> None:
        # Of this account: each test has a home of its own, where they would be fetched again.
        self._jars = usual_folder()
        self._running = set[str]()
        self._first_session: Cluster | None = None

    @cached_property
    def _folder(self) -> Path:
        """Also removed when the run is ended early, with whatever still runs in it."""
        self._made = TemporaryDirectory(prefix="foldline-engines-")
        atexit.register(self.discard)
        Path(self._made.name).chmod(0o755)  # PostgreSQL runs as another account
        return Path(self._made.name)

    @cached_property
    def postgresql(self) -> PostgresServer:
        return PostgresServer(self._folder / "postgresql", more=NOT_ON_DISK)

    @cached_property
    def kafka(self) -> KafkaServer:
        return KafkaServer(self._folder / "kafka", jars=self._jars)

    @cached_property
    def opensearch(self) -> OpenSearchServer:
        return OpenSearchServer(self._folder / "opensearch", jars=self._jars)

    @cached_property
    def cassandra(self) -> CassandraServer:
        return CassandraServer(self._folder / "cassandra", jars=self._jars)

    @cached_property
    def elasticsearch(self) -> ElasticsearchServer:
        return ElasticsearchServer(self._folder / "elasticsearch", jars=self._jars)

    def run_only(self, names: Iterable[str]) -> None:
        """Stop the others, and start those of these that do not run: a test may have left one
        killed."""
        wanted = set(names)
        for it in self._running - wanted:
            self._stop(it)
        for it in sorted(wanted):
            self._server(it).start()
            is_new = it not in self._running
            self._running.add(it)
            if is_new and it == "cassandra":
                self._open_first_session()

    def discard(self) -> None:
        """Stop all, and remove their data."""
        self.run_only(())
        if "_folder" in vars(self):
            self._made.cleanup()

    def _server(self, name: str) -> Any:
        return getattr(self, name)

    def _stop(self, name: str) -> None:
        self._running.discard(name)
        if name == "cassandra" and self._first_session is not None:
            self._first_session.shutdown()
        self._server(name).kill()

    def _open_first_session(self) -> None:
        """The driver has one thread for all its sessions that ends after the last of them: this
        one outlives the tests."""
        port = self.cassandra.port
        self._first_session = Cluster(
            ["127.0.0.1"], port=port, executor_threads=1, schema_metadata_enabled=False
        )
        self._first_session.connect()
