"""What a format is, and what it makes of a file: events to come in, and lines it cannot use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple, TypeAlias

from msgspec import Struct

from store.events import NewEvent, RecordedEvent
from store.provenance import UNKNOWN, Origin
from store.reading.losses import Loss
from store.reading.remarks import Oddity, Remark, Skipped
from store.reading.signs import Sign
from store.reading.source import Source
from store.words import said

CONVERT: Final = said(
    "Foldline does not read this format yet. Convert it to CloudEvents, or "
    "to JSON Lines with the members stream, type and data."
)
UNMAPPED: Final = said("No layout that Foldline knows has these columns.")
PLAIN_FIRST: Final = said("Unpack it first, then import its content.")


class Incoming(Struct, frozen=True, kw_only=True):
    """One event read from a file, before it has a place in our log."""

    stream: str
    event: NewEvent  # its source_json is one that the file itself carries, or None
    line: int = 0  # line, record or row in the file, from 1; 0 where there is none
    offset: int = -1  # of its first byte in the (decompressed) file; -1 where there is none
    version: int | None = None  # in its stream, from 1, as the file says; None: minted here
    origin: Origin = UNKNOWN  # its place in the source and the times, in the source's words
    beyond: str = ""  # what the canonical record cannot hold, as JSON members without braces
    scope: str = ""  # the id is unique only within this, where a format says so
    has_minted_id: bool = False
    has_naive_time: bool = False  # a time without an offset was read as UTC
    has_unique_keys: bool = False  # whoever read it knows: no key stands twice in its payloads
    is_opaque: bool = False  # the payload is kept, but nobody here can read it
    remarks: tuple[Remark, ...] = ()  # what is odd about it and has no field of its own here
    file: str = ""  # of several that come in together, which one it came from
    format: str = ""  # and the name of that file's format


class Rejected(Struct, frozen=True, kw_only=True):
    """A line that holds no usable event, and why."""

    line: int = 0
    offset: int = -1
    reason: str  # one sentence
    excerpt: str = ""  # the first 200 characters of it
    kind: Oddity | None = None  # of a reason that has a count of its own
    file: str = ""  # as at Incoming


Record: TypeAlias = Incoming | Rejected | Skipped


class GrownRow(NamedTuple):
    """A row of a table that its own program adds to."""

    table: str
    key: int  # grows from row to row
    record: Record


# The rows behind a key of each table, in the order in which they were added; of a table that is not
# named, all. Raises NotFollowed where rows have no such key.
RowsAfter: TypeAlias = Callable[[Source, Mapping[str, int]], Iterator[GrownRow]]


class Outgoing(Struct, frozen=True):
    """An event on its way out, with the streams it is linked into."""

    event: RecordedEvent
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a file offers of a choice; nothing when `values` is empty."""

    values: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that a person may decide before a file is read."""

    name: str  # key in Source.choices, and in --choice NAME=VALUE
    title: str  # the question, for people
    options: Callable[[Source], Options]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write events into a file.

    `signs` tell a file of this format from its beginning, the strongest counts. `read` yields
    records in file order, may be called again on the same source, and raises
    UnreadableSource when the file as a whole is broken (cut short, not what it claims).
    `write`, where the format can be exported, writes all events and returns how many; `losses` are
    then counted and listed, before and after.
    Neither keeps more than a batch in memory where the format allows it.
    """

    name: str  # on the command line: "cloudevents"
    title: str  # for people: "CloudEvents 1.0, JSON Lines"
    suffixes: tuple[str, ...]  # of files to write, the usual one first: (".jsonl",)
    signs: tuple[Sign, ...]
    read: Callable[[Source], Iterator[Record]]
    write: Callable[[Iterable[Outgoing], BinaryIO], int] | None = None
    losses: tuple[Loss, ...] = ()  # what a written file cannot hold; all else comes back as it was
    aliases: tuple[str, ...] = ()  # other names on the command line
    choices: tuple[Choice, ...] = ()
    grows_by_lines: bool = False  # each line is a record by itself: a file that grows is read on
    rows_after: RowsAfter | None = None  # of a SQLite file that grows
    is_bare: bool = False  # its records say neither stream nor type: a person has to map both


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadFormat:
    """A format that is known by its signs and not read yet: refused by its name, with advice."""

    name: str
    title: str  # with its article, after "this looks like"
    signs: tuple[Sign, ...]
    advice: str = CONVERT
