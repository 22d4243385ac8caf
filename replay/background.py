"""What folds in the background gives way to what draws and answers."""

import os
import sys
from typing import Final

NICE: Final = 10  # of -20 to 19; a window at 0 gets the processor nearly at once


def stand_back(pid: int) -> None:
    """Let a process that has just been started, and whatever it starts, have the processor only
    when nobody else wants it much. Windows has no such number; there all stay equal."""
    if sys.platform != "win32":
        try:
            os.setpriority(os.PRIO_PROCESS, pid, NICE)
        except OSError:
            return  # it has ended already, or the system forbids it: only slower for others
