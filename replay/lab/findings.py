"""What a consumer notices of its delivery: what came again, is missing, or came too late.

It counts by global position, before it looks at the type: one that listens to a few types sees
gaps in the versions of every stream, and these are no loss.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from store.events import RecordedEvent

Kind: TypeAlias = Literal["duplicate", "gap", "inversion", "reordering"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with one event.

    A gap never came. An inversion came after a later event of its own stream, which does harm. A
    reordering came after a later event of other streams only: no source promises more.
    """

    kind: Kind
    position: int  # of the event
    expected: int  # position that the consumer waited for when it noticed
    got: int | None  # what came instead; None: nothing came any more
    type: str
    stream: str
    is_heard: bool  # whether the consumer listens to events of this type


class Watch:
    """Looks at every event that comes to one consumer. `listens` are its types; None: all."""

    def __init__(self, listens: frozenset[str] | None) -> None:
        self._listens = listens
        self._next = 1  # position that should come
        self._missing: dict[int, int] = {}  # position → what came instead
        self._versions: dict[str, int] = {}  # stream → highest version that came
        self._overtaken: dict[tuple[str, int], int] = {}  # stream, version → what overtook it
        self._found: list[Finding] = []

    def take(self, event: RecordedEvent) -> None:
        """Note what is wrong with an event that has come."""
        position = event.position
        if position >= self._next:
            self._missing |= dict.fromkeys(range(self._next, position), position)
            self._next = position + 1
        elif position not in self._missing:
            self._found.append(self._finding("duplicate", event, self._next, position))
            return
        else:
            self._take_late(event)
        self._follow_stream(event)

    def findings(
        self, head: int, event_at: Callable[[int], RecordedEvent | None]
    ) -> tuple[Finding, ...]:
        """All of them, by position; once nothing comes any more."""
        never: dict[int, int | None] = {**self._missing}
        never |= dict.fromkeys(range(self._next, head + 1))
        lost = [(event, got) for it, got in never.items() if (event := event_at(it)) is not None]
        gaps = [self._finding("gap", event, event.position, got) for event, got in lost]
        return tuple(sorted([*self._found, *gaps], key=lambda it: it.position))

    def _take_late(self, event: RecordedEvent) -> None:
        instead = self._missing.pop(event.position)
        overtaker = self._overtaken.pop((event.stream, event.version), None)
        kind: Kind = "reordering" if overtaker is None else "inversion"
        self._found.append(self._finding(kind, event, event.position, overtaker or instead))

    def _follow_stream(self, event: RecordedEvent) -> None:
        stream, last = event.stream, self._versions.get(event.stream, 0)
        if event.version > last:
            skipped = range(last + 1, event.version)
            self._overtaken |= dict.fromkeys(((stream, it) for it in skipped), event.position)
            self._versions[stream] = event.version

    def _finding(self, kind: Kind, event: RecordedEvent, expected: int, got: int | None) -> Finding:
        return Finding(
            kind=kind,
            position=event.position,
            expected=expected,
            got=got,
            type=event.type,
            stream=event.stream,
            is_heard=self._listens is None or event.type in self._listens,
        )
