"""A Cassandra node of one's own on free loopback ports.

Any program of this machine may use it: nothing asks for a password, and a client of Cassandra can
reach nothing else of the account. What it has acknowledged is on the disk.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from replay.local_engine import EngineNotStarted
from replay.words import said
from resources.engines.jars import provided_jars, require_fetchable
from resources.engines.java import java_home
from resources.engines.java_server import LOOK_S, TOLD, JavaServer
from resources.engines.kept_ports import KeptPorts
from resources.engines.processes import free_port

VERSIONS: Final = range(17, 18)  # of Java: the newest that Cassandra 5 runs on
PACKAGES: Final = ("openjdk-17-jre-headless", "maven")
HEAP: Final = "768m"
LISTENS_S: Final = 60
READY: Final = "Starting listening for CQL clients"
SETTINGS: Final = """\
cluster_name: foldline
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
commitlog_sync: batch
commitlog_segment_size: 32MiB
commitlog_total_space: 256MiB
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: {storage}
native_transport_port: {port}
endpoint_snitch: SimpleSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{{seeds: "127.0.0.1:{storage}"}}]
data_file_directories: ["{folder}/data"]
commitlog_directory: "{folder}/commitlog"
saved_caches_directory: "{folder}/caches"
hints_directory: "{folder}/hints"
cdc_raw_directory: "{folder}/cdc"
auto_snapshot: false
paxos_variant: v2
concurrent_reads: 8
concurrent_writes: 8
file_cache_size: 64MiB
memtable_heap_space: 128MiB
memtable_offheap_space: 128MiB
"""
LOGGING: Final = """\
<configuration>
  <appender name="C" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date{ISO8601} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="C"/></root>
</configuration>
"""
# What Cassandra's own start script opens to it of Java 17.
OPENED: Final = (
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.module",
    "java.base/java.lang.reflect",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.math",
    "java.base/jdk.internal.module",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.reflect",
    "java.base/jdk.internal.util.jar",
    "java.base/sun.nio.ch",
    "jdk.management/com.sun.management.internal",
)
EXPORTED: Final = (
    "java.base/java.lang.ref",
    "java.base/jdk.internal.misc",
    "java.management.rmi/com.sun.jmx.remote.internal.rmi",
    "java.management/com.sun.jmx.remote.security",
    "java.rmi/sun.rmi.registry",
    "java.rmi/sun.rmi.server",
    "java.sql/java.sql",
    "jdk.unsupported/sun.misc",
)


class CassandraServer:
    """A node in a folder. `start` makes it where it is not there; its data stay on `stop`."""

    title = "Cassandra"

    def __init__(self, folder: Path | None = None, *, jars: Path | None = None) -> None:
        """Without a folder: one of this account's. `jars`: where programs are kept."""
        self.folder = folder or usual_folder()
        self._server = JavaServer(self.folder, title=self.title)
        self._ports = KeptPorts(self.folder, count=2)
        self._jars = jars

    @property
    def port(self) -> int:
        """Where it listens while it runs, and where it will again; 0 before it ever ran."""
        return self._ports.first

    @property
    def address(self) -> str:
        """Of the node, without a keyspace."""
        return f"cassandra://127.0.0.1:{self.port}"

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""
        return said("Add /KEYSPACE: engines new makes an event store there.")

    @property
    def pid(self) -> int:
        """Of the running node; 0 when none runs."""
        return self._server.pid

    def require_installed(self) -> None:
        """Raises EngineNotInstalled."""
        java_home(VERSIONS, packages=PACKAGES)
        require_fetchable("cassandra", folder=self._jars)

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is. Raises
        EngineNotInstalled, EngineNotFetched, EngineNotStarted."""
        if self.pid:
            return
        java = java_home(VERSIONS, packages=PACKAGES) / "bin" / "java"
        jars = provided_jars("cassandra", title=self.title, folder=self._jars)
        self._settle()
        agent = next(jars.glob("jamm-*.jar"))
        command = [java, f"-Xmx{HEAP}", "-Xss512k", "-XX:+UseSerialGC", f"-javaagent:{agent}"]
        options = [*_java_options(), *(f"-D{it}" for it in self._properties())]
        program = ["-cp", f"{jars}/*", "org.apache.cassandra.service.CassandraDaemon"]
        self._server.start([*command, *options, *program], ready=READY)
        self._await_listening()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._server.stop()

    def kill(self) -> None:
        """As if the machine had gone: nothing is written any more."""
        self._server.kill()

    def _await_listening(self) -> None:
        """It says that it listens a moment before it does. Raises EngineNotStarted."""
        ends = time.monotonic() + LISTENS_S
        while time.monotonic() < ends:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(LOOK_S)
        raise EngineNotStarted(self.title, self._server.told()[-TOLD:].strip())

    def _settle(self) -> None:
        """Write its settings, with the ports of the last run as far as they are still free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        port, storage = self._ports.settle()
        (self.folder / "logback.xml").write_text(LOGGING, "utf-8")
        settings = SETTINGS.format(port=port, storage=storage, folder=self.folder)
        (self.folder / "cassandra.yaml").write_text(settings, "utf-8")

    def _properties(self) -> Iterator[str]:
        yield f"cassandra.config=file://{self.folder}/cassandra.yaml"
        yield f"cassandra.storagedir={self.folder}"
        yield f"cassandra.logdir={self.folder}"
        yield f"logback.configurationFile=file://{self.folder}/logback.xml"
        yield f"cassandra.jmx.local.port={free_port()}"
        yield "cassandra-foreground=yes"
        yield "cassandra.skip_wait_for_gossip_to_settle=0"  # there is nobody to gossip with
        yield "cassandra.ring_delay_ms=100"
        yield "jdk.attach.allowAttachSelf=true"
        yield "io.netty.tryReflectionSetAccessible=true"
        yield "java.net.preferIPv4Stack=true"


def _java_options() -> Iterator[str]:
    for it in OPENED:
        yield from ("--add-opens", f"{it}=ALL-UNNAMED")
    for it in EXPORTED:
        yield from ("--add-exports", f"{it}=ALL-UNNAMED")


def usual_folder() -> Path:
    """Of this account."""
    return user_data_path("foldline", appauthor=False) / "engines" / "cassandra"
