"""The events of many streams, those of each in order, without asking for each stream alone."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, TypeAlias

from store.events import Payload, RecordedEvent
from store.interface import EventReader

OnProgress: TypeAlias = Callable[[int, int], None]  # events read, of how many
Part: TypeAlias = Iterator[tuple[str, Payload | RecordedEvent]]

PAGE: Final = 2_000  # events read at once
STREAMS_AT_ONCE: Final = 2_000_000  # whoever folds them holds that many states, at most
EVENTS_PER_LOOKUP: Final = 20  # as many are read in a scan while one stream is looked up


def scan(log: EventReader, streams: Sequence[str], on_progress: OnProgress) -> Iterator[Part]:
    """(stream, event) for every event that lives in one of the streams or is linked into it.

    Each stream is whole in one part, its events in position order; those of several streams come
    mixed. Take a part to its end before the next. The log is read once for every part, by
    position; few streams in a long log are read one by one, as a single part.
    """
    if len(streams) * EVENTS_PER_LOOKUP < log.head():
        yield _one_by_one(log, streams, on_progress)
        return
    head, firsts = log.head(), range(0, len(streams), STREAMS_AT_ONCE)
    for number, first in enumerate(firsts):
        part = frozenset(streams[first : first + STREAMS_AT_ONCE])
        tell = partial(_tell, on_progress, number * head, len(firsts) * head)
        yield _by_position(log, part, head, tell)


def _tell(on_progress: OnProgress, before: int, total: int, done: int) -> None:
    on_progress(before + done, total)


def _one_by_one(log: EventReader, streams: Sequence[str], on_progress: OnProgress) -> Part:
    done, head = 0, log.head()
    for stream in streams:
        for event in log.read_stream(stream):
            yield stream, event
            done += 1
            if done % PAGE == 0:
                on_progress(done, head)


def _by_position(
    log: EventReader, streams: frozenset[str], head: int, on_progress: Callable[[int], None]
) -> Part:
    for first in range(1, head + 1, PAGE):
        last = min(first + PAGE - 1, head)
        found = log.payloads(first, last)
        if links := log.links_between(first, last):
            yield from _with_links(found, links, streams)
        else:
            yield from ((it.stream, it) for it in found if it.stream in streams)
        on_progress(last)


def _with_links(
    found: list[Payload], links: dict[int, tuple[str, ...]], streams: frozenset[str]
) -> Part:
    for event in found:
        if event.stream in streams:
            yield event.stream, event
        for stream in links.get(event.position, ()):
            if stream in streams and stream != event.stream:
                yield stream, event
