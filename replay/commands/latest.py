"""The newest state of streams that are decided on, kept so that only news are folded."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from replay.commands.saved_states import Saved, none_saved
from replay.states.fold import Folded, fold
from replay.states.model import Model
from store.interface import EventReader

STREAMS_KEPT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Current:
    """A stream's state as of its newest event. Treat the state as frozen."""

    folded: Folded[Any]
    version: int  # of the stream; linked events do not count


class LatestStates:
    """Any thread. One for each log; models are told apart by name and version. A stream that was
    not looked at yet is folded on from what `saved` knows of it."""

    def __init__(self, saved: Saved = none_saved) -> None:
        self._saved = saved
        self._kept: OrderedDict[tuple[str, int, str], Current] = OrderedDict()
        self._guard = threading.Lock()

    def known(self, model: Model[Any], stream: str) -> Current | None:
        """The stream as it was when last looked at; it may have moved on since."""
        with self._guard:
            return self._kept.get((model.name, model.version, stream))

    def of(self, log: EventReader, model: Model[Any], stream: str) -> Current:
        """The stream as it is in the log now."""
        key = (model.name, model.version, stream)
        with self._guard:
            known = self._kept.get(key)
        start = known or self._start(log, model, stream)
        version, events = start.version, []
        for event in log.read_stream(stream, after=start.folded.position):
            events.append(event)
            if event.stream == stream:
                version = event.version
        if not events and known is not None:
            return known
        current = Current(fold(model, events, start=start.folded), version)
        self._keep(key, current)
        return current

    def _start(self, log: EventReader, model: Model[Any], stream: str) -> Current:
        saved = self._saved(model, stream, log.head())
        if saved is None:
            return Current(Folded(model.initial()), 0)
        return Current(saved, log.stream_version(stream, until=saved.position))

    def advance(
        self, model: Model[Any], stream: str, seen: Current, state: Any, *, events: int, last: int
    ) -> None:
        """A decision on `seen` was recorded: so many events, the last one at position `last`.

        Only where nothing can have come in between: streams without linked events.
        """
        folded = Folded(state, last, seen.folded.events + events)
        key = (model.name, model.version, stream)
        self._keep(key, Current(folded, seen.version + events))

    def _keep(self, key: tuple[str, int, str], current: Current) -> None:
        with self._guard:
            self._kept[key] = current
            self._kept.move_to_end(key)
            while len(self._kept) > STREAMS_KEPT:
                self._kept.popitem(last=False)

    def forget(self, stream: str) -> None:
        """Read the stream from its beginning the next time."""
        with self._guard:
            for key in [key for key in self._kept if key[2] == stream]:
                del self._kept[key]
