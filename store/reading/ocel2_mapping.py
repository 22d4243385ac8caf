"""Object-centric logs (OCEL 2.0) as streams: what both encodings of them have in common.

An event relates to any number of objects. It lives in the stream of its object of the leading
type, and is linked into the streams of all others; `metadata.objects` names these. A change of
an object's attributes becomes an event of its own in the object's stream. Versions are minted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from msgspec import Struct

from store.by_weight import by_weight
from store.events import NewEvent
from store.json_text import encode_name
from store.provenance import Origin
from store.reading import fields
from store.reading.carried import restored
from store.reading.fields import Unusable, quoted
from store.reading.format import Choice, Incoming, Options, Record, Rejected
from store.reading.identity import minted_id
from store.reading.json_members import json_object
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.remarks import Remark, Skipped
from store.reading.source import Source
from store.reading.stated_times import COLUMNS, stated_times
from store.words import said

LEADING_TYPE: Final = "leading_type"
NO_OBJECT: Final = "no-object"  # the stream of events that relate to nothing
AT_ONCE: Final = 100  # events whose objects are looked up in one question
_NAME: Final = said("a name in the event")
_IDENTITY: Final = "ocel2"  # the same in both encodings, so that the same change has one id

TypeOf: TypeAlias = Callable[[str], str | None]  # of an object, by its id


class Relation(Struct, frozen=True, kw_only=True, gc=False):
    """An event's tie to an object."""

    object_id: str
    qualifier: str | None


class OcelEvent(Struct, frozen=True, kw_only=True):
    """One event as the file has it; attribute values are JSON texts."""

    number: int
    offset: int
    id: str | None
    type: str
    time: str | None
    attributes: Mapping[str, str]
    relations: Sequence[Relation]
    extras: Mapping[str, str]
    repeated: Mapping[str, str] = {}  # earlier values, as a JSON array
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OcelLog:
    """A whole log, its events still to be read."""

    objects: OcelObjects
    changes: Iterable[Change]  # by time
    single: Mapping[str, int]  # object type → events that relate to exactly one such object
    events: Iterable[OcelEvent | Rejected]
    passed_over: Iterable[Skipped]  # what holds no event, or is of none


def choice_of_leader(log_of: Callable[[Source], OcelLog]) -> Choice:
    """Which type of object leads is for a person to say."""

    def options(source: Source) -> Options:
        log = log_of(source)
        return Options(values=tuple(log.single), default=_usual_leader(log))

    title = said("Each event belongs to the stream of its object of type")
    return Choice(name=LEADING_TYPE, title=title, options=options)


def records_of(log: OcelLog, source: Source) -> Iterator[Record]:
    """Events in the file's order, each object change before the first event that is later; then
    what is passed over."""
    leading = source.choices.get(LEADING_TYPE) or _usual_leader(log)
    is_chosen = LEADING_TYPE in source.choices  # then it counts also of a file that we wrote
    source.notes[LEADING_TYPE] = leading
    changes = _Changes(log)
    for event in _looked_up(log):
        if isinstance(event, Rejected):
            yield event
            continue
        try:
            ours = None if is_chosen else _of_ours(event)
            incoming = ours or _incoming(event, log.objects.type_of, leading)
        except Unusable as reason:
            yield Rejected(
                line=event.number,
                offset=event.offset,
                reason=str(reason),
                excerpt=f"{event.id}: {event.type}"[:200],
            )
        else:
            yield from changes.until(incoming)
            yield incoming
    yield from changes.rest()
    yield from log.passed_over


def _usual_leader(log: OcelLog) -> str:
    """The type of which most events relate to exactly one object; the first of several."""
    return max(log.single, key=lambda it: log.single[it], default="")


def _of_ours(event: OcelEvent) -> Incoming | None:
    """An event that a log of ours wrote, as it was there."""
    return restored(
        event.attributes, id_=event.id, type_=event.type, line=event.number, offset=event.offset
    )


def _looked_up(log: OcelLog) -> Iterator[OcelEvent | Rejected]:
    """The events, with the types of their objects at hand."""
    for some in by_weight(log.events, _weight, most=AT_ONCE):
        usable = [it for it in some if isinstance(it, OcelEvent)]
        log.objects.look_up(tie.object_id for it in usable for tie in it.relations)
        yield from some


def _weight(event: OcelEvent | Rejected) -> int:
    return 0 if isinstance(event, Rejected) else sum(map(len, event.attributes.values()))


