"""The records of a JSON file: its lines, the elements of its one array, or its one object."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from store.errors import UnreadableSource
from store.reading import json_members
from store.reading.fields import Unusable
from store.reading.format import Rejected
from store.reading.source import LONGEST_LINE, Source

EXCERPT: Final = 200  # characters of a bad record that are shown


class RawRecord(NamedTuple):
    """One record, not yet looked into."""

    number: int  # line, or place in the array, from 1
    offset: int  # of its first byte
    text: bytes


def records(source: Source) -> Iterator[RawRecord]:
    """Every record; blank lines are none.

    Lines are read one at a time; a file that is one array or one object is read as a whole.
    Raises UnreadableSource when such a document is not JSON.
    """
    if source.sample.shape == "array":
        yield from _elements(source)
    elif source.sample.shape == "object" and not _first_line_is_whole(source):
        yield RawRecord(1, 0, source.whole())
    else:
        for line in source.lines():
            if not line.text.isspace():
                yield RawRecord(*line)


def members_of(record: RawRecord) -> dict[str, str]:
    """Names and value texts of a record that is an object. Raises Unusable."""
    if len(record.text) > LONGEST_LINE:
        raise Unusable(f"the line is longer than {LONGEST_LINE:,} bytes")
    try:
        return dict(json_members.members(record.text.decode()))
    except UnicodeDecodeError as error:
        raise Unusable(f"byte {record.offset + error.start} is not valid UTF-8") from None
    except ValueError as error:
        raise Unusable(f"this is not a JSON object ({error})") from None


def rejected(record: RawRecord, reason: object) -> Rejected:
    """What stands in the report for a record that cannot be used."""
    beginning = record.text[: EXCERPT * 4].decode("utf-8", "replace").strip()
    return Rejected(
        line=record.number, offset=record.offset, reason=str(reason), excerpt=beginning[:EXCERPT]
    )


def _elements(source: Source) -> Iterator[RawRecord]:
    content = source.whole()
    try:
        document = content.decode()
        for number, (offset, text) in enumerate(json_members.elements(document), 1):
            source.reached(offset, of=len(content))
            yield RawRecord(number, offset, text.encode())
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} of the document is not valid UTF-8"
        raise UnreadableSource(reason, source.path) from error
    except ValueError as error:
        raise UnreadableSource(f"the document is not JSON ({error})", source.path) from error


def _first_line_is_whole(source: Source) -> bool:
    """Whether a first line that is longer than the sample is an object by itself."""
    first = next((line for line in source.lines() if not line.text.isspace()), None)
    try:
        return first is not None and bool(json_members.members(first.text.decode()))
    except ValueError:
        return False
