"""A few kills of every kind of work, the same ones each time; many more by hand: see campaign."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS, SEED = 6, 15
KINDS = (
    "append",
    "import-new",
    "import-existing",
    "project",
    "rebuild",
    "issue",
    "dispatch",
    "correct",
    "copies",
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_acknowledged_survives_a_kill_and_nothing_half_done_does(
    kind: str, tmp_path: Path
) -> None:
    campaign = [sys.executable, "-m", "tests.crash.campaign"]
    options = ["--kind", kind, "--kills", str(KILLS), "--seed", str(SEED)]

    done = subprocess.run(
        [*campaign, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "0 faults" in done.stdout
    assert list(tmp_path.iterdir()) == []
