"""An environment that holds the wheel and what it asks for, and nothing else.

What it asks for is installed already, for the tests: it is linked, so that this takes seconds and
no network. What the wheel forgets to ask for is missing here, as it would be for a person.
"""

import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import Distribution
from pathlib import Path

from resources.packaging.third_party import shipped
from resources.packaging.wheel import Unsound


def requirements(wheel: Path) -> list[str]:
    """What the wheel asks for."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = [it for it in packed.namelist() if it.endswith(".dist-info/METADATA")]
        return Parser().parsestr(packed.read(name).decode()).get_all("Requires-Dist", [])


def install(wheel: Path, folder: Path, site: Path) -> Path:
    """Make the environment; returns its `foldline`. `site`: where the dependencies are installed.

    Raises Unsound when pip refuses the wheel or misses something.
    """
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    (packages,) = folder.glob("lib/python*/site-packages")
    for part in shipped(requirements(wheel), site):
        _link(part, site, packages)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    _run(*pip, "--python", str(folder), "install", "-q", "--no-deps", "--no-index", str(wheel))
    _run(*pip, "--python", str(folder), "check")
    return folder / "bin" / "foldline"


def _link(part: Distribution, site: Path, packages: Path) -> None:
    tops = {it.parts[0] for it in part.files or ()} - {"..", "__pycache__"}
    for top in sorted(tops):
        target = packages / top
        if not target.exists():
            target.symlink_to(site / top)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unsound(f"{' '.join(command[1:4])}: {done.stdout}{done.stderr}")
