"""A PostgreSQL server of one's own on a free loopback port.

PostgreSQL refuses to run as root: started by root it runs as the user `postgres`, which Debian's
package brings, in a folder that this user can reach. Whoever else is on this machine needs the
password, which a file names that only the one who started it can read.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from platformdirs import user_data_path

from replay.local_engine import EngineNotInstalled, EngineNotStarted
from replay.words import said
from resources.engines.kept_ports import KeptPorts
from resources.engines.processes import children_of, is_alive

USER: Final = "postgres"
INSTALL: Final = "apt-get install --no-install-recommends postgresql"
START_S: Final = 60
STOP_S: Final = 30
LOOK_S: Final = 0.02  # between two looks at whether a killed process has gone
SETTINGS: Final = {"listen_addresses": "127.0.0.1", "max_connections": "50"}


class PostgresServer:
    """A cluster in a folder. `start` makes it where it is not there; its data stay on `stop`."""

    title = "PostgreSQL"

    def __init__(
        self, folder: Path | None = None, *, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Without a folder: one of this account's. `more`: settings that go over the usual ones."""
        self.folder, self._more = folder or usual_folder(), more
        self._ports = KeptPorts(self.folder, count=1)

    @property
    def port(self) -> int:
        """Where it listens while it runs, and where it will again; 0 before it ever ran."""
        return self._stated(line=3) or self._ports.first

    @property
    def address(self) -> str:
        """Of its database, once it runs. It names the file that holds the password."""
        place = f"{USER}@127.0.0.1:{self.port}/postgres"
        return f"postgresql://{place}?passfile={quote(str(self._passfile))}"

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""
        return said("Add &schema=NAME, and engines new makes an event store at that address.")

    @property
    def _passfile(self) -> Path:
        """As libpq reads it: host, port, database, user and password."""
        return self.folder / "passfile"

    @property
    def pid(self) -> int:
        """Of the running server; 0 when none runs."""
        it = self._stated(line=0)
        return it if it and is_alive(it) else 0

    def require_installed(self) -> None:
        """Raises EngineNotInstalled."""
        _programs()

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is. Raises
        EngineNotInstalled, EngineNotStarted."""
        if self.pid:
            return
        programs = _programs()
        if not (self.folder / "data").exists():
            self._make(programs)
        port = str(self._ports.settle()[0])
        settings = {**SETTINGS, "port": port, "unix_socket_directories": "", **self._more}
        given = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        control = [programs / "pg_ctl", "-D", "data", "-l", "log", "-w", "-t", START_S]
        self._run([*control, "-s", "start", "-o", given])

    def _make(self, programs: Path) -> None:
        """An empty cluster, with a password of its own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        password, file = token_urlsafe(24), self.folder / "new-password"
        for it, text in ((file, password), (self._passfile, f"*:*:*:{USER}:{password}")):
            it.touch(mode=0o600)
            it.write_text(text, "utf-8")
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
            shutil.chown(file, USER)
        login = ["-A", "scram-sha-256", "-U", USER, f"--pwfile={file}"]
        self._run([programs / "initdb", "-D", "data", "-E", "UTF8", *login])
        file.unlink()

    def stop(self) -> None:
        """End it, and wait until it has ended. Sessions are cut off."""
        programs = found_programs()
        if self.pid and programs is not None:
            control = [programs / "pg_ctl", "-D", "data", "-w", "-t", STOP_S, "-m", "fast"]
            self._run([*control, "-s", "stop"])

    def kill(self) -> None:
        """As if the machine had gone: nothing is written any more. Linux only."""
        first = self.pid
        for it in [first, *children_of(first)]:
            with suppress(ProcessLookupError):
                os.kill(it, signal.SIGKILL)
            while is_alive(it):
                time.sleep(LOOK_S)
        # Where nobody collects ended processes the next server would take this one for running.
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def _stated(self, *, line: int) -> int:
        """What the running server writes of itself; 0 when none runs."""
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[line])
        except (OSError, ValueError, IndexError):
            return 0

    def _run(self, command: Sequence[object]) -> None:
        done = subprocess.run(
            [str(it) for it in command],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=START_S + STOP_S,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **_as_user(),
        )
        if done.returncode:
            raise EngineNotStarted(self.title, self._why(done.stderr.decode(errors="replace")))

    def _why(self, told: str) -> str:
        with suppress(OSError):
            told += (self.folder / "log").read_text(errors="replace")[-2_000:]
        return told.strip()


def usual_folder() -> Path:
    """Of this account; of root one that PostgreSQL's user can reach."""
    if os.geteuid() == 0:
        return Path("/var/lib/foldline/postgresql")
    return user_data_path("foldline", appauthor=False) / "engines" / "postgresql"


def found_programs() -> Path | None:
    """The folder of the server's programs, of the newest version that is installed."""
    debian = [it.parent for it in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda it: int(it.parent.name))
    found = shutil.which("initdb")
    return None if found is None else Path(os.path.realpath(found)).parent


def _programs() -> Path:
    programs = found_programs()
    if programs is None:
        raise EngineNotInstalled(PostgresServer.title, INSTALL)
    return programs


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    group = pwd.getpwnam(USER).pw_gid
    return {"user": USER, "group": group, "extra_groups": [group]}
