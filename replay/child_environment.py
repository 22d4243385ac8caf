"""The environment of processes that we start: in it our modules are found."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


def environment() -> dict[str, str]:
    """As ours, with our modules first, whatever the current folder."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path}
