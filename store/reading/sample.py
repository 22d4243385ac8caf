"""What the first 64 KiB of a file show: its shape, and the keys of its first records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Literal, TypeAlias

from store.reading import json_members

RECORDS: Final = 100  # looked at

Shape: TypeAlias = Literal["lines", "array", "object", "sqlite", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The beginning of a file, decompressed, as UTF-8.

    `shape`: JSON Lines, one JSON array, one JSON object, a SQLite file, or anything else.
    """

    name: str  # of the file
    head: bytes
    is_whole: bool  # whether the file ends with `head`
    shape: Shape
    keys: tuple[frozenset[str], ...] = ()  # of each of the first records
    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)  # SQLite: their columns

    def share_with(self, *names: str) -> float:
        """The part of the first records that have all these keys, 0 to 1."""
        wanted = frozenset(names)
        return sum(wanted <= keys for keys in self.keys) / len(self.keys) if self.keys else 0.0

    def has_table(self, name: str, *columns: str) -> bool:
        """Whether the SQLite file has a table with at least these columns."""
        return frozenset(columns) <= self.tables.get(name, frozenset()) and name in self.tables


def look_at(
    head: bytes,
    *,
    is_whole: bool,
    name: str,
    tables: Mapping[str, frozenset[str]] | None = None,
) -> Sample:
    """Find out the shape of a file from its beginning."""
    if tables is not None:
        return Sample(name=name, head=head, is_whole=is_whole, shape="sqlite", tables=tables)
    shape, keys = _shape(head, is_whole=is_whole)
    return Sample(name=name, head=head, is_whole=is_whole, shape=shape, keys=keys)


def _shape(head: bytes, *, is_whole: bool) -> tuple[Shape, tuple[frozenset[str], ...]]:
    """JSON Lines when half of the lines are objects; bad lines are for the reader to name."""
    lines = [line for line in _complete_lines(head, is_whole=is_whole) if line.strip()][:RECORDS]
    objects = [keys for line in lines if (keys := _keys(line)) is not None]
    if objects and len(objects) * 2 >= len(lines):
        return "lines", tuple(objects)
    text = head.decode("utf-8", "replace").lstrip()
    if text.startswith("["):
        return "array", tuple(_element_keys(text))
    if text.startswith("{"):
        return "object", (frozenset(json_members.keys_of_beginning(text)),)
    return "other", ()


def _complete_lines(head: bytes, *, is_whole: bool) -> list[bytes]:
    lines = head.split(b"\n")
    return lines if is_whole else lines[:-1]


def _keys(line: bytes) -> frozenset[str] | None:
    """The names in a line that is a JSON object; None when it is anything else."""
    try:
        return frozenset(name for name, _ in json_members.members(line.decode("utf-8", "replace")))
    except ValueError:
        return None


def _element_keys(text: str) -> list[frozenset[str]]:
    """Keys of the objects at the start of an array; it may be cut off anywhere."""
    found: list[frozenset[str]] = []
    try:
        for element in islice(json_members.elements(text), RECORDS):
            keys = _keys(element.text.encode("utf-8", "replace"))
            found += [] if keys is None else [keys]
    except ValueError:
        if not found and "{" in text:
            found.append(frozenset(json_members.keys_of_beginning(text[text.index("{") :])))
    return found
