"""A Kafka broker of one's own on free loopback ports: KRaft, broker and controller in one.

Any program of this machine may use it: nothing asks for a password, and a client of Kafka can
reach nothing else of the account. Events are kept for good, not for the usual seven days.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

from platformdirs import user_data_path

from replay.words import said
from resources.engines.jars import provided_jars, require_fetchable
from resources.engines.java import java_home
from resources.engines.java_server import JavaServer
from resources.engines.kept_ports import KeptPorts

VERSIONS: Final = range(17, 26)  # of Java
PACKAGES: Final = ("default-jre-headless", "maven")
HEAP: Final = "512m"
READY: Final = "Kafka Server started"
SETTINGS: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
log.retention.ms=-1
log.cleaner.dedupe.buffer.size=4194304
auto.create.topics.enable=false
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
"""
FORMAT: Final = ("kafka.tools.StorageTool", "format", "--ignore-formatted", "-t")
LOGGING: Final = """\
Configuration:
  Appenders: {Console: {name: C, PatternLayout: {pattern: "[%d] %p %m (%c)%n"}}}
  Loggers: {Root: {level: INFO, AppenderRef: {ref: C}}}
"""


class KafkaServer:
    """A broker in a folder. `start` makes it where it is not there; its data stay on `stop`."""

    title = "Kafka"

    def __init__(
        self, folder: Path | None = None, *, jars: Path | None = None, more: Sequence[str] = ()
    ) -> None:
        """Without a folder: one of this account's. `jars`: where programs are kept. `more`:
        lines of settings that go over the usual ones."""
        self.folder = folder or usual_folder()
        self._server = JavaServer(self.folder, title=self.title)
        self._ports = KeptPorts(self.folder, count=2)
        self._jars, self._more = jars, more

    @property
    def port(self) -> int:
        """Where it listens while it runs, and where it will again; 0 before it ever ran."""
        return self._ports.first

    @property
    def address(self) -> str:
        """Of the broker, without a topic."""
        return f"kafka://127.0.0.1:{self.port}"

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""
        return said("Add /TOPIC: publish writes events there, consume and mirror read them.")

    @property
    def pid(self) -> int:
        """Of the running broker; 0 when none runs."""
        return self._server.pid

    def require_installed(self) -> None:
        """Raises EngineNotInstalled."""
        java_home(VERSIONS, packages=PACKAGES)
        require_fetchable("kafka", folder=self._jars)

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is. Raises
        EngineNotInstalled, EngineNotFetched, EngineNotStarted."""
        if self.pid:
            return
        java = java_home(VERSIONS, packages=PACKAGES) / "bin" / "java"
        jars = provided_jars("kafka", title=self.title, folder=self._jars)
        settings = self._settle()
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.yaml'}"
        command = [java, f"-Xmx{HEAP}", "-XX:+UseSerialGC", logging, "-cp", f"{jars}/*"]
        if not (self.folder / "data" / "meta.properties").exists():
            self._server.run([*command, *FORMAT, new_id(), "-c", settings])
        self._server.start([*command, "kafka.Kafka", settings], ready=READY)

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._server.stop()

    def kill(self) -> None:
        """As if the machine had gone: nothing is written any more."""
        self._server.kill()

    def _settle(self) -> Path:
        """Write its settings, with the ports of the last run as far as they are still free."""
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        port, controller = self._ports.settle()
        (self.folder / "log4j2.yaml").write_text(LOGGING, "utf-8")
        settings = self.folder / "server.properties"
        lines = SETTINGS.format(port=port, controller=controller, data=data)
        settings.write_text(lines + "".join(f"{it}\n" for it in self._more), "utf-8")
        return settings


def new_id() -> str:
    """Of a new cluster, as Kafka writes ids. One that begins with a dash would be an option."""
    return urlsafe_b64encode(b"\0" + uuid4().bytes[1:]).decode().rstrip("=")


def usual_folder() -> Path:
    """Of this account."""
    return user_data_path("foldline", appauthor=False) / "engines" / "kafka"
