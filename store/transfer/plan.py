"""Decide for every incoming event: its place in the log, or that it is there already.

The rules: an id that is there with the same content is a duplicate; with other content it is
a conflict, and the first is kept. A stated version with which another event of the stream came is
a conflict too, also when it is the next one by now: a file that comes twice says the same twice.
Any other is taken over when it is the next of its stream; otherwise the event gets the next
version and its own is kept as origin_version, and a jump counts as a gap.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from store import json_text
from store.events import NewEvent, RecordedEvent
from store.provenance import (
    DATED_HERE,
    DATED_HERE_JSON,
    REPEATED_KEYS,
    UNKNOWN,
    Origin,
    composed,
    not_given_back,
    repeats,
    says_the_same,
    scope_of,
)
from store.reading.format import Incoming, Outgoing
from store.reading.identity import minted_id
from store.reading.remarks import Kind
from store.reading.repeated_keys import has_repeats, repeated, repeated_names
from store.reading.same_json import same_json
from store.times import format_moment, now_us
from store.transfer.known import Placed
from store.transfer.lookup import Lookup
from store.transfer.report import Tally
from store.transfer.unique_keys import in_parts
from store.words import said

_EARLY_US: Final = 31 * 86_400_000_000  # the end of January 1970, where seconds read as ms lie
_OTHER_CONTENT: Final = said("another event with this id is recorded at position {}")
_OTHER_EVENT: Final = said("another event of stream {!r} has version {}")


class Planner:
    """Places events batch by batch; each batch must be recorded before the next is placed.

    Every transaction starts with `begin`; there may be any number of them.
    """

    def __init__(self, lookup: Lookup, *, format_name: str) -> None:
        self._lookup = lookup
        self._tally = Tally()
        self._format = format_name
        self._position = 0
        self._previous_us: int | None = None  # when the event before it was recorded
        self._now_us = now_us()
        self._recorded: dict[str, Outgoing] = {}
        self._placed: list[Placed] = []
        # Whether an event came, here or where its file was made, with another version than it
        # has. A member of that name in a payload's extras makes it true as well: it only has
        # later imports look more closely.
        self.has_other_versions = False
        self._planned: dict[str, int] = {}  # ids of this batch → index in _placed

    @property
    def head(self) -> int:
        """The position of the last event that was placed."""
        return self._position

    def begin(self, tally: Tally) -> None:
        """Go on behind what the log holds now, inside a transaction; count in `tally`."""
        self._tally = tally
        self._now_us = now_us()
        self._position = self._lookup.head()
        self._previous_us = self._lookup.recorded_at_us(self._position)
        self.has_other_versions = False

    def place(self, batch: Sequence[Incoming]) -> list[Placed]:
        """The events of the batch that are new, with the stream and version each gets."""
        self._lookup.load({it.stream for it in batch})
        self._recorded = self._lookup.by_id(it.event.id for it in batch)
        if self._recorded:
            others = [_second_id(it) for it in batch if it.scope and it.event.id in self._recorded]
            self._recorded |= self._lookup.by_id(others)
        self._placed, self._planned = [], {}
        for part, has_unique_keys in in_parts(batch):
            for incoming in part:
                event_id = incoming.event.id
                if event_id not in self._planned and event_id not in self._recorded:
                    if not (has_unique_keys and self.add_plain(incoming)):
                        self._add(incoming, origin_id=None)
                elif self._is_new(incoming):
                    self._add(_under_second_id(incoming), origin_id=event_id)
        self._tally.add("stored", len(self._placed))
        return self._placed

    def _known(self, event_id: str) -> Outgoing | None:
        """The event with this id, be it in the log or placed in this batch."""
        at = self._planned.get(event_id)
        if at is None:
            return self._recorded.get(event_id)
        position = self._position - len(self._placed) + at + 1
        event = _recorded(position, *self._placed[at])
        return Outgoing(event, self._placed[at][2].links)

    def _is_new(self, incoming: Incoming) -> bool:
        """Whether an event whose id is taken is another one, from another source."""
        first = self._known(incoming.event.id)
        if first is None:
            return True
        if self._is_same(incoming, first):
            self._tally.duplicate(incoming)
            return False
        if not incoming.scope or incoming.scope == scope_of(first.event.source_json):
            self._conflict_of_ids(incoming, first)
            return False
        second_id = _second_id(incoming)
        second = self._known(second_id) or self._lookup.by_id([second_id]).get(second_id)
        if second is None:
            return True
        if self._is_same(_under_second_id(incoming), second):
            self._tally.duplicate(incoming)
        else:
            self._conflict_of_ids(incoming, second)
        return False

    def _conflict_of_ids(self, incoming: Incoming, first: Outgoing) -> None:
        self._tally.conflict(incoming, _OTHER_CONTENT.format(first.event.position))

    def add_plain(self, incoming: Incoming) -> bool:
        """Place a new event of which there is nothing to say: the same as `_add`, for a fraction.
        False, and nothing is done, where there may be something."""
        state, event, origin = self._lookup.stream(incoming.stream), incoming.event, incoming.origin
        version, position = state.version + 1, self._position + 1
        recorded_us = event.recorded_at_us
        if incoming.version != version or state.agrees_until != state.version:
            return False
        if recorded_us is None or event.source_json is not None or event.links:
            return False
        if not (origin.is_exact and origin.cursor == str(position)) and origin is not UNKNOWN:
            return False
        latest_us = max(recorded_us, event.occurred_at_us or 0)
        if not _EARLY_US <= latest_us <= self._now_us or not _is_bare(incoming):
            return False
        state.version = state.agrees_until = version
        if version > state.stated:
            state.stated = version
        self._position = position
        self._planned[event.id] = len(self._placed)
        self._placed.append((incoming.stream, version, event))
        if self._previous_us is not None and recorded_us < self._previous_us:
            self._tally.add("clock_steps_back")
        self._previous_us = recorded_us
        return True

    def _add(self, incoming: Incoming, *, origin_id: str | None) -> None:
        """Place an event that is not in the log yet, or count it as a conflict."""
        stream, stated = incoming.stream, incoming.version
        state = self._lookup.stream(stream)
        version = state.version + 1
        if stated is not None and self._lookup.is_stated(stream, state, stated):
            self._tally.conflict(incoming, _OTHER_EVENT.format(stream, stated))
            return
        if stated is not None and stated != version:
            if stated != state.stated + 1 and (version, stated) != (1, 0):
                gap = said(
                    "stream {stream!r}: version {stated} follows {before}",
                    stream=stream,
                    stated=stated,
                    before=state.stated,
                )
                self._tally.remark_of(incoming, "gaps", gap)
            self._tally.renumber(incoming, version)
        self._lookup.advance(stream, state, version if stated is None else stated)
        self._position += 1
        event = self._with_source(incoming, version=version, origin_id=origin_id)
        self._planned[event.id] = len(self._placed)
        self._placed.append((stream, version, event))
        self._count(incoming, event, is_minted=origin_id is not None)

    def _with_source(self, incoming: Incoming, *, version: int, origin_id: str | None) -> NewEvent:
        event, stated = incoming.event, incoming.version
        is_renumbered = stated is not None and stated != version
        marks = _marks(event, has_unique_keys=incoming.has_unique_keys)
        origin = incoming.origin
        if origin is not UNKNOWN:
            origin = not_given_back(origin, position=self._position, event=event)
        is_plain = not (is_renumbered or incoming.beyond or origin_id or marks)
        if origin is UNKNOWN and is_plain and not incoming.file:
            return event
        source = composed(
            incoming.format or self._format,
            file=incoming.file,
            beyond=incoming.beyond,
            prior=event.source_json,
            origin=origin,
            origin_version=stated if is_renumbered else None,
            origin_id=origin_id,
            marks=marks,
        )
        return event if source is event.source_json else structs.replace(event, source_json=source)

    def _count(self, incoming: Incoming, event: NewEvent, *, is_minted: bool) -> None:
        tally, recorded_us = self._tally, event.recorded_at_us
        if incoming.file:
            tally.count_in(incoming.file, "stored")
        if incoming.version is None:
            tally.add("minted_versions")
        if is_minted or incoming.has_minted_id:
            tally.add("minted_ids")
        if _may_be_odd(incoming, event):
            for kind, text in _oddities(incoming, event):
                tally.remark_of(incoming, kind, text)
        if event.source_json is not None and '"origin_version"' in event.source_json:
            self.has_other_versions = True
        latest_us = max(recorded_us or 0, event.occurred_at_us or 0)
        if latest_us > self._now_us or 0 < latest_us < _EARLY_US:
            text = said(
                "event {id} of {latest_us}", id=event.id, latest_us=format_moment(latest_us)
            )
            is_early = latest_us < _EARLY_US
            tally.remark_of(incoming, "early_times" if is_early else "future_times", text)
        if recorded_us is not None:
            if self._previous_us is not None and recorded_us < self._previous_us:
                tally.add("clock_steps_back")  # what comes behind one that was early does not
            self._previous_us = recorded_us

    def _is_same(self, incoming: Incoming, recorded: Outgoing) -> bool:
        """Whether an event says what a recorded one says; how it came here does not matter."""
        ours, theirs = recorded.event, incoming.event
        source = composed(self._format, beyond=incoming.beyond, prior=theirs.source_json)
        return (
            (incoming.stream, theirs.type) == (ours.stream, ours.type)
            and _times_agree(theirs, ours)
            and same_json(theirs.data_json, ours.data_json)
            and same_json(theirs.metadata_json, ours.metadata_json)
            and {*theirs.links, ours.stream} == {*recorded.links, ours.stream}
            and says_the_same(source, ours.source_json)
        )


def _is_bare(incoming: Incoming) -> bool:
    """Whether nothing but the event itself came."""
    return not (
        incoming.beyond
        or incoming.remarks
        or incoming.file
        or incoming.has_minted_id
        or incoming.has_naive_time
        or incoming.is_opaque
    )


def _may_be_odd(incoming: Incoming, stored: NewEvent) -> bool:
    """Whether it is worth a look: nearly all events are not."""
    return (
        incoming.has_naive_time
        or incoming.is_opaque
        or bool(incoming.remarks)
        or stored.source_json is not None
        or bool(stored.links)
        or _has_no_time(incoming.event)
    )


def _oddities(incoming: Incoming, stored: NewEvent) -> Iterator[tuple[Kind, str]]:
    """What a report says of an event that goes in."""
    event = incoming.event
    if incoming.has_naive_time:
        yield (
            "naive_times",
            said("event {id}: {origin}", id=event.id, origin=_stated(incoming.origin)),
        )
    if _has_no_time(event):
        yield "missing_times", said("event {id}", id=event.id)
    if incoming.is_opaque:
        yield "opaque", said("event {id} of type {type!r}", id=event.id, type=event.type)
    if stored.source_json is not None and (names := repeats(stored.source_json)):
        yield "repeated_keys", repeated(names).text
    if event.links and incoming.stream in event.links:
        yield (
            "own_links",
            said(
                "event {id} is in stream {stream!r} as it is", id=event.id, stream=incoming.stream
            ),
        )
    for it in incoming.remarks:
        yield it.kind, it.text


def _marks(event: NewEvent, *, has_unique_keys: bool) -> dict[str, str]:
    """What an event's source says of how it was read."""
    marks = {DATED_HERE: DATED_HERE_JSON} if _has_no_time(event) else {}
    if has_unique_keys:
        return marks
    data, metadata = event.data_json, event.metadata_json
    both = data if metadata == "{}" else f"[{data},{metadata}]"  # one look is cheaper than two
    if has_repeats(both):
        names = {*repeated_names(data), *repeated_names(metadata)}
        marks[REPEATED_KEYS] = json_text.encode(sorted(names))
    return marks


