"""The signs of a format: what the beginning of a file shows when it is of that format.

A format declares its signs as data. A sign gives a confidence between 0 and 1, and those of a
format are alternatives: the strongest counts. Signs of JSON keys are asked of each record, so
that of a file that is half of one format and half of another each gets its half.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, runtime_checkable

from store.reading.header_line import header_names, is_delimited, likeliest_separator
from store.reading.sample import PARQUET, Sample, Shape

JSON_SHAPES: Final[frozenset[Shape]] = frozenset({"lines", "array", "object"})
HALF: Final = 0.5


class FileSign(Protocol):
    """A sign of the file as a whole."""

    def of_file(self, sample: Sample) -> float:
        """The confidence, 0 to 1."""


@runtime_checkable
class RecordSign(Protocol):
    """A sign of one JSON record."""

    @property
    def shapes(self) -> frozenset[Shape]:
        """Of the files that it is looked for in."""

    def of_record(self, keys: frozenset[str]) -> float:
        """The confidence, 0 to 1."""


Sign: TypeAlias = FileSign | RecordSign


def confidence_of(signs: Iterable[Sign], sample: Sample) -> float:
    """How sure the signs of a format make, 0 to 1."""
    strongest, of_records = 0.0, []
    for sign in signs:
        if not isinstance(sign, RecordSign):
            strongest = max(strongest, sign.of_file(sample))
        elif sample.shape in sign.shapes:
            of_records.append(sign)
    if of_records and sample.keys:
        each = (max(it.of_record(keys) for it in of_records) for keys in sample.keys)
        strongest = max(strongest, sum(each) / len(sample.keys))
    return strongest


@dataclass(frozen=True, slots=True, kw_only=True)
class Magic:
    """Bytes that a binary file begins with."""

    starts: tuple[bytes, ...]
    confidence: float = 1.0

    def of_file(self, sample: Sample) -> float:
        """Only of what is neither JSON nor SQLite."""
        is_it = sample.shape == "other" and sample.head.startswith(self.starts)
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a text begins with, blanks aside, and words that stand in it."""

    starts: tuple[bytes, ...]
    holds: tuple[bytes, ...] = ()  # all of these
    holds_any: tuple[bytes, ...] = ()  # and one of these
    within: int | None = None  # bytes; None: anywhere in the sample
    confidence: float = 0.9

    def of_file(self, sample: Sample) -> float:
        """Only of what is neither JSON nor SQLite."""
        text = sample.head.lstrip()
        if sample.shape != "other" or not text.startswith(self.starts):
            return 0.0
        text = text[: self.within]
        is_it = all(it in text for it in self.holds) and (
            not self.holds_any or any(it in text for it in self.holds_any)
        )
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderLine:
    """A first line of names with a separator between them."""

    confidence: float = 0.9

    def of_file(self, sample: Sample) -> float:
        """Only of what is neither JSON nor SQLite."""
        if sample.shape != "other":
            return 0.0
        is_it = is_delimited(sample.head)
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A first line that begins with these names, with a separator between them."""

    names: tuple[str, ...]
    separator: str  # of reading.header_line.SEPARATORS
    confidence: float = 0.99

    def of_file(self, sample: Sample) -> float:
        """Only of what is neither JSON nor SQLite."""
        is_it = (
            sample.shape == "other"
            and likeliest_separator(sample.head) == self.separator
            and header_names(sample.head)[: len(self.names)] == self.names
        )
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables of a SQLite file, each with columns that it has at least."""

    tables: Mapping[str, tuple[str, ...]]  # all of them; none: any SQLite file
    confidence: float = 0.98

    def of_file(self, sample: Sample) -> float:
        """Only of a SQLite file."""
        is_it = sample.shape == "sqlite" and all(
            sample.has_table(name, *columns) for name, columns in self.tables.items()
        )
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A table of a SQLite file under any name, with exactly these columns."""

    columns: tuple[str, ...]
    not_named: str  # what the name of such a table must not hold
    confidence: float = 0.9

    def of_file(self, sample: Sample) -> float:
        """Only of a SQLite file."""
        wanted = frozenset(self.columns)
        found = [name for name, columns in sample.tables.items() if columns == wanted]
        is_it = any(self.not_named not in name for name in found)
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys that a JSON record has: all of them, or `at_least` some."""

    names: tuple[str, ...]
    at_least: int | None = None
    shapes: frozenset[Shape] = JSON_SHAPES
    confidence: float = 0.98

    def of_record(self, keys: frozenset[str]) -> float:
        """Asked of each of the first records."""
        wanted = len(self.names) if self.at_least is None else self.at_least
        return self.confidence if len(keys.intersection(self.names)) >= wanted else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyRecord:
    """Keys of the one JSON object that a file is."""

    names: tuple[str, ...]
    at_least: int
    confidence: float = 0.98

    def of_file(self, sample: Sample) -> float:
        """Nothing when there are several records."""
        is_it = len(sample.keys) == 1 and (
            len(sample.keys[0].intersection(self.names)) >= self.at_least
        )
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualKeys:
    """Keys that half of the first JSON records have, all of them."""

    names: tuple[str, ...]
    confidence: float = 0.9

    def of_file(self, sample: Sample) -> float:
        """Only of JSON; other records may be there as well."""
        return self.confidence if sample.share_with(*self.names) >= HALF else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Quoted words that stand somewhere in the beginning of a JSON file, at any depth."""

    names: tuple[str, ...]
    confidence: float = 0.5

    def of_file(self, sample: Sample) -> float:
        """Weaker than keys: the words may be values."""
        is_it = sample.shape in JSON_SHAPES and all(
            f'"{name}"'.encode() in sample.head for name in self.names
        )
        return self.confidence if is_it else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A file of one of some shapes, with records in it, whatever they are about."""

    shapes: frozenset[Shape]
    confidence: float = 0.5

    def of_file(self, sample: Sample) -> float:
        """Says nothing of what the records mean."""
        return self.confidence if sample.shape in self.shapes and sample.keys else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetColumns:
    """Columns that a Parquet file has at least; none: any Parquet file."""

    names: tuple[str, ...]
    confidence: float = 0.99

    def of_file(self, sample: Sample) -> float:
        """Only of Parquet."""
        return self.confidence if sample.has_table(PARQUET, *self.names) else 0.0
