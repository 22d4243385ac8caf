"""The events of a stream on both lines: runs that they share, and between them single events that
one of them alone has."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, TypeAlias

from replay.consequences.lines import Only
from store.events import Payload, RecordedEvent, payload_of
from store.interface import EventReader
from store.stream_texts import StreamTexts

RUN: Final = 256  # events read one by one

Segment: TypeAlias = StreamTexts | Only


def segments(
    left: EventReader, stream: str, only: Sequence[Only], *, after: int, until: int
) -> Iterator[Segment]:
    """From behind a position on the left up to another, in order. `only` as Lines.by_stream."""
    for it in only:
        yield from _shared(left, stream, after, it.at - 1)
        after = max(after, it.at - it.is_new)
        yield it
    yield from _shared(left, stream, after, until)


def _shared(left: EventReader, stream: str, after: int, until: int) -> Iterator[StreamTexts]:
    if after >= until:
        return
    texts = left.stream_texts(stream, after=after, until=until)
    yield from _one_by_one(left, stream, after, until) if texts is None else texts


def _one_by_one(left: EventReader, stream: str, after: int, until: int) -> Iterator[StreamTexts]:
    while run := list(left.read_stream(stream, after=after, until=until, limit=RUN)):
        after = run[-1].position
        yield StreamTexts(events=partial(_payloads, run), positions=[it.position for it in run])


def _payloads(run: Sequence[RecordedEvent]) -> Sequence[Payload]:
    return [payload_of(it) for it in run]
