"""A process that was started for another one ends with it."""

import os
import signal
import sys
import threading
import time
from typing import Final

ORPHANED: Final = 1  # the exit code
GRACE_S: Final = 2.0  # to close what it holds


def end_with_parent() -> None:
    """End this process as soon as its input ends. For one that reads nothing from it."""
    threading.Thread(target=_listen, name="parent", daemon=True).start()


def _listen() -> None:
    while os.read(0, 4_096):
        continue
    main = threading.main_thread().ident
    is_heard = callable(signal.getsignal(signal.SIGTERM))  # as Ctrl+C is: what is open is closed
    if is_heard and main is not None and sys.platform != "win32":
        signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(GRACE_S)
    os._exit(ORPHANED)
