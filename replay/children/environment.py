"""The environment of processes that we start: in it our modules are found."""

import os
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """As ours, with our modules first, whatever the current folder. A frozen program has its
    modules in itself, so there it is ours as it is."""
    if getattr(sys, "frozen", False):
        return dict(os.environ)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path}
