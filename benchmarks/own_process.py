"""A part of a benchmark in a process of its own, without a screen: what it prints at its end."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

NOTHING: Final[Mapping[str, str]] = {}
ROOT: Final = Path(__file__).parents[1]


def told_by(
    process: str, *arguments: object, environment: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """The last line of `python -m benchmarks.{process}`, with further variables of its
    environment. Raises RuntimeError with its last words when it fails."""
    command = [sys.executable, "-m", f"benchmarks.{process}", *map(str, arguments)]
    whole = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=whole, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"benchmarks.{process} ended with {done.returncode}:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
