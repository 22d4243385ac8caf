"""The programs of a server on Java: what a pom names, fetched by Maven once for this account."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from filelock import FileLock
from platformdirs import user_cache_path

from replay.local_engine import EngineNotFetched, EngineNotInstalled

POMS: Final = Path(__file__).parent / "poms"
INSTALL: Final = "apt-get install --no-install-recommends maven"
COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
TRIES: Final = 3  # a repository that is busy answers the second time
FETCHED_S: Final = 500  # at most, of one try
TOLD: Final = 1_500  # characters of what Maven said
_PLACE: Final = re.compile(r"\w+://[^\s)]+")  # of a repository: it may hold a password


def usual_folder() -> Path:
    """Of this account."""
    return user_cache_path("foldline", appauthor=False) / "engines"


def provided_jars(
    name: str, *, title: str, folder: Path | None = None, poms: Path | None = None
) -> Path:
    """The folder with the jars that NAME.xml leads to, in the usual folder or in `poms`.

    They are fetched where they are not there yet, which takes a minute and a network; a changed
    pom has a folder of its own.

    Raises EngineNotInstalled without Maven, EngineNotFetched.
    """
    pom, jars = _pom_and_jars(name, folder, poms)
    if jars.exists():
        return jars
    maven = _maven()
    jars.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(jars.parent / f"{name}.lock"):  # who comes second finds them
        if not jars.exists():
            _fetch(maven, pom, jars, title)
    return jars


def require_fetchable(name: str, *, folder: Path | None = None) -> None:
    """Raises EngineNotInstalled where `provided_jars` would, and fetches nothing."""
    _, jars = _pom_and_jars(name, folder, None)
    if not jars.exists():
        _maven()


def _pom_and_jars(name: str, folder: Path | None, poms: Path | None) -> tuple[Path, Path]:
    pom = (poms or POMS) / f"{name}.xml"
    stamp = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    return pom, (folder or usual_folder()) / f"{name}-{stamp}"


def _maven() -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise EngineNotInstalled("Maven", INSTALL)
    return maven


def _fetch(maven: str, pom: Path, jars: Path, title: str) -> None:
    """All of them or none: they get their name once all are there."""
    with tempfile.TemporaryDirectory(dir=jars.parent) as made:
        shutil.copy(pom, Path(made) / "pom.xml")
        target = Path(made) / "jars"
        asked = ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
        command = [maven, "-B", "-q", "-f", f"{made}/pom.xml", COPY, *asked]
        told = ""
        for _ in range(TRIES):
            told = _run(command)
            if not told:
                target.rename(jars)
                return
        raise EngineNotFetched(title, told)


def _run(command: list[str]) -> str:
    """What went wrong; nothing when all is well."""
    environment = {"MAVEN_OPTS": "-Xmx512m", **os.environ}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=FETCHED_S,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return f"Maven did not end in {FETCHED_S} s"
    if not done.returncode:
        return ""
    told = _PLACE.sub("…", done.stdout.decode(errors="replace"))
    return told.strip()[:TOLD] or f"Maven ended with {done.returncode}"
