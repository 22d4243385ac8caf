"""One event as a JSON record of another system states it, and as it goes into a log.

A format says which members of a record mean what, in a `StatedEvent`; the rest is the same for all:
times are read and kept as stated, ids are minted where there are none, and what no column of ours
holds is kept beside the event.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from store.events import NewEvent
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Incoming, Record
from store.reading.identity import minted_id
from store.reading.json_members import json_object
from store.reading.json_records import (
    RawRecord,
    members_of,
    records,
    rejected,
    remarks_on_names,
)
from store.reading.remarks import Remark, Skipped
from store.reading.source import Source
from store.reading.stated_times import StatedTimes, stated_times
from store.words import said


class StatedEvent(Struct, frozen=True, kw_only=True):
    """`data`, and the values of `metadata` and `beyond`, are JSON texts, as they came in.

    `id` None: one is minted from `key`, which names the event in its system. `version` counts from
    1. `cursor` is the event's place there. `scope`: the id is unique only within this.
    """

    stream: str
    type: str
    data: str = "{}"
    id: str | None = None
    key: tuple[str | int, ...] = ()
    metadata: Mapping[str, str] = {}
    occurred: str | None = None
    recorded: str | None = None
    times: StatedTimes | None = None  # both, by whoever need not read them as texts
    version: int | None = None
    cursor: str | int | None = None
    scope: str = ""
    beyond: Mapping[str, str] = {}
    links: tuple[str, ...] = ()
    has_unique_keys: bool = False  # as at Incoming
    is_opaque: bool = False
    remarks: tuple[Remark, ...] = ()


States = Callable[[RawRecord, dict[str, str]], StatedEvent | Skipped]


def read_stated(source: Source, states: States) -> Iterator[Record]:
    """Every record of a JSON file by what `states` says of it. A record that raises Unusable is
    rejected with its reason, and the next one follows."""
    for record in records(source):
        try:
            event = states(record, members_of(record))
            yield incoming(record, event) if isinstance(event, StatedEvent) else event
        except Unusable as reason:
            yield rejected(record, reason)


def incoming(record: RawRecord, event: StatedEvent) -> Incoming:
    """The event for the log. Raises Unusable."""
    stream, type_ = event.stream, event.type
    if not stream or not type_:
        name = "type" if stream else "stream"
        raise Unusable(said("the event has no {name}", name=name))
    if not (stream.isascii() and type_.isascii()):
        fields.storable(stream, "stream")
        fields.storable(type_, "type")
    times = event.times or stated_times(event.occurred, event.recorded)
    remarks = event.remarks
    if record.text:
        remarks += remarks_on_names(record)
    return Incoming(
        stream=stream,
        event=NewEvent(
            type=type_,
            data_json=event.data,
            metadata_json=json_object(event.metadata),
            id=minted_id(*event.key) if event.id is None else event.id,
            links=event.links,
            occurred_at_us=times.occurred_at_us,
            occurred_offset_min=times.occurred_offset_min,
            recorded_at_us=times.recorded_at_us,
            recorded_offset_min=times.recorded_offset_min,
        ),
        line=record.number,
        offset=record.offset,
        version=event.version,
        origin=times.origin(event.cursor),
        beyond=json_object(event.beyond)[1:-1],
        scope=event.scope,
        has_minted_id=event.id is None,
        has_naive_time=times.has_naive,
        has_unique_keys=event.has_unique_keys,
        is_opaque=event.is_opaque,
        remarks=remarks,
    )


def renamed(metadata: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Metadata with our names beside theirs; nothing is taken away, and what is there already
    under a name of ours stays. Numbers become texts: ids are texts here."""
    ours = {
        names[name]: text if text.startswith('"') else quoted(text)
        for name, text in metadata.items()
        if name in names and text != "null"
    }
    return {**metadata, **{name: text for name, text in ours.items() if name not in metadata}}


def rest(members: Mapping[str, str], *known: str) -> dict[str, str]:
    """What a record holds beside the members that are known, as `extras`; empty without any."""
    extras = {name: text for name, text in members.items() if name not in known}
    return {"extras": json_object(extras)} if extras else {}


def utc(text: str | None) -> str | None:
    """A time that its system writes in UTC without saying so."""
    if text is None or text.endswith(("Z", "z")) or _has_offset(text):
        return text
    return f"{text}+00:00"


def _has_offset(text: str) -> bool:
    """A sign behind the time of day; those of a date stand before it."""
    clock = text[10:]
    return "+" in clock or "-" in clock
