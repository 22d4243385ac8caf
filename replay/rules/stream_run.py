"""Some events of one stream in their order, as rules read them."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from replay.states.model import Readable
from store.events import RecordedEvent, payload_of
from store.stream_texts import StreamTexts

# As replay.states.model.Runs has it; the positions of its texts are places in the run.
Read: TypeAlias = Callable[[StreamTexts], Sequence[Any] | None]


class Happened(Protocol):
    """What is told of an event."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def recorded_at_us(self) -> int: ...


class Heard(Readable, Happened, Protocol):
    """What is read of an event that is folded by itself."""


class StreamRun(Protocol):
    """Events by their place in the run."""

    def __len__(self) -> int: ...

    def part(self, first: int, end: int | None = None) -> "StreamRun":
        """Those from one place to before another, or to the last."""

    def event(self, place: int) -> Heard:
        """One of them."""

    def happened(self, place: int) -> Happened:
        """The same, as far as it is told."""

    def position(self, place: int) -> int:
        """Where it stands in the log."""

    def type(self, place: int) -> str:
        """The type of one."""

    def types(self) -> Sequence[str]:
        """The type of each."""

    def said(self, read: Read) -> Sequence[Any] | None:
        """What each says."""


class EventsRun:
    """Of whole events."""

    def __init__(self, events: Sequence[RecordedEvent]) -> None:
        self._events = events

    def __len__(self) -> int:
        return len(self._events)

    def part(self, first: int, end: int | None = None) -> "EventsRun":
        """For StreamRun, as the others."""
        return EventsRun(self._events[first:end])

    def event(self, place: int) -> RecordedEvent:
        """It is there."""
        return self._events[place]

    happened = event

    def position(self, place: int) -> int:
        """It is there."""
        return self._events[place].position

    def type(self, place: int) -> str:
        """As recorded."""
        return self._events[place].type

    def types(self) -> Sequence[str]:
        """As recorded."""
        return [it.type for it in self._events]

    def said(self, read: Read) -> Sequence[Any] | None:
        """Put together for that."""
        return read(
            StreamTexts(
                events=lambda: map(payload_of, self._events),
                data_json=f"[{','.join([it.data_json for it in self._events])}]",
                positions=range(len(self._events)),
                types=self.types(),
                metadata_json=f"[{','.join([it.metadata_json for it in self._events])}]",
            )
        )
