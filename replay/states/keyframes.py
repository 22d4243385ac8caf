"""States kept in memory at intervals, so that going anywhere in a long stream folds little."""

from bisect import bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from replay.states.fold import Folded

INTERVAL: Final = 256  # events between two keyframes of a stream
KEPT: Final = 2_048  # keyframes of all streams; those of the stream longest unused go first


@dataclass(slots=True)
class Keyframes:
    """Use it under one lock, or from one thread. Its states are shared: treat them as frozen."""

    _streams: "OrderedDict[str, list[Folded[Any]]]" = field(default_factory=OrderedDict)
    _count: int = 0

    def nearest(self, stream: str, position: int) -> Folded[Any] | None:
        """The latest kept state of the stream at or before a position."""
        frames = self._streams.get(stream)
        if not frames:
            return None
        self._streams.move_to_end(stream)
        index = bisect_right(frames, position, key=attrgetter("position"))
        return frames[index - 1] if index else None

    def keep(self, stream: str, folded: Folded[Any]) -> None:
        """Remember a state; the same position again changes nothing."""
        frames = self._streams.setdefault(stream, [])
        index = bisect_right(frames, folded.position, key=attrgetter("position"))
        if index and frames[index - 1].position == folded.position:
            return
        insort(frames, folded, key=attrgetter("position"))
        self._streams.move_to_end(stream)
        self._count += 1
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        """Drop whole streams first; in the last one, thin out every other keyframe."""
        while self._count > KEPT and len(self._streams) > 1:
            _, frames = self._streams.popitem(last=False)
            self._count -= len(frames)
        if self._count > KEPT:
            ((stream, frames),) = self._streams.items()
            self._streams[stream] = frames[::2]
            self._count = len(self._streams[stream])
