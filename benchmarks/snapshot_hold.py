"""How long the GUI thread is held while all of a log's streams are saved from the window, and
another process appends a hundred events a second: none of its appends may fail."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Result
from benchmarks.window import filled_store

FRAME_MS: Final = 16.0


def run(*, quick: bool) -> list[Result]:
    """One window; the job and the appends are processes of their own."""
    count = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = filled_store(Path(folder), count)
        command = [sys.executable, "-m", "benchmarks.snapshot_hold_process", str(store)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found = json.loads(done.stdout.splitlines()[-1])
    return [
        Result(
            name=f"longest hold of the GUI thread, snapshots of {count:,}",
            figure=found["longest_ms"], unit="ms", target=FRAME_MS, better="lower",
            detail=f"{found['knocks']:,} knocks in {found['seconds']:.0f} s, 99.9 % answered "
            f"within {found['p999_ms']:.1f} ms",
        ),
        Result(
            name="appends that failed meanwhile", figure=float(found["failed"]), unit="appends",
            target=0.0, better="lower", detail=f"{found['appended']:,} went through",
        ),
    ]  # fmt: skip
