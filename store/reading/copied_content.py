"""A copy of what is to be read, for readers that go to and fro in a file; gone afterwards."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from store.errors import DiskFull
from store.failure import FULL

CHUNK_BYTES: Final = 1 << 20

Pulse = Callable[[], None]  # called often meanwhile; may raise


@contextmanager
def copied_content(content: BinaryIO, pulse: Pulse) -> Iterator[Path]:
    """A file with these bytes. Raises what reading them raises, DiskFull, and what `pulse` does."""
    with tempfile.TemporaryDirectory(prefix="foldline-import-") as folder:
        copy = Path(folder) / "content"
        with blaming_the_copy(copy):
            copy_bytes(content, copy, pulse)
        yield copy


@contextmanager
def blaming_the_copy(copy: Path) -> Iterator[None]:
    """A full folder for temporary files is no fault of the file that is copied there."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(copy.parent) from error
        raise


def copy_bytes(origin: BinaryIO, target: Path, pulse: Pulse) -> None:
    """All that is left of `origin`."""
    with target.open("wb") as file:
        while chunk := origin.read(CHUNK_BYTES):
            file.write(chunk)
            pulse()
