"""A page of the log of which the texts were read, and its events only if somebody asks for one.

For views that read nothing but payloads, types, streams and recorded times: reading those costs a
third of what whole events cost.
"""

from collections.abc import Sequence
from typing import overload

from store.events import RecordedEvent
from store.interface import EventReader
from store.log_texts import LogTexts


class TextPage(Sequence[RecordedEvent]):
    """Events dense in position. One thread, as the log. Asking for an event raises what reading
    the log raises."""

    def __init__(self, log: EventReader, texts: LogTexts) -> None:
        self.texts = texts
        self._log = log
        self._ends: dict[int, RecordedEvent] = {}  # the first and the last, by position
        self._events: list[RecordedEvent] | None = None

    def __len__(self) -> int:
        return len(self.texts.positions)

    @overload
    def __getitem__(self, at: int) -> RecordedEvent: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[RecordedEvent]: ...
    def __getitem__(self, at: int | slice) -> RecordedEvent | Sequence[RecordedEvent]:
        if isinstance(at, slice):
            is_whole = range(len(self))[at] == range(len(self))
            return self if is_whole else self._all()[at]
        return self._end(at) if at in (0, -1) else self._all()[at]

    def _end(self, at: int) -> RecordedEvent:
        """Without reading the others."""
        position = self.texts.positions[at]
        if position not in self._ends:
            found = self._log.event(position)
            self._ends[position] = self._all()[at] if found is None else found
        return self._ends[position]

    def _all(self) -> list[RecordedEvent]:
        if self._events is None:
            positions = self.texts.positions
            self._events = self._log.page(positions[0], positions[-1])
        return self._events


def page_of(
    log: EventReader, first: int, last: int, *, reads_texts: bool
) -> Sequence[RecordedEvent]:
    """The events from position `first` to `last`, in the form that is wanted."""
    texts = log.log_texts(first, last) if reads_texts else None
    return log.page(first, last) if texts is None else TextPage(log, texts)


def size_of(events: Sequence[RecordedEvent]) -> int:
    """About how many characters of payload and metadata an event has, of one at least."""
    if isinstance(events, TextPage):
        whole = len(events.texts.data_json) + len(events.texts.metadata_json)
        return whole // len(events)
    some = events[::16]
    return sum(len(it.data_json) + len(it.metadata_json) for it in some) // len(some)
