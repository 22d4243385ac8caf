"""How long the GUI thread is held while every view of a long log is rebuilt from the window."""

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
    """One window; the job is a process of its own, as for a person."""
    count = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = filled_store(Path(folder), count)
        command = [sys.executable, "-m", "benchmarks.rebuild_hold_process", str(store)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found = json.loads(done.stdout.splitlines()[-1])
    return [
        Result(
            name=f"longest hold of the GUI thread, rebuild of {count:,}",
            figure=found["longest_ms"], unit="ms", target=FRAME_MS, better="lower",
            detail=f"{found['knocks']:,} knocks in {found['seconds']:.0f} s, 99.9 % answered "
            f"within {found['p999_ms']:.1f} ms",
        )
    ]  # fmt: skip
