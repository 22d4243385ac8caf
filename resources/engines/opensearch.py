"""An OpenSearch server of one's own on a free loopback port: one node, without the security plugin.

Any program of this machine may use it: nothing asks for a password, and a client of OpenSearch can
reach nothing else of the account.
"""

from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from replay.words import said
from resources.engines.jars import provided_jars, require_fetchable
from resources.engines.java import java_home
from resources.engines.java_server import JavaServer
from resources.engines.kept_ports import KeptPorts

VERSIONS: Final = range(17, 22)  # of Java
PACKAGES: Final = ("default-jdk-headless", "maven")
HEAP: Final = "512m"
READY: Final = "(?m)^READY "
NODE: Final = Path(__file__).parent / "nodes" / "OpenSearchNode.java"
LOGGING: Final = """\
status=error
appender.c.type=Console
appender.c.name=c
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d][%p][%c{1}] %m%n
rootLogger.level=info
rootLogger.appenderRef.c.ref=c
"""


class OpenSearchServer:
    """A node in a folder. `start` makes it where it is not there; its data stay on `stop`."""

    title = "OpenSearch"

    def __init__(
        self,
        folder: Path | None = None,
        *,
        jars: Path | None = None,
        ports: tuple[int, int] | None = None,
    ) -> None:
        """Without a folder: one of this account's. `jars`: where programs are kept; `ports`: where
        clients and other nodes shall find it at its first run, if nothing listens there."""
        self.folder = folder or usual_folder()
        self._server = JavaServer(self.folder, title=self.title)
        self._ports = KeptPorts(self.folder, count=2, wished=ports or ())
        self._jars = jars

    @property
    def port(self) -> int:
        """Where it listens while it runs, and where it will again; 0 before it ever ran."""
        return self._ports.first

    @property
    def address(self) -> str:
        """Of the server, without the name that indexes begin with."""
        return f"opensearch://127.0.0.1:{self.port}"

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""
        return said("Add /NAME: sink writes rows of views there, view and search read them.")

    @property
    def pid(self) -> int:
        """Of the running server; 0 when none runs."""
        return self._server.pid

    def require_installed(self) -> None:
        """Raises EngineNotInstalled."""
        java_home(VERSIONS, packages=PACKAGES)
        require_fetchable("opensearch", folder=self._jars)

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is. Raises
        EngineNotInstalled, EngineNotFetched, EngineNotStarted."""
        if self.pid:
            return
        java = java_home(VERSIONS, packages=PACKAGES) / "bin" / "java"
        jars = provided_jars("opensearch", title=self.title, folder=self._jars)
        ports = self._settle()
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        opened = ["--add-opens", "java.base/java.nio=ALL-UNNAMED"]
        options = [f"-Xmx{HEAP}", "-XX:+UseSerialGC", logging, "-Dopensearch.distribution.type=tar"]
        command = [java, *options, *opened, "-cp", f"{jars}/*", NODE, self.folder, *ports]
        self._server.start(command, ready=READY)

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._server.stop()

    def kill(self) -> None:
        """As if the machine had gone: nothing is written any more."""
        self._server.kill()

    def _settle(self) -> tuple[int, int]:
        """The ports of the last run, as far as they are still free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        port, transport = self._ports.settle()
        (self.folder / "log4j2.properties").write_text(LOGGING, "utf-8")
        return port, transport


def usual_folder() -> Path:
    """Of this account."""
    return user_data_path("foldline", appauthor=False) / "engines" / "opensearch"
