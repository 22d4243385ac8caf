"""What a mirror notices of how events came: again, later than they should, or not at all.

It goes by the versions of each stream, which whoever published them states. What was noticed before
is read from the mirror itself, so that it makes no difference where a mirror ended and went on.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store.errors import StoreMissing
from store.interface import EventReader
from store.opening import reading
from store.remote.interface import RemoteEvent
from store.sqlite.connect import open_log
from store.transfer.manifest import other_versions_since

Kind: TypeAlias = Literal["duplicate", "gap", "reordering"]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with how an event came. A gap may close later: then what closes it is
    a reordering."""

    kind: Kind
    place: str  # where it was noticed: topic/partition/offset
    stream: str
    version: int  # of the event that came
    expected: int  # version that should have come


class Seen(Struct, kw_only=True):
    """What came of one stream."""

    highest: int = 0
    missing: set[int] = msgspec.field(default_factory=set)


class DeliveryWatch:
    """Looks at the events of a mirror before they are stored. One thread."""

    def __init__(
        self, into: Path, *, tell: Callable[[Finding], None] = lambda _finding: None
    ) -> None:
        """`into` is the mirror, which need not be there yet."""
        self._into, self._tell = into, tell
        self._streams: dict[str, Seen] = {}
        self.counts: dict[str, int] = {"duplicates": 0, "gaps": 0, "reorderings": 0}

    @property
    def missing(self) -> int:
        """How many events have not come, of streams that were looked at: later ones have."""
        return sum(len(it.missing) for it in self._streams.values())

    def look(self, events: Sequence[RemoteEvent]) -> Mapping[str, Any]:
        """What is to be kept with these events: how often something was wrong with them."""
        before = dict(self.counts)
        self._remember({it.stream for it in events if it.version} - self._streams.keys())
        for it in events:
            if it.version:
                self._take(it, self._streams[it.stream])
        now = {name: count - before[name] for name, count in self.counts.items()}
        return {"delivery": now} if any(now.values()) else {}

    def _take(self, it: RemoteEvent, seen: Seen) -> None:
        if it.version == seen.highest + 1:
            seen.highest = it.version
        elif it.version > seen.highest:
            self._found("gap", it, seen.highest + 1)
            seen.missing |= set(range(seen.highest + 1, it.version))
            seen.highest = it.version
        elif it.version in seen.missing:
            seen.missing.discard(it.version)
            self._found("reordering", it, seen.highest + 1)
        else:
            self._found("duplicate", it, seen.highest + 1)

    def _found(self, kind: Kind, it: RemoteEvent, expected: int) -> None:
        self.counts[f"{kind}s"] += 1
        self._tell(
            Finding(
                kind=kind, place=it.place, stream=it.stream, version=it.version, expected=expected
            )
        )

    def _remember(self, streams: set[str]) -> None:
        if not streams:
            return
        try:
            with closing(open_log(self._into)) as db:
                is_dense = not other_versions_since(db, 0)[0]
        except StoreMissing:
            self._streams |= {it: Seen() for it in streams}
            return
        with reading(self._into) as log:
            self._streams |= {it: _seen_in(log, it, is_dense=is_dense) for it in streams}


def _seen_in(log: EventReader, stream: str, *, is_dense: bool) -> Seen:
    """The versions that the events of a stream came with. `is_dense`: no event of the mirror came
    with another one than it has."""
    last = log.stream_version(stream)
    if is_dense or not last:
        return Seen(highest=last)
    its = (it for it in log.read_stream(stream) if it.stream == stream)
    stated = {_stated(it.source, it.version) for it in its}
    highest = max(stated)
    return Seen(highest=highest, missing=set(range(1, highest)) - stated)


def _stated(source: Mapping[str, Any] | None, version: int) -> int:
    return version if source is None else int(source.get("origin_version", version))
