"""Give memory back to the system, after work that needed much more than what follows it.

glibc keeps what was freed between other blocks, for a process that would need it again. A process
that waits for hours does not.
"""

import ctypes
import gc
import sys


def give_back() -> None:
    """Free what nobody can reach, and return every page that holds nothing. Takes milliseconds;
    where the C library has no such call, it returns pages as it sees fit."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
