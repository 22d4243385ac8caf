"""Which events were corrected, and which correct one: both ends of each correction, by position.

The events of a correction stand in the home stream of what they correct, or in one that it is
linked into. Their metadata says the rest.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Protocol

from msgspec import Struct

from replay.correcting.correction import CORRECTS, Correction, correction_of
from replay.correcting.kinds import Kind, kind_words
from replay.words import said
from store.events import RecordedEvent
from store.interface import EventReader

STREAMS_KEPT: Final = 20_000  # what was longest unused goes first


class Placed(Protocol):
    """What is asked of an event."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> str: ...


class OtherEnd(Struct, frozen=True, kw_only=True):
    """The event at the other end of a correction, and what that says."""

    position: int
    type: str
    kind: Kind
    reason: str = ""
    actor: str = ""

    @property
    def why(self) -> str:
        """`was wrong: a zero too many`."""
        told = kind_words(self.kind)
        return said("{kind}: {reason}", kind=told, reason=self.reason) if self.reason else told


class CorrectionMark(Struct, frozen=True, kw_only=True):
    """Of one event. `corrected_by`: the first event of each correction in its home stream, oldest
    first; the last one counts."""

    position: int
    corrects: OtherEnd | None = None
    corrected_by: tuple[OtherEnd, ...] = ()

    @property
    def ends(self) -> tuple[OtherEnd, ...]:
        """All events at the other end."""
        return (*([self.corrects] if self.corrects else []), *self.corrected_by)

    @property
    def short(self) -> str:
        """In a line: `corrected by 12`."""
        if self.corrects is not None:
            return said("corrects {position:,}", position=self.corrects.position)
        return said("corrected by {position:,}", position=self.corrected_by[-1].position)

    @property
    def sentences(self) -> str:
        """`Corrected by the event at 12 (was wrong): a zero too many`, a line each."""
        told = [] if self.corrects is None else [_corrects(self.corrects)]
        return "\n".join([*told, *map(_corrected, self.corrected_by)])


def type_words(log: EventReader, event: RecordedEvent) -> str:
    """The type of an event; of one that corrects another: `Corrected (corrects 2: was wrong)`."""
    correction = correction_of(event)
    target = None if correction is None else log.event_by_id(correction.event)
    if correction is None or target is None:
        return event.type
    return said(
        "{type} (corrects {position:,}: {kind})",
        type=event.type,
        position=target.position,
        kind=kind_words(correction.kind),
    )


class _Stream(Struct, frozen=True, kw_only=True):
    """As far as it was looked through."""

    until: int = 0
    correcting: dict[int, OtherEnd] = {}  # by the position of the event that corrects
    corrected: dict[int, tuple[OtherEnd, ...]] = {}  # by that of the corrected one
    last: tuple[Correction, int] | None = None  # the last event that corrects, and where it is


class CorrectionMarks:
    """For one log. Any thread; each event of a stream is looked at once."""

    def __init__(self) -> None:
        self._keeping = threading.Lock()
        self._streams: OrderedDict[str, _Stream] = OrderedDict()

    def of(
        self, log: EventReader, events: Iterable[Placed], *, head: int | None = None
    ) -> dict[int, CorrectionMark]:
        """Those of these events that correct another one, or were corrected, by position. `head`:
        where the log ends, where that is known; what came later need not be told."""
        found, head = dict[int, CorrectionMark](), log.head() if head is None else head
        looked = dict[str, _Stream]()
        for it in events:
            if it.stream not in looked:
                looked[it.stream] = self._looked(log, it.stream, head)
            stream = looked[it.stream]
            corrects = stream.correcting.get(it.position)
            by = stream.corrected.get(it.position, ())
            if corrects or by:
                mark = CorrectionMark(position=it.position, corrects=corrects, corrected_by=by)
                found[it.position] = mark
        return found

    def _looked(self, log: EventReader, stream: str, head: int) -> _Stream:
        with self._keeping:
            seen = self._streams.get(stream, _Stream())
        if seen.until < head:
            seen = _looked_on(log, stream, seen, head)
        with self._keeping:
            self._streams[stream] = seen
            self._streams.move_to_end(stream)
            while len(self._streams) > STREAMS_KEPT:
                self._streams.popitem(last=False)
        return seen


def _looked_on(log: EventReader, stream: str, seen: _Stream, head: int) -> _Stream:
    correcting, corrected, last = dict(seen.correcting), dict(seen.corrected), seen.last
    texts = log.stream_payloads(stream, after=seen.until, until=head)
    told = [it.position for it in texts if CORRECTS in it.metadata_json]
    for event in log.at_positions(told) if told else ():
        correction = correction_of(event)
        target = None if correction is None else log.event_by_id(correction.event)
        if correction is None or target is None:
            continue
        correcting[event.position] = _end(target, correction, event)
        if last != (correction, event.position - 1):  # else it goes on with the same correction
            end = _end(event, correction, event)
            corrected[target.position] = (*corrected.get(target.position, ()), end)
        last = (correction, event.position)
    return _Stream(until=head, correcting=correcting, corrected=corrected, last=last)


def _end(at: RecordedEvent, correction: Correction, said_by: RecordedEvent) -> OtherEnd:
    metadata = said_by.metadata
    return OtherEnd(
        position=at.position,
        type=at.type,
        kind=correction.kind,
        reason=str(metadata.get("reason") or ""),
        actor=str(metadata.get("user") or ""),
    )


def _corrects(it: OtherEnd) -> str:
    return said(
        "Corrects {type} at {position:,}, which {why}",
        type=it.type,
        position=it.position,
        why=it.why,
    )


def _corrected(it: OtherEnd) -> str:
    return said(
        "Corrected by {type} at {position:,} ({kind})",
        type=it.type,
        position=it.position,
        kind=it.why,
    )
