"""Which value of a JSON document stands in a line of its indented text."""

import json
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_KEY: Final = re.compile(r'("(?:[^"\\]|\\.)*"): (.*)')


def path_of_line(lines: Sequence[str], at: int) -> Path:
    """The path of the value that line `at` begins or ends; empty for the whole document."""
    open_: list[str | int] = []  # the keys that lead to the innermost object or list
    counts: list[int | None] = []  # of its items so far, where it is a list
    path: Path = ()
    for line in lines[: at + 1]:
        text = line.strip().removesuffix(",")
        if text in ("}", "]"):
            path = tuple(open_[1:])
            if counts:
                counts.pop()
                open_.pop()
            continue
        key, value = _entry(text, counts)
        path = tuple((*open_, key)[1:]) if open_ else ()
        if value in ("{", "["):
            open_.append(key)
            counts.append(-1 if value == "[" else None)
    return path


def _entry(text: str, counts: list[int | None]) -> tuple[str | int, str]:
    """The key or number of what begins in a line, and the line without it."""
    if not counts:
        return "", text
    count = counts[-1]
    if count is not None:
        counts[-1] = count + 1
        return count + 1, text
    found = _KEY.fullmatch(text)
    if found is None:
        return "", text
    return str(json.loads(found[1], strict=False)), found[2]