def _incoming(event: OcelEvent, type_of: TypeOf, leading: str) -> Incoming:
    if not event.type:
        raise Unusable(said("the event has no type"))
    if event.time is None:
        raise Unusable(said("the event has no time"))
    times = stated_times(event.time, None)
    home = _home(event.relations, type_of, leading)
    others = [it for it in event.relations if it is not home]
    stream = home.object_id if home else NO_OBJECT
    names = [stream, event.type, event.id or "", *[it.object_id for it in others]]
    fields.storable("".join(names), _NAME)
    data = json_object(event.attributes)
    return Incoming(
        stream=stream,
        event=NewEvent(
            type=event.type,
            data_json=data,
            metadata_json=_metadata(others, type_of),
            id=event.id or minted_id(_IDENTITY, event.number, event.type, event.time, stream),
            links=_links(others, stream),
            occurred_at_us=times.occurred_at_us,
            occurred_offset_min=times.occurred_offset_min,
            recorded_at_us=times.recorded_at_us,
            recorded_offset_min=times.recorded_offset_min,
        ),
        line=event.number,
        offset=event.offset,
        origin=times.origin(),
        beyond=_beyond(event, home, type_of),
        has_minted_id=not event.id,
        has_naive_time=times.has_naive,
        has_unique_keys=data.count("{") == 1,  # no value is an object
        remarks=_remarks(event),
    )


def _home(relations: Sequence[Relation], type_of: TypeOf, leading: str) -> Relation | None:
    for it in relations:
        if type_of(it.object_id) == leading:
            return it
    return relations[0] if relations else None


def _links(others: Sequence[Relation], stream: str) -> tuple[str, ...]:
    ids = dict.fromkeys([it.object_id for it in others])
    ids.pop(stream, None)
    return tuple(ids)


def _metadata(others: Sequence[Relation], type_of: TypeOf) -> str:
    if not others:
        return "{}"
    return f'{{"objects":[{",".join([_tie(it, type_of) for it in others])}]}}'


def _tie(relation: Relation, type_of: TypeOf) -> str:
    type_, qualifier = type_of(relation.object_id), relation.qualifier
    type_member = "" if type_ is None else f',"type":{encode_name(type_)}'
    qualified = "" if qualifier is None else f',"qualifier":{encode_name(qualifier)}'
    return f'{{"id":{quoted(relation.object_id)}{type_member}{qualified}}}'


def _beyond(event: OcelEvent, home: Relation | None, type_of: TypeOf) -> str:
    if not (event.repeated or event.extras):
        return f'"extras":{{"home":{_tie(home, type_of)}}}' if home else ""
    kept = {"home": _tie(home, type_of)} if home else {}
    if event.repeated:
        kept["repeated"] = json_object(event.repeated)
    kept |= event.extras
    return f'"extras":{json_object(kept)}'


def _remarks(event: OcelEvent) -> tuple[Remark, ...]:
    if not event.repeated:
        return event.remarks
    return (*event.remarks, *_repeated(said("event {id}", id=event.id), event.repeated))


def _repeated(what: str, repeated: Mapping[str, str]) -> Iterator[Remark]:
    for name in repeated:
        text = said("{what}: {name!r} occurs twice, the last one counts", what=what, name=name)
        yield Remark(kind="repeated_attributes", text=text)


class _Changes:
    """Hands out object changes in time order, between the events."""

    def __init__(self, log: OcelLog) -> None:
        self._type_of = log.objects.type_of
        self._changes = iter(log.changes)
        self._next = next(self._changes, None)
        self._began: dict[str, Any] = {}  # the times of the first event

    def until(self, incoming: Incoming) -> Iterator[Record]:
        """Those that are not later than an event."""
        event = incoming.event
        self._began = self._began or {it: getattr(event, it) for it in COLUMNS}
        while self._next is not None and self._next.at_us <= (event.occurred_at_us or 0):
            yield self._take(self._next)

    def rest(self) -> Iterator[Record]:
        """Those after the last event."""
        while self._next is not None:
            yield self._take(self._next)

    def _take(self, change: Change) -> Record:
        self._next = next(self._changes, None)
        return self._record(change)

    def _record(self, change: Change) -> Record:
        try:
            return self._incoming(change)
        except Unusable as reason:
            excerpt = change.object_id[:200]
            return Rejected(line=change.number, offset=-1, reason=str(reason), excerpt=excerpt)

    def _incoming(self, change: Change) -> Incoming:
        """What an object began with counts from the first event on: 1970 is no time."""
        stated = stated_times(change.time, None)
        type_ = self._type_of(change.object_id) or "Object"
        fields.storable(change.object_id + type_, said("a name in the object"))
        at = "initial" if change.is_initial else stated.occurred_at_us or 0
        times = (change.is_initial and self._began) or stated.columns
        kept = json_object(change.repeated) if change.repeated else ""
        return Incoming(
            stream=change.object_id,
            event=NewEvent(
                type=f"{type_}AttributeChanged",
                data_json=json_object(change.attributes),
                id=minted_id(_IDENTITY, change.object_id, at, ",".join(sorted(change.attributes))),
                **times,
            ),
            line=change.number,
            offset=-1,
            origin=Origin(occurred_at=change.time),
            beyond=f'"extras":{{"repeated":{kept}}}' if kept else "",
            has_minted_id=True,
            has_naive_time=stated.has_naive,
            remarks=tuple(
                _repeated(said("object {object_id!r}", object_id=change.object_id), change.repeated)
            ),
        )
