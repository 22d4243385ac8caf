"""Names that this program gives for moments only, in the folder of the file they are about.

A file on its way to its name has one, and a log that is looked at has a second one meanwhile.
Nobody writes to a log by such a name, so it is none that two could write by.
"""

import os
import re
from pathlib import Path
from typing import Final
from uuid import uuid4

NAME_SHOWN: Final = 40  # characters, so that the whole stays within what file systems take
SUFFIX: Final = ".unfinished"
LOCK_SUFFIX: Final = f"{SUFFIX}.lock"
_NAME: Final = re.compile(rf"\..*\.[0-9a-f]{{32}}{re.escape(SUFFIX)}", re.DOTALL)


def name_beside(path: Path) -> Path:
    """A new one."""
    return path.with_name(f".{path.name[:NAME_SHOWN]}.{uuid4().hex}{SUFFIX}")


def lock_of(path: Path) -> Path:
    """The lock that is held for as long as such a name is given."""
    return path.with_suffix(LOCK_SUFFIX)


def of_lock(path: Path) -> Path | None:
    """The name that a lock is of; None when it is no such lock."""
    name = path.with_suffix("")
    return name if path.suffix == ".lock" and _NAME.fullmatch(name.name) else None


def count_of(facts: os.stat_result, folder: Path) -> int:
    """How many of the names of a file in a folder are such."""
    try:
        inodes = [it.inode() for it in os.scandir(folder) if _NAME.fullmatch(it.name)]
    except OSError:  # it may not be listed
        return 0
    return inodes.count(facts.st_ino)
