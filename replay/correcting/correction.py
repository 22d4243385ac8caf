"""A correction as a value, and as the events that it appends tell it in their metadata."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import UNSET, Struct

from replay.correcting.kinds import KINDS, Kind
from store import json_text
from store.branches.edits import Content, Edit
from store.events import RecordedEvent
from store.interface import EventReader

CORRECTS: Final = "corrects"  # in the metadata: the id of the event
HOW: Final = "correction"  # the kind, and what goes with it


class Correction(Struct, frozen=True, kw_only=True):
    """`event`: the id of the one that is corrected. `before`: the id of the one that it belongs
    before, for "late". `data`: a JSON value, what it should have said, for "wrong"."""

    event: str
    kind: Kind
    before: str = ""
    data: Any = UNSET

    def edit(self) -> Edit:
        """What it does to the history."""
        match self.kind:
            case "late":
                return Edit(number=0, kind="move", target=self.event, other=self.before)
            case "rejected":
                return Edit(number=0, kind="leave out", target=self.event)
        content = Content(data_json=json_text.encode(self.data))
        return Edit(number=0, kind="replace", target=self.event, content=content)

    def metadata(self) -> dict[str, Any]:
        """What its events say of it."""
        how: dict[str, Any] = {"kind": self.kind}
        if self.before:
            how["before"] = self.before
        if self.data is not UNSET:
            how["data"] = self.data
        return {CORRECTS: self.event, HOW: how}


class Made(Struct, frozen=True, kw_only=True):
    """A correction that was made, and the events of some streams that belong to it."""

    correction: Correction
    events: tuple[RecordedEvent, ...]  # oldest first


def correction_of(event: RecordedEvent) -> Correction | None:
    """What an event says that it corrects; None for one that corrects nothing."""
    if CORRECTS not in event.metadata_json:
        return None
    metadata = event.metadata
    target, how = metadata.get(CORRECTS), metadata.get(HOW)
    if not isinstance(target, str) or not isinstance(how, dict) or how.get("kind") not in KINDS:
        return None
    before = how.get("before", "")
    return Correction(
        event=target,
        kind=how["kind"],
        before=before if isinstance(before, str) else "",
        data=how.get("data", UNSET if how["kind"] != "wrong" else None),
    )


def corrections_in(log: EventReader, streams: Iterable[str]) -> list[Made]:
    """Those that were made in some streams, in their order, and those that these build on: where
    an event belongs may depend on one of another stream. Reads each of the streams once."""
    waiting, seen, found = set(streams), set[str](), dict[int, RecordedEvent]()
    while waiting - seen:
        stream = (waiting - seen).pop()
        seen.add(stream)
        told = [it.position for it in log.stream_payloads(stream) if CORRECTS in it.metadata_json]
        for event in log.at_positions(told):
            found[event.position] = event
            waiting |= _streams_of(log, correction_of(event))
    return list(_grouped(found[it] for it in sorted(found)))


def _streams_of(log: EventReader, correction: Correction | None) -> set[str]:
    """Where the events live, and are linked into, that a correction names."""
    names = () if correction is None else (correction.event, correction.before)
    events = [log.event_by_id(it) for it in names if it]
    return {name for it in events if it for name in (it.stream, *log.links(it.position))}


def _grouped(events: Iterable[RecordedEvent]) -> Iterator[Made]:
    """Events of one correction stand one after another: they were appended together."""
    groups: list[tuple[Correction, list[RecordedEvent]]] = []
    for event in events:
        told = correction_of(event)
        if told is None:
            continue
        if groups and groups[-1][0] == told and groups[-1][1][-1].position + 1 == event.position:
            groups[-1][1].append(event)
        else:
            groups.append((told, [event]))
    for correction, found in groups:
        yield Made(correction=correction, events=tuple(found))
