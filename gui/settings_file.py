"""A settings file that cannot be read whole is kept as it was before anything is written to it."""

from itertools import count
from pathlib import Path
from typing import Final

COMMENTS: Final = (";", "#")


def is_whole(text: bytes) -> bool:
    """Whether every line is one of an INI file. Qt drops the others without a word, and writes the
    file anew without them."""
    try:
        lines = text.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return False
    is_continued = False
    for line in lines:
        bare = line.strip()
        is_section = bare.startswith("[") and bare.endswith("]")
        if "\0" in bare:
            return False
        if bare and not (is_continued or is_section or "=" in bare or bare.startswith(COMMENTS)):
            return False
        is_continued = bare.endswith("\\")
    return True


def keep_aside(file: Path) -> Path:
    """Copy a file beside itself, under a name that nothing has. Raises OSError."""
    text = file.read_bytes()
    for number in count(1):
        copy = file.parent / f"{file.stem}-unread-{number}{file.suffix}"
        if not copy.exists():
            copy.write_bytes(text)
            return copy
        if copy.read_bytes() == text:  # of the same file, at an earlier start
            return copy
    raise AssertionError("numbers do not end")
