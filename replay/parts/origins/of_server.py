"""An event store on a server: workers read it themselves, each a range or a shard of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from replay.parts.errors import WrongEnd
from replay.parts.origin import EVENTS_A_WINDOW, Origin, by_size, ranges
from replay.parts.shipped import Window
from replay.parts.source import Source, Wanted
from replay.views.sink import Mark
from replay.words import said
from store.events import RecordedEvent
from store.place import Place
from store.remote.address import Address, address_of
from store.remote.errors import RemoteReplaced
from store.remote.interface import RemoteEvent, RemoteReader
from store.remote.kind import kind_of

DENSE: Final = "postgresql"  # its cursors begin with positions, without gaps


def server_source(address: Address) -> Source:
    """Raises WrongEnd for a store that can only be mirrored, and what opening one raises."""
    scheme = kind_of(address).schemes[0]
    reader = kind_of(address).open_reader(address)
    try:
        if reader.abilities.program or scheme not in (DENSE, "cassandra"):
            raise WrongEnd(said("it is mirrored first: main.py mirror URL --into STORE"))
        if scheme == DENSE:
            return PositionSource(reader)
        from replay.parts.origins.of_cassandra import CassandraSource  # late: needs its client

        return CassandraSource(reader)
    except BaseException:
        reader.close()
        raise


@dataclass(frozen=True, slots=True)
class PositionShard:
    """The events from one position to another, both included, of a store that numbers them."""

    address: str = field(repr=False)
    first: int
    last: int

    @property
    def events(self) -> int:
        return self.last - self.first + 1

    def windows(self) -> Iterator[Window]:
        """Raises Unreachable, Refused, NotARemote, RemoteReplaced."""
        address = address_of(self.address)
        with closing(kind_of(address).open_reader(address)) as reader:
            position = self.first
            while position <= self.last:
                limit = min(EVENTS_A_WINDOW, self.last - position + 1)
                page = reader.page(f"{position - 1}:", limit=limit)
                if not page:
                    reason = said("events at position {at:,} are gone", at=position)
                    raise RemoteReplaced(reason, address.shown)
                events = [recorded(position + at, it) for at, it in enumerate(page)]
                for some in by_size(events):
                    yield Window(some[0].position, some)
                position += len(events)


class PositionSource:
    """replay.parts.source.Source of a store that numbers all its events without gaps."""

    place: Place | None = None

    def __init__(self, reader: RemoteReader) -> None:
        self._reader = reader
        self.identity = reader.identity()

    def head(self) -> Mark:
        cursor = self._reader.head()
        if cursor is None:
            return Mark()
        position, _, event_id = cursor.partition(":")
        return Mark(position=int(position), event_id=event_id)

    def holds(self, mark: Mark, _folder: Path, /) -> bool:
        if not mark.position:
            return True
        found = self._reader.page(f"{mark.position - 1}:", limit=1)
        return bool(found) and found[0].event.id == mark.event_id

    def origin(self, wanted: Wanted) -> Origin:
        text = self._reader.address.text
        shards = [
            PositionShard(text, *it) for it in ranges(wanted.until.position, least=wanted.least)
        ]
        return Origin(identity=self.identity, head=wanted.until, shards=shards)

    def close(self) -> None:
        self._reader.close()


def recorded(position: int, it: RemoteEvent) -> RecordedEvent:
    """As a mirror stores it at that position."""
    new = it.event
    at_us, offset = new.recorded_at_us or 0, new.recorded_offset_min
    occurred, occurred_offset = new.occurred_at_us, new.occurred_offset_min
    if occurred is None:
        occurred, occurred_offset = at_us, offset
    return RecordedEvent(
        position,
        it.stream,
        it.version,
        new.type,
        new.id,
        at_us,
        offset,
        occurred,
        occurred_offset,
        new.data_json,
        new.metadata_json,
        new.source_json,
    )
