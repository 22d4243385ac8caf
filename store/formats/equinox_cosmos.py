"""Documents of Equinox in Azure Cosmos DB: a batch of a stream's events each, `{p, i, n, e, u}`.

`p` is the stream, `i` the index of the first event. The tip (`id` -1) also holds snapshots (`u`).
Documents come as lines, as an array, or as the answer to a query (`{"Documents": […]}`), in any
order: events come in by time. Layout read from the source of Equinox 2.1 to 4.1.
"""

from collections.abc import Iterator
from typing import Final

from store.reading import fields
from store.reading.equinox_event import NAME, Bodies, events_by_time, snapshots_of
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.inner_records import elements_of, inner
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.signs import Keys, Words
from store.reading.source import Source
from store.reading.timed_records import TimedRecords
from store.words import said

DOCUMENTS: Final = "Documents"
BATCH: Final = ("p", "id", "i", "n", "e")


def read(source: Source) -> Iterator[Record]:
    """Every event of every batch, by time; snapshots are told."""
    kept = TimedRecords(source)
    for document in _documents(source):
        try:
            yield from _batch(document, kept)
        except Unusable as reason:
            yield rejected(document, reason)
    yield from events_by_time(kept, Bodies(are_bytes=False, path=source.path))


def _documents(source: Source) -> Iterator[RawRecord]:
    is_answer = source.sample.share_with(DOCUMENTS) > 0
    return elements_of(source, DOCUMENTS) if is_answer else records(source)


def _batch(document: RawRecord, kept: TimedRecords) -> Iterator[Record]:
    """Puts the events by. Raises Unusable before any of them is."""
    batch = members_of(document)
    stream, first = fields.required_text(batch, "p"), fields.number(batch, "i")
    if first is None or first < 0:
        raise Unusable(said("the batch has no index"))
    events = list(inner(document, batch, "e"))
    unfolds = list(inner(document, batch, "u")) if batch.get("u", "null") != "null" else []
    for place, event in enumerate(events, first):
        kept.add(stream, place, _time(event), event)
    yield from snapshots_of(document, stream, len(unfolds))


def _time(event: RawRecord) -> str | None:
    """What cannot be read is found out later."""
    try:
        return fields.text(members_of(event), "t")
    except Unusable:
        return None


FORMAT: Final = Format(
    name=f"{NAME}-cosmos",
    title=said("Equinox, documents of Cosmos DB"),
    suffixes=(".json", ".jsonl"),
    signs=(Keys(names=BATCH), Words(names=(DOCUMENTS, *BATCH), confidence=0.95)),
    read=read,
)
