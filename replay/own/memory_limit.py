"""Ceilings over what a process may take and do, for those that run a person's own code."""

import sys
from typing import Final

MEMORY_BYTES: Final = 2 * 2**30


def limit_memory() -> None:
    """From now on an allocation above it raises MemoryError. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))


def forbid_writing() -> None:
    """From now on whatever is written to a file fails, that of the views among them. Pipes go on.
    Not on Windows."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
