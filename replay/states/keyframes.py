"""States kept in memory at intervals, so that going anywhere in a long stream folds little."""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, TypeAlias

from replay.states.fold import Folded

INTERVAL: Final = 256  # events between two keyframes of a stream
KEPT: Final = 2_048  # keyframes of all streams; those of the stream longest unused go first

Key: TypeAlias = tuple[int, ...]  # what the order of an axis goes by: (position,) where recorded

_KEY: Final = itemgetter(0)


@dataclass(slots=True)
class Keyframes:
    """Of one axis. Use it under one lock, or from one thread. Its states are shared: treat them
    as frozen."""

    _streams: "OrderedDict[str, list[tuple[Key, Folded[Any]]]]" = field(default_factory=OrderedDict)
    _count: int = 0

    def nearest(self, stream: str, key: Key) -> Folded[Any] | None:
        """The latest kept state of the stream at or before a key."""
        frames = self._streams.get(stream)
        if not frames:
            return None
        self._streams.move_to_end(stream)
        index = bisect_right(frames, key, key=_KEY)
        return frames[index - 1][1] if index else None

    def keep(self, stream: str, key: Key, folded: Folded[Any]) -> None:
        """Remember a state; the same key again changes nothing."""
        frames = self._streams.setdefault(stream, [])
        index = bisect_right(frames, key, key=_KEY)
        if index and frames[index - 1][0] == key:
            return
        insort(frames, (key, folded), key=_KEY)
        self._streams.move_to_end(stream)
        self._count += 1
        self._forget_the_oldest()

    def forget_from(self, stream: str, key: Key) -> None:
        """An event has come in at a key: states from there on lack it."""
        frames = self._streams.get(stream, [])
        index = bisect_left(frames, key, key=_KEY)
        self._count -= len(frames) - index
        del frames[index:]

    def _forget_the_oldest(self) -> None:
        """Drop whole streams first; in the last one, thin out every other keyframe."""
        while self._count > KEPT and len(self._streams) > 1:
            _, frames = self._streams.popitem(last=False)
            self._count -= len(frames)
        if self._count > KEPT:
            ((stream, frames),) = self._streams.items()
            self._streams[stream] = frames[::2]
            self._count = len(self._streams[stream])
