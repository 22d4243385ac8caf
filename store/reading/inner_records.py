"""Records that stand inside other records: entries of a page, items of a scan, spans of a trace."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from store.reading.fields import Unusable
from store.reading.format import Record
from store.reading.json_members import elements
from store.reading.json_records import RawRecord, rejected
from store.reading.json_stream import JsonStream
from store.reading.remarks import Skipped
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.words import said

States = Callable[[RawRecord], StatedEvent | Skipped]


def elements_of(source: Source, name: str) -> Iterator[RawRecord]:
    """The elements of the array that is the member `name` of the one object that a file is, one at
    a time. Raises UnreadableSource where the document is not JSON."""
    document = JsonStream(source.pieces(), source.path)
    for member in document.members():
        if member == name and document.sign() == "[":
            for number, (offset, text) in enumerate(document.elements(), 1):
                yield RawRecord(number, offset, text)
        else:
            document.skip()
    document.end()


def inner(record: RawRecord, members: Mapping[str, str], name: str) -> Iterator[RawRecord]:
    """The elements of an array inside a record, with the record's own number and place. Raises
    Unusable where there is none."""
    try:
        for it in elements(members.get(name, "")):
            yield RawRecord(record.number, record.offset, it.text.encode())
    except ValueError as error:
        raise Unusable(said("{name} is not a list ({error})", name=name, error=error)) from None


def stated(parts: Iterable[RawRecord], states: States) -> Iterator[Record]:
    """Each part as an event, a record that is passed over, or a rejection."""
    for part in parts:
        try:
            stated = states(part)
            yield incoming(part, stated) if isinstance(stated, StatedEvent) else stated
        except Unusable as reason:
            yield rejected(part, reason)
