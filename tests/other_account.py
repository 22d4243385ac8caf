"""What another account of the machine can do, tried in a child process of ours."""

import os
import traceback
from collections.abc import Callable
from typing import Final

NOBODY: Final = 65534


def went_well_for_another(work: Callable[[], bool]) -> bool:
    """Whether `work` said true, done by an account without rights of its own where this one is
    root, and by this one where it is not."""
    child = os.fork()
    if not child:
        code = 2
        try:
            if not os.geteuid():
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            code = 0 if work() else 1
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
