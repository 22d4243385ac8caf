"""An event store on a server that is not there: a list that several connections share."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from store import json_text
from store.errors import Cancelled, DuplicateEventId, InvalidEvent, VersionConflict
from store.events import NewEvent
from store.remote.address import Address, address_of
from store.remote.errors import RemoteReplaced, Unreachable
from store.remote.interface import PAGE, Abilities, RemoteAppended, RemoteEvent
from store.remote.kind import RemoteKind
from store.times import now_us

ADDRESS = "memory://somebody:secret@here/list"


@dataclass(slots=True)
class Server:
    """What the connections share. `is_down`: nobody answers. `identity` changes as it would when
    another store was put there."""

    identity: str = "memory-1"
    events: list[RemoteEvent] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    is_down: bool = False


class MemoryRemote:
    """store.remote.interface.RemoteStore."""

    abilities = Abilities(order="global", has_wake_up=True, can_append=True)

    def __init__(self, server: Server, address: Address | None = None) -> None:
        self.address = address or address_of(ADDRESS)
        self._server = server
        self._is_interrupted = False
        self._seen = 0
        self.ask()

    def identity(self) -> str:
        self.ask()
        return self._server.identity

    def head(self) -> str | None:
        self.ask()
        return self._server.events[-1].cursor if self._server.events else None

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        self.ask()
        at = self._at(after)
        return self._server.events[at : at + limit]

    def distance(self, after: str | None) -> int | None:
        self.ask()
        return len(self._server.events) - self._at(after)

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        self.ask()
        return iter([it for it in self._server.events if it.stream == name and it.version > after])

    def version(self, stream: str) -> int:
        return len(list(self.stream(stream)))

    def wait(self, timeout_s: float) -> bool:
        self.ask()
        with self._server.changed:
            has_come = self._server.changed.wait_for(
                lambda: len(self._server.events) > self._seen, timeout_s
            )
            self._seen = len(self._server.events)
        return has_come

    def interrupt(self) -> None:
        self._is_interrupted = True

    def close(self) -> None:
        """Nothing is held."""

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        self.ask()
        _require_sound(stream, events)
        with self._server.changed:
            there = {it.event.id: it for it in self._server.events}
            known = [there[it.id] for it in events if it.id in there]
            version = self.version(stream)
            if known:
                return _repeated(stream, events, known)
            if expected is not None and expected != version:
                raise VersionConflict(stream, expected=expected, actual=version)
            for it in events:
                version += 1
                self._server.events.append(self._recorded(stream, version, it))
            self._server.changed.notify_all()
            return RemoteAppended(version=version, cursor=self.head() or "")

    def _recorded(self, stream: str, version: int, event: NewEvent) -> RemoteEvent:
        place = len(self._server.events) + 1
        return RemoteEvent(
            stream=stream,
            version=version,
            cursor=f"{place}:{event.id}",
            place=str(place),
            event=NewEvent(
                type=event.type,
                data_json=event.data_json,
                metadata_json=event.metadata_json,
                id=event.id,
                occurred_at_us=event.occurred_at_us,
                occurred_offset_min=event.occurred_offset_min,
                recorded_at_us=now_us(),
                recorded_offset_min=0,
                source_json=event.source_json,
            ),
        )

    def _at(self, after: str | None) -> int:
        if after is None:
            return 0
        cursors = [it.cursor for it in self._server.events]
        if after not in cursors:
            raise RemoteReplaced("another event is there", self.address.shown)
        return cursors.index(after) + 1

    def ask(self) -> None:
        if self._is_interrupted:
            self._is_interrupted = False
            raise Cancelled
        if self._server.is_down:
            raise Unreachable("nobody answers", self.address.shown)


def _repeated(
    stream: str, events: Sequence[NewEvent], known: Sequence[RemoteEvent]
) -> RemoteAppended:
    def told(it: NewEvent) -> tuple[str, ...]:
        return (it.id, it.type, it.data_json, it.metadata_json)

    versions = [it.version for it in known]
    is_same = (
        [told(it) for it in events] == [told(it.event) for it in known]
        and {it.stream for it in known} == {stream}
        and versions == list(range(versions[0], versions[0] + len(versions)))
    )
    if not is_same:
        raise DuplicateEventId(known[0].event.id)
    return RemoteAppended(version=versions[-1], cursor=known[-1].cursor, was_there=True)


def _require_sound(stream: str, events: Sequence[NewEvent]) -> None:
    if not stream or len({it.id for it in events}) < len(events):
        raise (DuplicateEventId(events[0].id) if stream else InvalidEvent("no stream"))
    for it in events:
        try:
            if not it.type or "\0" in it.type or it.links:
                raise ValueError
            it.data_json.encode()
            json_text.decode(it.data_json)
            others = [json_text.decode(text) for text in (it.metadata_json, it.source_json or "{}")]
            if not all(isinstance(other, dict) for other in others):
                raise ValueError
        except ValueError:
            raise InvalidEvent(it.id) from None


def memory_kind(
    server: Server, opened: Callable[[Server], MemoryRemote] = MemoryRemote
) -> RemoteKind:
    """The kind of server that addresses of the scheme `memory` lead to. `opened` makes what is
    written to."""
    return RemoteKind(
        schemes=("memory",),
        title="Memory",
        extra="memory",
        open_reader=lambda address: MemoryRemote(server, address),
        open_store=lambda _address: opened(server),
        create=lambda _address: server.identity,
    )
