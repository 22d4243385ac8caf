"""A store or a sample in a few numbers: how many events, how big, and when they happened."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.viewmodels.first_axis import Spans
from gui.viewmodels.pinned_column import category_of
from store.interface import EventReader
from store.place import path_of

BUCKETS: Final = 64  # bars of the picture
SERIES: Final = 4  # categories that have a colour of their own; the others share the last one
LOOKED_AT: Final = 1_024  # events of a store, spread over it


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the start page tells of a log.

    `bars[bucket][series]` counts events, of all or of some that are spread over the log, between
    the first and the last time; the series are the categories with the most events, first.
    """

    events: int
    size_bytes: int
    first_us: int
    last_us: int
    bars: tuple[tuple[int, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether it has no events."""
        return self.events == 0


@dataclass(frozen=True, slots=True)
class _Seen:
    stream: str
    recorded_us: int
    occurred_us: int


def glance_of_store(log: EventReader) -> Glance:
    """By LOOKED_AT events and the last, so its cost does not follow the length of the log."""
    head = log.head()
    step = -(-head // LOOKED_AT) or 1
    positions = sorted({*range(1, head + 1, step), head}) if head else []
    seen = [
        _Seen(it.stream, it.recorded_at_us, it.occurred_at_us) for it in log.at_positions(positions)
    ]
    return _glance(seen, events=head, size_bytes=_size(path_of(log.place.text)))


def glance_of_sample(path: Path) -> Glance:
    """By reading the file. Raises UnreadableSource, UnknownFormat."""
    # Late: every format of event files is loaded with them, and a window may begin with a store.
    from store.reading.detect import detect_in
    from store.reading.format import Incoming
    from store.reading.source import Source

    with Source(path) as source:
        records = detect_in(source).format.read(source)
        seen = [
            _Seen(it.stream, it.event.recorded_at_us or 0, it.event.occurred_at_us or 0)
            for it in records
            if isinstance(it, Incoming)
        ]
    return _glance(seen, events=len(seen), size_bytes=_size(path))


def _glance(seen: Sequence[_Seen], *, events: int, size_bytes: int) -> Glance:
    times = _times(seen)
    first, last = (min(times), max(times)) if times else (0, 0)
    bars = _bars(times, _series(seen), first, last) if times else ()
    return Glance(events=events, size_bytes=size_bytes, first_us=first, last_us=last, bars=bars)


def _times(seen: Sequence[_Seen]) -> list[int]:
    """When they were recorded; where that says nothing, when they occurred."""
    recorded = [it.recorded_us for it in seen]
    occurred = [it.occurred_us for it in seen]
    if not seen:
        return []
    spans = Spans(
        recorded_us=max(recorded) - min(recorded),
        occurred_us=max(occurred) - min(occurred),
        events=len(seen),
    )
    return occurred if spans.are_recorded_at_once else recorded


def _series(seen: Sequence[_Seen]) -> list[int]:
    """Of each event, which series it belongs to."""
    categories = [category_of(it.stream) for it in seen]
    ranked = {name: rank for rank, (name, _) in enumerate(Counter(categories).most_common())}
    return [min(ranked[name], SERIES - 1) for name in categories]


def _bars(
    times: Iterable[int], series: Iterable[int], first: int, last: int
) -> tuple[tuple[int, ...], ...]:
    bars = [[0] * SERIES for _ in range(BUCKETS)]
    span = max(last - first, 1)
    for at, which in zip(times, series, strict=True):
        bars[min((at - first) * BUCKETS // span, BUCKETS - 1)][which] += 1
    return tuple(map(tuple, bars))


def _size(path: Path) -> int:
    """0 where the log is in no file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
