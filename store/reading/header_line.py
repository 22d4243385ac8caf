"""The first line of a file of separated values: its separator, and the names of the columns."""

import csv
from collections.abc import Iterable, Mapping
from typing import Final

SEPARATORS: Final[Mapping[str, str]] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def first_line(head: bytes) -> str:
    """What stands before the first line end of any kind."""
    text = head.lstrip()
    line = text.split(b"\n", 1)[0].split(b"\r", 1)[0]
    return line.decode("utf-8", "replace")


def likeliest_separator(head: bytes) -> str:
    """The name of the one that stands most often in the first line."""
    line = first_line(head)
    return max(SEPARATORS, key=lambda it: line.count(SEPARATORS[it]))


def header_names(head: bytes) -> tuple[str, ...]:
    """The names in the first line; empty where it has no separator, or a cell is no name."""
    names = _cells(first_line(head), head)
    return names if all(it.isidentifier() for it in names) else ()


def is_delimited(head: bytes) -> bool:
    """Whether a file begins with the names of columns: in one word each, or, as people write them,
    above a line with as many values."""
    if len(header_names(head)) > 1:
        return True
    lines = [it.decode("utf-8", "replace") for it in head.lstrip().splitlines()[:2]]
    names, values = (_cells(it, head) for it in (*lines, "", "")[:2])
    has_words = all(any(map(str.isalpha, it)) for it in names)
    return 1 < len(names) == len(values) and has_words


def _cells(line: str, head: bytes) -> tuple[str, ...]:
    """What stands between the separators; empty without one, and where it cannot be told."""
    separator = SEPARATORS[likeliest_separator(head)]
    if separator not in line:
        return ()
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return ()
    return tuple(it.strip() for it in cells)


def plain_name(name: str) -> str:
    """A column's name however it is spelt: `globalIndex`, `global_index` and `globalindex` are
    one."""
    return name.strip().replace("_", "").lower()


def plain_names(names: Iterable[str]) -> frozenset[str]:
    """The same of all of them."""
    return frozenset(map(plain_name, names))
