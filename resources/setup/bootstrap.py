"""Make the environment that a make target needs; python3 bootstrap.py PURPOSE.

Standard library only: this runs before anything is installed. What is in place already is
left alone, so a second call takes a fraction of a second.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = {
    "run": "requirements.lock",
    "dev": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
    "package": "requirements-package.lock",
    "postgresql": "requirements-postgresql.lock",
    "kafka": "requirements-kafka.lock",
    "cassandra": "requirements-cassandra.lock",
    "opensearch": "requirements-opensearch.lock",
    "spark": "requirements-spark.lock",
    "keyring": "requirements-keyring.lock",
    "libraries": "requirements-libraries.lock",
}
# Tools have one of their own, so that what they bring meets nothing of ours.
SHARED: Final = ".venv"
APART: Final = frozenset({"bench", "package", "libraries"})
# What Qt loads at start, and the Debian packages that bring it; names differ by release.
LIBRARIES: Final = {
    "libglib-2.0.so.0": ("libglib2.0-0", "libglib2.0-0t64"),
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
}
# What is run beside Python, by purpose: PyInstaller's to make a bundle, servers for their tests.
PROGRAMS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "package": {"objcopy": ("binutils",), "objdump": ("binutils",)},
    "engines": {
        "pg_ctlcluster": ("postgresql",),
        # Small programs in source start OpenSearch and Elasticsearch: that takes a compiler.
        "javac": tuple(f"openjdk-{version}-jdk-headless" for version in (17, 21, 25)),
        "mvn": ("maven",),
    },
}
# The extras of servers share the environment of "dev", which holds all but Spark (500 MB).
WHOLE: Final[Mapping[str, tuple[str, ...]]] = {"engines": ("dev", "spark")}
PURPOSES: Final = (*LOCKS, *WHOLE)


def main(arguments: Sequence[str]) -> int:
    """Set up for one of PURPOSES. Returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        _say(f"usage: bootstrap.py {'|'.join(PURPOSES)}")
        return 2
    purpose = arguments[0]
    environment = ROOT / (f"{SHARED}-{purpose}" if purpose in APART else SHARED)
    is_ready = provide_system_packages(PROGRAMS.get(purpose, {}))
    locks = [LOCKS[it] for it in WHOLE.get(purpose, (purpose,))]
    return 0 if is_ready and all(provide_environment(environment, ROOT / it) for it in locks) else 1


def provide_system_packages(programs: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> bool:
    """On Debian, install what is missing as root, or name the line. False: a person must act.
    `programs`: those that are needed beside LIBRARIES."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return True
    missing = missing_packages(programs)
    if not missing:
        return True
    if os.geteuid() != 0:
        _say("Foldline needs system packages that are missing here. Install them with:")
        _say(f"    sudo apt-get install --no-install-recommends {' '.join(names_here(missing))}")
        return False
    _say("Installing system packages that Qt needs …")
    _apt("update")  # a failure shows in what follows: the lists at hand may be enough
    if _apt("install", "--no-install-recommends", *names_here(missing)):
        return True
    _say("apt-get could not install them: see its message above, then call make again.")
    return False


def missing_packages(
    programs: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> list[tuple[str, ...]]:
    """The packages to install, each once and with the names it goes by, in a stable order."""
    missing = [names for library, names in LIBRARIES.items() if not _loads(library)]
    missing += {names: None for it, names in programs.items() if shutil.which(it) is None}
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        missing.append((f"python{version}-venv", "python3-venv"))
    return missing


def names_here(packages: Sequence[tuple[str, ...]]) -> list[str]:
    """The name by which each package goes on this machine, as far as can be told."""
    return [next(filter(_apt_has, names), names[0]) for names in packages]


def provide_environment(environment: Path, lock: Path) -> bool:
    """A virtual environment with what the lock file pins, hashes checked."""
    stamp = environment / f".{lock.name}.sha256"
    fingerprint = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == fingerprint:
        return True
    if not _works(environment) and not _create(environment):
        return False
    _say(f"Installing what {lock.name} pins …")
    if not _install(environment, lock):
        _say(f"pip could not install what {lock.name} pins: see its message above.")
        return False
    stamp.write_text(fingerprint, "utf-8")
    return True


def _works(environment: Path) -> bool:
    """Whether the environment is whole and was made by the Python that runs now."""
    check = "import pip, sys; sys.exit(sys.version != sys.argv[1])"
    command = [str(_python(environment)), "-c", check, sys.version]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _create(environment: Path) -> bool:
    _say(f"Making {environment.name} …")
    shutil.rmtree(environment, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(environment)]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0:
        return True
    _say(f"Python could not make {environment}: see its message above.")
    return False


def _install(environment: Path, lock: Path) -> bool:
    """The lock names all there is, so pip must not resolve anew.

    Where it does, a pinned package that another asks for with an extra (coverage[toml]) is taken
    in its newest version, and refused for its hash from the day on that there is a newer one.
    """
    quietly = ["--quiet", "--disable-pip-version-check", "--no-input"]
    pip = [str(_python(environment)), "-m", "pip", "install", *quietly]
    command = [*pip, "--no-deps", "--require-hashes", "--requirement", str(lock)]
    return subprocess.run(command, check=False).returncode == 0


def _python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt_has(name: str) -> bool:
    """Whether apt can install a package of that name. A purely virtual one shows nothing."""
    command = ["apt-cache", "show", name]
    return bool(subprocess.run(command, capture_output=True, check=False).stdout)


def _apt(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-y", *arguments]
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
