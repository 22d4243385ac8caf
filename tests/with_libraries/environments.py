"""The environments that the libraries stand in, and programs that run there."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from resources.setup.bootstrap import LOCKS, provide_environment

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
OF_PYTHON: Final = ROOT / ".venv-libraries"
OF_NODE: Final = ROOT / ".node-libraries"  # hidden: what is in it is no code of ours
PACKAGES: Final = ("package.json", "package-lock.json")


class Missing(Exception):
    """A tool or a library is not there; the text is the sentence that says what to type."""


def python_told(action: str, library: str, path: Path) -> Any:
    """What the program in `python_libraries.py` prints. Raises Missing."""
    if not provide_environment(OF_PYTHON, ROOT / LOCKS["libraries"]):
        raise Missing("the libraries of Python could not be installed: see the message above")
    program = HERE / "python_libraries.py"
    return _told([str(OF_PYTHON / "bin" / "python"), str(program), action, library, str(path)])


def node_told(action: str, library: str, path: Path) -> Any:
    """What the program of that action prints. Raises Missing."""
    _provide_node()
    program = OF_NODE / f"{action}.mjs"
    shutil.copyfile(HERE / "node" / program.name, program)
    return _told(["node", str(program), library, str(path)])


def _provide_node() -> None:
    """What the lock file pins, hashes checked."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed; on Debian: sudo apt-get install nodejs npm")
    contents = [(HERE / "node" / it).read_bytes() for it in PACKAGES]
    fingerprint, stamp = hashlib.sha256(b"".join(contents)).hexdigest(), OF_NODE / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == fingerprint:
        return
    OF_NODE.mkdir(exist_ok=True)
    for it in PACKAGES:
        shutil.copyfile(HERE / "node" / it, OF_NODE / it)
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=OF_NODE, check=False).returncode:
        raise Missing(f"npm could not install them; type: cd {OF_NODE} && npm ci")
    stamp.write_text(fingerprint, "utf-8")


def _told(command: list[str]) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{' '.join(command[-3:])} failed: {done.stderr.strip()[-2_000:]}")
    return json.loads(done.stdout.splitlines()[-1])
