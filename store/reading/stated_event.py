"""One event as a JSON record of another system states it, and as it goes into a log.

A format says which members of a record mean what, in a `StatedEvent`; the rest is the same for all:
times are read and kept as stated, ids are minted where there are none, and what no column of ours
holds is kept beside the event.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

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
from store.reading.stated_times import stated_times
from store.words import said


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedEvent:
    """`data`, and the values of `metadata` and `beyond`, are JSON texts, as they came in.

    `id` None: one is minted from `key`, which names the event in its system. `version` counts from
    1. `cursor` is the event's place there. `scope`: the id is unique only within this.
    """

    stream: str
    type: str
    data: str = "{}"
    id: str | None = None
    key: tuple[str | int, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    occurred: str | None = None
    recorded: str | None = None
    version: int | None = None
    cursor: str | int | None = None
    scope: str = ""
    beyond: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
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
    for name, text in (("stream", event.stream), ("type", event.type)):
        if not text:
            raise Unusable(said("the event has no {name}", name=name))
        fields.storable(text, name)
    times = stated_times(event.occurred, event.recorded)
    return Incoming(
        stream=event.stream,
        event=NewEvent(
            type=event.type,
            data_json=event.data,
            metadata_json=json_object(event.metadata),
            id=minted_id(*event.key) if event.id is None else event.id,
            links=event.links,
            **times.columns,
        ),
        line=record.number,
        offset=record.offset,
        version=event.version,
        origin=times.origin(event.cursor),
        beyond=json_object(event.beyond)[1:-1],
        scope=event.scope,
        has_minted_id=event.id is None,
        has_naive_time=times.has_naive,
        is_opaque=event.is_opaque,
        remarks=(*event.remarks, *(remarks_on_names(record) if record.text else ())),
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
