"""The pictures of the documentation are drawn, and the same twice, whatever is drawn before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui.pictures.made_folder import LOCK, MADE, made_folder
from store.locks import ProcessLock

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
    assert [it.name for it in made.iterdir()] == [LOCK]


def test_what_a_killed_drawing_left_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / MADE / "old").mkdir(parents=True)

    with made_folder() as made:
        assert list(made.iterdir()) == []

    assert not made.exists()


class Told:
    """Where a program complains; then the other drawing ends."""

    def __init__(self, other: ProcessLock) -> None:
        self.other, self.text = other, ""

    def write(self, text: str) -> None:
        self.text += text
        self.other.release()


def test_two_drawings_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    other = ProcessLock(tmp_path / LOCK)
    assert other.acquire()
    told = Told(other)
    monkeypatch.setattr(sys, "stderr", told)

    with made_folder():
        assert "another drawing uses" in told.text


def test_a_part_that_there_is_not_is_told(tmp_path: Path) -> None:
    wrong = [sys.executable, "-m", "gui.pictures.screenshots", str(tmp_path / "out"), "nothing"]

    done = subprocess.run(wrong, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "parts: windows" in done.stderr
