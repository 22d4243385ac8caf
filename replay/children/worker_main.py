"""Run a worker inside the program that was started for it: PROGRAM --worker MODULE ARGUMENT …

A frozen program cannot be told `-m MODULE`; this is what it has instead.
"""

import runpy
import sys
from collections.abc import Sequence
from typing import Final

from replay.children.command import WORKER_OPTION, WORKERS
from replay.command_name import complain
from replay.words import said

WRONG_USAGE: Final = 2


def is_for_worker(arguments: Sequence[str]) -> bool:
    """Whether a program with these arguments was started to be a worker."""
    return bool(arguments) and arguments[0] == WORKER_OPTION


def run_worker(arguments: Sequence[str]) -> int:
    """Run the named module as the program. Returns the exit code; only WORKERS are run."""
    module = arguments[1] if len(arguments) > 1 else ""
    if module not in WORKERS:
        complain(said("unknown worker {module!r}", module=module))
        return WRONG_USAGE
    sys.argv = [module, *arguments[2:]]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
