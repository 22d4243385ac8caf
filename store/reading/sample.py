"""What the first 64 KiB of a file show: its shape, and the keys of its first records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Literal, TypeAlias

from store.reading import json_members
from store.reading.text_lines import ends_with_cr

RECORDS: Final = 100  # looked at
PARQUET: Final = "PAR1"  # its columns stand among the tables under this name

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
    later: Sequence[bytes] = (),
) -> Sample:
    """Find out the shape of a file from its beginning.

    `later` are the lines behind a first line that is longer than `head`, unless the document goes
    on in them.
    """
    if tables is not None:
        return Sample(name=name, head=head, is_whole=is_whole, shape="sqlite", tables=tables)
    looked_at = head.replace(b"\r", b"\n") if ends_with_cr(head) else head
    shape, keys = _shape(looked_at, is_whole=is_whole, later=later)
    return Sample(name=name, head=head, is_whole=is_whole, shape=shape, keys=keys)


def _shape(
    head: bytes, *, is_whole: bool, later: Sequence[bytes]
) -> tuple[Shape, tuple[frozenset[str], ...]]:
    """Whatever reads best in the whole beginning; bad lines are for the reader to name."""
    text = head.decode("utf-8", "replace").lstrip()
    lines = [it for it in (*_complete_lines(head, is_whole=is_whole), *later) if it.strip()]
    objects = [keys for line in lines if (keys := _keys(line)) is not None]
    if objects and _are_lines(text, lines, objects, is_whole=is_whole, is_cut=bool(later)):
        return "lines", tuple(objects[:RECORDS])
    if not objects and _look_like_lines(text, lines, is_whole=is_whole, is_cut=bool(later)):
        return "lines", tuple(_beginning(line) for line in lines[:RECORDS])
    if text.startswith("["):
        return "array", tuple(_element_keys(text))
    if text.startswith("{"):
        return "object", (frozenset(json_members.keys_of_beginning(text)),)
    return "other", ()


def _are_lines(
    text: str,
    lines: Sequence[bytes],
    objects: Sequence[frozenset[str]],
    *,
    is_whole: bool,
    is_cut: bool,
) -> bool:
    """Whether a beginning in which some lines are objects by themselves is a file of lines."""
    is_half = len(objects) * 2 >= len(lines)
    if not text.startswith(("{", "[")):
        return is_half
    if is_cut:  # its first line: whether the text goes on behind that has been looked at
        return True
    if len(lines) > 1 and json_members.may_begin_a_value(text, is_whole=is_whole):
        return False  # one document, with an object here and there on a line of its own
    return is_half or text.startswith("{")


def _look_like_lines(text: str, lines: Sequence[bytes], *, is_whole: bool, is_cut: bool) -> bool:
    """Whether a beginning is of lines that shall be objects, though none of them can be read."""
    stripped = [line.strip() for line in lines]
    alike = sum(it.startswith(b"{") and it.endswith(b"}") for it in stripped)
    if not alike or alike * 2 < len(lines):
        return False
    is_one = len(lines) == 1 or is_cut
    return is_one or not json_members.may_begin_a_value(text, is_whole=is_whole)


def _complete_lines(head: bytes, *, is_whole: bool) -> list[bytes]:
    lines = head.split(b"\n")
    return lines if is_whole else lines[:-1]


def _beginning(line: bytes) -> frozenset[str]:
    """The names in a line up to where it cannot be read."""
    return frozenset(json_members.keys_of_beginning(line.decode("utf-8", "replace")))


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
