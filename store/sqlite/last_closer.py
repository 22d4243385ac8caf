"""Whoever closes a file last leaves it whole: everything in it, and no -wal or -shm beside it.

SQLite does this when the last connection that may write is closed. Where two are closed in the
same moment each can take the other for the last one; so whoever finds a -wal after closing tries
again by opening and closing the file once more.
"""

import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

TRIES: Final = 3
PAUSE_S: Final = 0.001  # at most, of random length, so that two do not stay in step

Identity: TypeAlias = tuple[int, int]  # device and inode
Fold: TypeAlias = Callable[[Path], None]  # open and close a file; may raise sqlite3.Error


def identity_of(path: Path | str) -> Identity | None:
    """What tells a file from another one of its name; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def leave_whole(path: Path, identity: Identity | None, fold: Fold) -> None:
    """Fold the -wal into the file, if nobody has it open any more and it is still the same file:
    beside another one of its name the -wal says nothing."""
    beside = path.with_name(f"{path.name}-wal")
    for attempt in range(TRIES):
        if identity is None or not beside.exists() or identity_of(path) != identity:
            return
        if attempt:
            time.sleep(random.uniform(0, PAUSE_S))
        with suppress(sqlite3.Error):  # busy, a full disk: nothing is lost, it is left as it is
            fold(path)
