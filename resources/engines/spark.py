"""A Spark cluster of one's own on free loopback ports: a master and two workers of one core each.

The programs are those of the package pyspark. Whoever may send a job runs code of this account, so
the cluster asks for a secret, which lies in a file that only this account can read.
"""

import importlib.util
import os
import sys
from pathlib import Path
from secrets import token_hex
from typing import Final

from platformdirs import user_data_path

from replay.words import said
from resources.engines.java import java_home
from resources.engines.java_server import JavaServer
from resources.engines.kept_ports import KeptPorts
from store.remote.errors import EngineMissing

VERSIONS: Final = range(17, 26)  # of Java
PACKAGES: Final = ("default-jre-headless",)
WORKERS: Final = 2
HEAP: Final = "256m"  # of a master or a worker; an executor has what a job asks for
MEMORY: Final = "1g"  # that a worker gives away
HOST: Final = "127.0.0.1"
MASTER: Final = "org.apache.spark.deploy.master.Master"
WORKER: Final = "org.apache.spark.deploy.worker.Worker"
IS_MASTER: Final = "New state: ALIVE"
IS_WORKER: Final = "Successfully registered with master"
SETTINGS: Final = """\
spark.authenticate true
spark.authenticate.secret {secret}
spark.worker.cleanup.enabled true
"""


class SparkCluster:
    """Master and workers in a folder; nothing of a job stays there."""

    title = "Spark"

    def __init__(self, folder: Path | None = None) -> None:
        """Without a folder: one of this account's."""
        self.folder = folder or usual_folder()
        self._ports = KeptPorts(self.folder, count=2)
        self._master = JavaServer(self.folder / "master", title=self.title)
        names = [f"worker-{it}" for it in range(1, WORKERS + 1)]
        self.workers = [JavaServer(self.folder / it, title=self.title) for it in names]

    @property
    def port(self) -> int:
        """Where the master listens while it runs, and where it will again; 0 before it ever ran."""
        return self._ports.first

    @property
    def address(self) -> str:
        """Of the master."""
        return f"spark://{HOST}:{self.port}"

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""
        return said("rebuild STORE NAME --on ADDRESS folds a view there.")

    @property
    def pid(self) -> int:
        """Of the running master; 0 when none runs."""
        return self._master.pid

    @property
    def secret(self) -> str:
        """That a job must know; empty before the cluster ever ran."""
        try:
            return (self.folder / "secret").read_text("utf-8")
        except OSError:
            return ""

    def require_installed(self) -> None:
        """Raises EngineNotInstalled, EngineMissing."""
        java_home(VERSIONS, packages=PACKAGES)
        _spark_home()

    def start(self) -> None:
        """Wait until all workers are there; what runs already is left as it is. Raises
        EngineNotInstalled, EngineMissing, EngineNotStarted."""
        java, home = java_home(VERSIONS, packages=PACKAGES), _spark_home()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if not self.pid:
            self._settle()
        facts = {
            "JAVA_HOME": java,
            "SPARK_HOME": home,
            "SPARK_LOCAL_IP": HOST,
            "SPARK_DAEMON_MEMORY": HEAP,
            "PYSPARK_PYTHON": sys.executable,
        }
        begin = ["/usr/bin/env", *(f"{name}={it}" for name, it in facts.items())]
        begin += [str(home / "bin" / "spark-class")]
        settings = ["--properties-file", self.folder / "settings.conf"]
        place = ["--host", HOST, "--port", self.port, "--webui-port", self._ports.settled[1]]
        self._master.start([*begin, MASTER, *place, *settings], ready=IS_MASTER)
        for it in self.workers:
            room = ["-c", 1, "-m", MEMORY, "-d", it.folder / "work", "--webui-port", 0]
            command = [*begin, WORKER, "--host", HOST, *room, *settings, self.address]
            it.start(command, ready=IS_WORKER)

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        for it in (*self.workers, self._master):
            it.stop()

    def kill(self) -> None:
        """As if the machine had gone."""
        for it in (*self.workers, self._master):
            it.kill()

    def _settle(self) -> None:
        for it in self.workers:  # of a master that is gone
            it.kill()
        self._ports.settle()
        secret = self.secret or token_hex(32)
        for name, text in (("secret", secret), ("settings.conf", SETTINGS.format(secret=secret))):
            path = self.folder / name
            path.unlink(missing_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)


def usual_folder() -> Path:
    """Of this account."""
    return user_data_path("foldline", appauthor=False) / "engines" / "spark"


def _spark_home() -> Path:
    """Where pyspark has its programs. Raises EngineMissing."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise EngineMissing(engine="Spark", extra="spark")
    return Path(found.origin).parent
