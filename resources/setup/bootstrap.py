"""Make the environment that a make target needs; python3 bootstrap.py run|dev|bench.

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
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = {
    "run": "requirements.lock",
    "dev": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
}
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


def main(arguments: Sequence[str]) -> int:
    """Set up for `run`, `dev` or `bench`. Returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        _say(f"usage: bootstrap.py {'|'.join(LOCKS)}")
        return 2
    purpose = arguments[0]
    if not provide_system_packages():
        return 1
    environment = ROOT / (".venv-bench" if purpose == "bench" else ".venv")
    return provide_environment(environment, ROOT / LOCKS[purpose])


def provide_system_packages() -> bool:
    """On Debian, install what is missing as root, or name the line. False: a person must act."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return True
    missing = missing_packages()
    if not missing:
        return True
    if os.geteuid() != 0:
        _say("Foldline needs system packages that are missing here. Install them with:")
        _say(f"    sudo apt-get install --no-install-recommends {' '.join(first_of(missing))}")
        return False
    _say("Installing system packages for Qt …")
    _apt("update")
    return _apt("install", "--no-install-recommends", *map(_available, missing)) == 0


def missing_packages() -> list[tuple[str, ...]]:
    """The packages to install, each with the names it goes by, in a stable order."""
    missing = [names for library, names in LIBRARIES.items() if not _loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        missing.append((f"python{version}-venv", "python3-venv"))
    return missing


def first_of(packages: Sequence[tuple[str, ...]]) -> list[str]:
    """The name by which each package goes on this machine, as far as can be told."""
    return [_available(names) for names in packages]


def provide_environment(environment: Path, lock: Path) -> int:
    """A virtual environment that holds exactly what the lock file pins, hashes checked."""
    stamp = environment / f".{lock.name}.sha256"
    fingerprint = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return 0
    if not (environment / "pyvenv.cfg").exists() or _is_stale(environment):
        _say(f"Making {environment.name} …")
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    _say(f"Installing what {lock.name} pins …")
    command = [*_pip(environment), "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "--requirement", str(lock)], check=False)
    if done.returncode == 0:
        stamp.write_text(fingerprint)
    return done.returncode


def _is_stale(environment: Path) -> bool:
    """Whether the environment was made by another Python than the one that runs now."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}."
    return f"version = {version}" not in (environment / "pyvenv.cfg").read_text()


def _pip(environment: Path) -> list[str]:
    folder = "Scripts" if os.name == "nt" else "bin"
    return [str(environment / folder / "python"), "-m", "pip"]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _available(names: Sequence[str]) -> str:
    """The first of a package's names that apt knows."""
    for name in names:
        found = subprocess.run(["apt-cache", "show", name], capture_output=True, check=False)
        if found.returncode == 0:
            return name
    return names[0]


def _apt(*arguments: str) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-y", *arguments]
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
