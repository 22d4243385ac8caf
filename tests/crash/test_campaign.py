"""A few kills of every kind of work, and a full disk in it, the same ones each time; many more by
hand: see tests/crash/campaign/__init__.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = "15"
TROUBLES = {"killed": ["--kills", "4"], "without room": ["--kills", "1", "--full"]}
KINDS = (
    "append",
    "import-new",
    "import-existing",
    "project",
    "rebuild",
    "issue",
    "dispatch",
    "correct",
    "backup",
    "compact",
    "salvage",
    "migrate",
    "checkpoint",
    "export",
)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_acknowledged_survives_and_nothing_half_done_does(
    kind: str, trouble: str, tmp_path: Path
) -> None:
    campaign = [sys.executable, "-m", "tests.crash.campaign"]
    options = ["--kind", kind, "--seed", SEED, *TROUBLES[trouble]]

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
    assert [it for it in tmp_path.iterdir() if not it.name.startswith("etilqs_")] == []