def _has_no_time(event: NewEvent) -> bool:
    return event.occurred_at_us is None and event.recorded_at_us is None


def _stated(origin: Origin) -> str:
    return ", ".join(dict.fromkeys(filter(None, (origin.occurred_at, origin.recorded_at))))


def _second_id(incoming: Incoming) -> str:
    """For an event whose id is unique within its source only, and taken by another's."""
    return minted_id(incoming.scope, incoming.event.id)


def _under_second_id(incoming: Incoming) -> Incoming:
    event = structs.replace(incoming.event, id=_second_id(incoming))
    return structs.replace(incoming, event=event)


def _recorded(position: int, stream: str, version: int, event: NewEvent) -> RecordedEvent:
    """A placed event as it will be in the log; a time that is not stated counts as 0."""
    return RecordedEvent(
        position,
        stream,
        version,
        event.type,
        event.id,
        event.recorded_at_us or 0,
        event.recorded_offset_min,
        event.occurred_at_us or 0,
        event.occurred_offset_min,
        event.data_json,
        event.metadata_json,
        event.source_json,
    )


def _times_agree(new: NewEvent, recorded: RecordedEvent) -> bool:
    """Times that the file does not state agree with any."""
    occurred = (recorded.occurred_at_us, recorded.occurred_offset_min)
    stored = (recorded.recorded_at_us, recorded.recorded_offset_min)
    return (
        new.occurred_at_us is None or (new.occurred_at_us, new.occurred_offset_min) == occurred
    ) and (new.recorded_at_us is None or (new.recorded_at_us, new.recorded_offset_min) == stored)
