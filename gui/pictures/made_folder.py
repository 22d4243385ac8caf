"""The folder in which the stores of pictures are made. Some pictures show its name, so it is the
same at each drawing."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final

from store.locks import ProcessLock

MADE: Final = "foldline-pictures"
LOCK: Final = "foldline-pictures.drawn"  # a file that who draws has locked
AGAIN_S: Final = 0.2


@contextmanager
def made_folder() -> Iterator[Path]:
    """It is empty at first, and gone afterwards. One drawing has it at a time, another one waits.
    The lock ends with its process, so what a killed drawing has left is no hindrance."""
    folder = Path(tempfile.gettempdir()) / MADE
    lock = ProcessLock(folder.parent / LOCK)
    if not lock.acquire():
        sys.stderr.write(f"another drawing uses {folder}: waiting until it has ended\n")
        while not lock.acquire():
            Event().wait(AGAIN_S)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
