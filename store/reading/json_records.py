"""The records of a JSON file: its lines, the elements of its one array, or its one object."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from store.errors import UnreadableSource
from store.reading import json_members
from store.reading.fields import Unusable
from store.reading.format import Rejected
from store.reading.json_stream import LONGEST_LINE, JsonStream
from store.reading.remarks import Remark
from store.reading.repeated_keys import repeated
from store.reading.source import Source
from store.words import said

EXCERPT: Final = 200  # characters of a bad record that are shown


class TooLong(Unusable):
    """A record of which only the beginning is there."""


class RawRecord(NamedTuple):
    """One record, not yet looked into."""

    number: int  # line, or place in the array, from 1
    offset: int  # of its first byte
    text: bytes


def records(source: Source) -> Iterator[RawRecord]:
    """Every record; blank lines are none.

    Lines, and the elements of an array, are read one at a time.
    Raises UnreadableSource when a document of several lines, or an array, is not JSON.
    """
    if source.sample.shape == "array":
        yield from _elements(source)
    elif source.sample.shape == "object" and not _first_line_is_whole(source):
        yield RawRecord(1, 0, _whole(source))
    else:
        for line in source.lines():
            if not line.text.isspace():
                yield RawRecord(*line)


def members_of(record: RawRecord) -> dict[str, str]:
    """Names and value texts of a record that is an object; of a name that stands twice the last
    one. Raises Unusable."""
    return dict(pairs_of(record))


def remarks_on_names(record: RawRecord) -> tuple[Remark, ...]:
    """Of names that stand twice in a record that is an object. Raises Unusable."""
    names = Counter(name for name, _ in pairs_of(record))
    twice = tuple(name for name, count in names.items() if count > 1)
    return (repeated(twice),) if twice else ()


def pairs_of(record: RawRecord) -> list[tuple[str, str]]:
    """Names and value texts of a record that is an object, in order. Raises Unusable."""
    if len(record.text) > LONGEST_LINE:
        raise TooLong(
            said("the line is longer than {longest_line:,} bytes", longest_line=LONGEST_LINE)
        )
    try:
        return json_members.members(record.text.decode())
    except UnicodeDecodeError as error:
        raise Unusable(
            said("byte {offset} is not valid UTF-8", offset=record.offset + error.start)
        ) from None
    except ValueError as error:
        raise Unusable(said("this is not a JSON object ({error})", error=error)) from None


def rejected(record: RawRecord, reason: object) -> Rejected:
    """What stands in the report for a record that cannot be used."""
    beginning = record.text[: EXCERPT * 4].decode("utf-8", "replace").strip()
    return Rejected(
        line=record.number,
        offset=record.offset,
        reason=str(reason),
        excerpt=beginning[:EXCERPT],
        kind="long_lines" if isinstance(reason, TooLong) else None,
    )


def _elements(source: Source) -> Iterator[RawRecord]:
    document = JsonStream(source.pieces(), source.path)
    for number, (offset, text) in enumerate(document.elements(), 1):
        yield RawRecord(number, offset, text)
    document.end()


def _whole(source: Source) -> bytes:
    """The one object that the file is: when it cannot be read, nothing of the file can."""
    content = bytearray()
    for piece in source.pieces():
        content += piece
        if len(content) > LONGEST_LINE:
            reason = said(
                "the file is one JSON object, longer than {longest_line:,} bytes",
                longest_line=LONGEST_LINE,
            )
            raise UnreadableSource(reason, source.path)
    try:
        json_members.members(content.decode())
    except ValueError as error:
        reason = said(
            "the file looks like one JSON object but is not valid JSON ({error})", error=error
        )
        raise UnreadableSource(reason, source.path) from error
    return bytes(content)


def _first_line_is_whole(source: Source) -> bool:
    """Whether a first line that is longer than the sample is an object by itself."""
    first = next((line for line in source.lines() if not line.text.isspace()), None)
    try:
        return first is not None and bool(json_members.members(first.text.decode()))
    except ValueError:
        return False
