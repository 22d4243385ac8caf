"""An Elasticsearch server for tests alone: its licence lets nobody pass it on with this program."""

import shutil
from pathlib import Path
from typing import Final

from resources.engines.jars import provided_jars
from resources.engines.java import java_home
from resources.engines.java_server import JavaServer
from resources.engines.opensearch import LOGGING
from resources.engines.processes import free_port

HERE: Final = Path(__file__).parent / "elasticsearch"
VERSIONS: Final = range(21, 26)  # of Java
PACKAGES: Final = ("openjdk-25-jdk-headless", "maven")
NETWORK: Final = ("netty-*.jar", "transport-netty4-*.jar")  # a module: never on the class path too
DESCRIPTOR: Final = """\
name=transport-netty4
description=Netty 4 based transport implementation
version={version}
elasticsearch.version={version}
java.version=21
classname=org.elasticsearch.transport.netty4.Netty4Plugin
extended.plugins=
has.native.controller=false
"""


class ElasticsearchServer:
    """A node in a folder, without security; only this machine can reach it."""

    def __init__(self, folder: Path, *, jars: Path | None = None) -> None:
        """`jars`: where programs are kept; None: where those of this account are."""
        self.folder, self._jars = folder, jars
        self._server = JavaServer(folder, title="Elasticsearch")
        self._port = free_port()

    @property
    def address(self) -> str:
        """Of the server, without the name that indexes begin with."""
        return f"elasticsearch://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is."""
        if self._server.pid:
            return
        java = java_home(VERSIONS, packages=PACKAGES) / "bin" / "java"
        jars = provided_jars("elasticsearch", title="Elasticsearch", folder=self._jars, poms=HERE)
        if not self.folder.exists():
            self._take_apart(jars)
        logging = self.folder / "log4j2.properties"
        logging.write_text(LOGGING, "utf-8")
        options = [
            "-Xmx512m",
            "-XX:+UseSerialGC",
            f"-Dlog4j2.configurationFile={logging}",
            f"-Des.nativelibs.path={self.folder}",
            "-Des.distribution.type=tar",
            "--enable-native-access=ALL-UNNAMED",
        ]
        program = [HERE / "ElasticsearchNode.java", self.folder, self._port, free_port()]
        command = [java, *options, "-cp", f"{self.folder / 'libraries'}/*", *program]
        self._server.start(command, ready="(?m)^READY ")

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._server.stop()

    def kill(self) -> None:
        """As if the machine had gone."""
        self._server.kill()

    def _take_apart(self, jars: Path) -> None:
        """The network's jars into a module, the others onto the class path."""
        module, libraries = self.folder / "modules" / "transport-netty4", self.folder / "libraries"
        libraries.mkdir(parents=True)
        module.mkdir(parents=True)
        apart = {it for pattern in NETWORK for it in jars.glob(pattern)}
        for it in jars.glob("*.jar"):
            shutil.copy(it, module if it in apart else libraries)
        (program,) = jars.glob("elasticsearch-[0-9]*.jar")
        version = program.stem.removeprefix("elasticsearch-")
        text = DESCRIPTOR.format(version=version)
        (module / "plugin-descriptor.properties").write_text(text, "utf-8")
