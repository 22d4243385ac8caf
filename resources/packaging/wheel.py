"""A wheel and a source archive, and the proof that either gives the same package."""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


class Unsound(Exception):
    """What was built is not what it should be; the text is a sentence for whoever built it."""


def build(folder: Path) -> Path:
    """Put both into a folder; returns the wheel. Raises Unsound."""
    _hatch(ROOT, folder, "wheel", "sdist")
    wheel, archive = _only(folder, "*.whl"), _only(folder, "*.tar.gz")
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(archive) as packed:
            packed.extractall(temporary, filter="data")
        source = _only(Path(temporary), "foldline-*")
        _hatch(source, source / "dist", "wheel")
        if _only(source / "dist", "*.whl").read_bytes() != wheel.read_bytes():
            raise Unsound(f"the wheel made of {archive.name} is not {wheel.name}")
    return wheel


def _hatch(source: Path, folder: Path, *targets: str) -> None:
    named = [part for it in targets for part in ("-t", it)]
    command = [sys.executable, "-m", "hatchling", "build", "--clean", "-d", str(folder), *named]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unsound(f"hatchling could not build: {done.stderr}")


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise Unsound(f"one {pattern} was wanted in {folder}, not {len(found)}")
    return found[0]
