"""What a window of its own process tells of how long its GUI thread was held by a job."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result
from benchmarks.window import filled_store

FRAME_MS: Final = 16.0


def held(process: str, what: str, *, count: int) -> tuple[Result, dict[str, Any]]:
    """The longest hold in `benchmarks.{process}` on so many events, and all that it has told."""
    with tempfile.TemporaryDirectory() as folder:
        store = filled_store(Path(folder), count)
        command = [sys.executable, "-m", f"benchmarks.{process}", str(store)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found = json.loads(done.stdout.splitlines()[-1])
    longest = Result(
        name=f"longest hold of the GUI thread, {what} of {count:,}",
        figure=found["longest_ms"], unit="ms", target=FRAME_MS, better="lower",
        detail=f"{found['knocks']:,} knocks in {found['seconds']:.0f} s, 99.9 % answered "
        f"within {found['p999_ms']:.1f} ms",
    )  # fmt: skip
    return longest, found
