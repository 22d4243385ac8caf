"""The pictures of the documentation are drawn, and the same twice, whatever is drawn before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT_S = 900  # of a minute or two on a quiet machine


def draw(folder: Path, made: Path, *parts: str) -> dict[str, bytes]:
    """The pictures of some parts, by name."""
    done = subprocess.run(
        [sys.executable, "-m", "gui.pictures.screenshots", str(folder), *parts],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(made)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    return {it.name: it.read_bytes() for it in sorted(folder.iterdir())}


@pytest.mark.timeout(2 * LIMIT_S)  # whole windows, in seven processes
def test_pictures_are_drawn_and_the_same_twice(tmp_path: Path) -> None:
    """Also those of stores that are made for them, whose events are recorded while one draws, and
    those that show what was measured."""
    made = tmp_path / "made"
    made.mkdir()
    issued = ["command-error.png", "conflict.png", "issued.png", "model-trouble.png"]

    first = draw(tmp_path / "first", made, "trust", "commands", "snapshots")
    second = draw(tmp_path / "second", made, "wizard", "snapshots", "commands", "trust")

    assert list(first) == sorted(["snapshots-dialog.png", "trust-dialog.png", *issued])
    assert list(second) == sorted([*first, "event-change.png"])
    assert {name: second[name] == it for name, it in first.items()} == dict.fromkeys(first, True)
    assert list(made.iterdir()) == []


def test_a_part_that_there_is_not_is_told(tmp_path: Path) -> None:
    wrong = [sys.executable, "-m", "gui.pictures.screenshots", str(tmp_path / "out"), "nothing"]

    done = subprocess.run(wrong, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "parts: windows" in done.stderr
