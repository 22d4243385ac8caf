"""The Java of this machine, in a version that a server can run on."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from replay.local_engine import EngineNotInstalled
from replay.words import said

# Where Linux distributions, and on macOS Apple's installers, put what they bring.
FOLDERS: Final = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"))
INSTALL: Final = "apt-get install --no-install-recommends {packages}"
ASKED_S: Final = 30  # of a Java that its folder says nothing of
_STATED: Final = re.compile(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)')


def java_home(wanted: range, *, packages: Sequence[str], places: Iterable[Path] = ()) -> Path:
    """The folder of the oldest Java whose version is wanted: what a server was first made for.

    `packages` are Debian's, for the line to type. Raises EngineNotInstalled.
    """
    found = {of(home): home for home in reversed([*(places or _homes())])}
    fitting = [it for it in found if it in wanted]
    if not fitting:
        versions = sorted({wanted[0], wanted[-1]})
        name = said("Java {versions}", versions=said(" to ").join(map(str, versions)))
        raise EngineNotInstalled(name, INSTALL.format(packages=" ".join(packages)))
    return found[min(fitting)]


def of(home: Path) -> int:
    """The version of the Java in a folder; 0 when there is none."""
    if not (home / "bin" / "java").exists():
        return 0
    try:
        told = (home / "release").read_text("utf-8")
    except OSError:
        told = _asked(home)
    stated = _STATED.search(told)
    return 0 if stated is None else int(stated[1])


def _homes() -> Iterator[Path]:
    """JAVA_HOME first, then the one on the path, then all that lie where they usually do."""
    if chosen := os.environ.get("JAVA_HOME"):
        yield Path(chosen)
    if on_path := shutil.which("java"):
        yield Path(os.path.realpath(on_path)).parent.parent
    for folder in FOLDERS:
        for it in sorted(folder.glob("*")):
            yield from (it, it / "Contents" / "Home")


def _asked(home: Path) -> str:
    command = [str(home / "bin" / "java"), "-version"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=ASKED_S)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stderr.decode(errors="replace")
