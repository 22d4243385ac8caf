"""Who acted, and in which conversations, among the newest events of a log."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from store import json_text
from store.interface import EventReader

NEWEST: Final = 20_000  # events that are looked through at first
MOST: Final = 2 * NEWEST  # and counted, before it is begun anew
PAGE: Final = 1_000  # events at once: between two an interrupt is heard


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Events with one correlation id."""

    id: str
    begun_by: str  # the type of the first of them that was looked at
    last_position: int
    count: int = 0


@dataclass(slots=True, kw_only=True)
class RecentNames:
    """What the events behind `after` up to `until` name. One thread at a time."""

    after: int = 0
    until: int = 0
    actors: Counter[str] = field(default_factory=Counter)
    conversations: dict[str, Conversation] = field(default_factory=dict)

    def take(self, position: int, type_: str, metadata: Any) -> None:
        """Count one event."""
        if not isinstance(metadata, dict):
            return
        if (user := metadata.get("user")) is not None:
            self.actors[str(user)] += 1
        if (id_ := metadata.get("correlation_id")) is not None:
            found = self.conversations.get(str(id_))
            if found is None:
                found = Conversation(id=str(id_), begun_by=type_, last_position=position)
                self.conversations[str(id_)] = found
            found.count += 1
            found.last_position = position


def grown(log: EventReader, names: RecentNames, *, head: int) -> RecentNames:
    """What the newest events name, once the log has grown to `head`: those that were looked at stay
    counted. Far behind, it is begun anew with the newest ones."""
    if names.until > head or head - names.until > NEWEST or head - names.after > MOST:
        start = max(head - NEWEST, 0)
        names = RecentNames(after=start, until=start)
    more = RecentNames(
        after=names.after,
        until=head,
        actors=names.actors.copy(),
        conversations={
            id_: Conversation(
                id=id_, begun_by=it.begun_by, last_position=it.last_position, count=it.count
            )
            for id_, it in names.conversations.items()
        },
    )
    for first in range(names.until + 1, head + 1, PAGE):
        for payload in log.payloads(first, min(first + PAGE - 1, head)):
            more.take(payload.position, payload.type, _object(payload.metadata_json))
    return more


def _object(text: str) -> Any:
    try:
        return {} if text == "{}" else json_text.decode(text)
    except (ValueError, ArithmeticError):
        return {}
