"""JSON records of any kind: each is the data of an event; a mapping names its stream and type."""

from collections.abc import Iterator
from typing import Final

from store.events import NewEvent
from store.reading.fields import Unusable
from store.reading.format import Format, Incoming, Record
from store.reading.identity import minted_id
from store.reading.json_records import members_of, records, rejected, remarks_on_names
from store.reading.remarks import Remark
from store.reading.signs import JSON_SHAPES, Shaped
from store.reading.source import Source
from store.words import said

NAME: Final = "records"


def read(source: Source) -> Iterator[Record]:
    """Every record as an event without stream and type."""
    for record in records(source):
        try:
            members_of(record)
            remarks: tuple[Remark, ...] = remarks_on_names(record)
        except Unusable as reason:
            yield rejected(record, reason)
            continue
        text = record.text.decode().strip()
        yield Incoming(
            stream="",
            event=NewEvent(type="", data_json=text, id=minted_id(NAME, record.number, text)),
            line=record.number,
            offset=record.offset,
            has_minted_id=True,
            remarks=remarks,
        )


FORMAT: Final = Format(
    name=NAME,
    title=said("JSON records, mapped by you"),
    suffixes=(".jsonl", ".ndjson", ".json"),
    signs=(Shaped(shapes=JSON_SHAPES),),
    read=read,
    grows_by_lines=True,
    is_bare=True,
)
