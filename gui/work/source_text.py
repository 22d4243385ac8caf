"""The line that names what is imported: a path as it is, or several paths, each in quotes."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

QUOTES: Final = ("'", '"')


def sources_in(text: str) -> list[str]:
    """The paths that a line names; a line that is the path of something there is one."""
    if not text.startswith(QUOTES) or Path(text).exists():
        return [text]
    try:
        return shlex.split(text) or [text]
    except ValueError:  # a quote is still open
        return [text]


def line_of(paths: Sequence[str]) -> str:
    """The line that names these paths."""
    if len(paths) == 1:
        return paths[0]
    return " ".join("'" + it.replace("'", "'\"'\"'") + "'" for it in paths)
