"""Read an event store in Cassandra: the shards side by side, by time of recording."""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Final

from store.remote.address import Address
from store.remote.cassandra.asking import Asker, Row
from store.remote.cassandra.connection import keyspace_of
from store.remote.cassandra.cursor import Reached, reached
from store.remote.cassandra.rows import event_of, shard_of
from store.remote.cassandra.schema import LAYOUT, NAMES
from store.remote.cassandra.shard_tail import STATE, ShardTail
from store.remote.cassandra.streams import Streams
from store.remote.errors import NotARemote, RemoteReplaced
from store.remote.interface import PAGE, Abilities, RemoteEvent
from store.words import said

_STORE: Final = "SELECT id, layout, shards FROM {}.store WHERE only_row = 'store'"
_NEWEST: Final = "SELECT segment FROM {}.segments WHERE shard = ? LIMIT 2"
_ID: Final = (
    "SELECT event_id FROM {}.log WHERE shard = ? AND segment = ? AND kind = 'event' AND key = '' "
    "AND number = ?"
)
LEAST_CHUNK: Final = 50  # events of one shard that are read at once


class CassandraReader:
    """store.remote.interface.RemoteReader. It only asks SELECT."""

    abilities = Abilities(order="stream", ids="stream", has_wake_up=False, can_append=True)

    def __init__(self, address: Address) -> None:
        """Raises NotARemote where no event store of ours is."""
        self.address = address
        self._asker = Asker(address, keyspace_of(address))
        try:
            self._identity, self._shards = self._store_there()
        except BaseException:
            self.close()
            raise
        self._streams = Streams(self._asker, self._shards)
        self._tails = list[ShardTail]()
        self._handed_on: str | None = ""  # the cursor that the tails stand at; "": at none

    def identity(self) -> str:
        return self._identity

    @property
    def shard_count(self) -> int:
        """In how many shards its streams lie, for ever."""
        return self._shards

    def head(self) -> str | None:
        heads = self._heads()
        newest = max(((at_us, shard) for shard, (_, _, at_us) in enumerate(heads)), default=(0, 0))
        segment, place, _ = heads[newest[1]]
        if not place:
            return None
        found = self._asker.ask(_ID, newest[1], segment, place)
        places = tuple((segment, place) for segment, place, _ in heads)
        return str(Reached(places, newest[1], found[0][0]))

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        if after != self._handed_on:
            self._begin(after)
        self._handed_on = ""  # whatever ends this early leaves nothing half read
        for it in self._tails:
            it.is_at_end = False
        found = list(self._merged(limit))
        self._handed_on = found[-1].cursor if found else after
        return found

    def distance(self, after: str | None) -> int | None:
        there = sum(place for _, place, _ in self._heads())
        return max(0, there - (self._reached(after).count if after is not None else 0))

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        shard = shard_of(name, self._shards)
        for row in self._streams.behind(name, after):
            yield RemoteEvent(
                stream=row[1],
                version=row[2],
                cursor="",  # where all shards stand together is not known here
                place=f"{shard}/{row[0]}",
                event=event_of(row),
            )

    def version(self, stream: str) -> int:
        return self._streams.version(stream)

    def wait(self, timeout_s: float) -> bool:
        """There is no wake-up: it only lets time pass."""
        self._asker.rest(timeout_s)
        return False

    def interrupt(self) -> None:
        self._asker.interrupt()

    def close(self) -> None:
        self._asker.close()

    def _store_there(self) -> tuple[str, int]:
        if not self._asker.tables >= NAMES:
            reason = said(
                "the keyspace {name} holds no event store of Foldline",
                name=keyspace_of(self.address),
            )
            raise NotARemote(reason, self.address.shown)
        rows = self._asker.ask(_STORE)
        if not rows or rows[0][1] != LAYOUT:
            reason = said("the event store there has a layout that is not known here")
            raise NotARemote(reason, self.address.shown)
        return str(rows[0][0]), int(rows[0][2])

    def _merged(self, limit: int) -> Iterator[RemoteEvent]:
        """The next events of all shards, by time of recording."""
        chunk = max(LEAST_CHUNK, 2 * limit // self._shards)
        places = [it.taken for it in self._tails]
        self._fill(self._tails, chunk)
        waiting = [_order(it) for it in self._tails if it.first is not None]
        heapify(waiting)
        for _ in range(limit):
            if not waiting:
                return
            tail = self._tails[heappop(waiting)[1]]
            row = tail.take()
            places[tail.shard] = tail.taken
            yield _remote(row, str(Reached(tuple(places), tail.shard, row[3])), tail.shard)
            self._fill([tail], chunk)
            if tail.first is not None:
                heappush(waiting, _order(tail))

    def _fill(self, tails: Sequence[ShardTail], chunk: int) -> None:
        """Each of them has a next event, or is at its end."""
        while empty := [it for it in tails if it.first is None and not it.is_at_end]:
            for tail, rows in zip(
                empty, self._asker.ask_all([it.question(chunk) for it in empty]), strict=True
            ):
                tail.arrived(rows)
            empty = [it for it in empty if it.first is None]
            states = self._asker.ask_all([it.state_question() for it in empty])
            for tail, rows in zip(empty, states, strict=True):
                tail.stated(rows)

    def _begin(self, after: str | None) -> None:
        """Tails behind a cursor. Raises RemoteReplaced when its events are not there."""
        places = [(0, 0)] * self._shards
        if after is not None:
            there = self._reached(after)
            places = list(there.places)
            segment, place = places[there.shard]
            rows = self._asker.ask(_ID, there.shard, segment, place)
            heads = self._heads()
            has_lost = any(mine[1] > it[1] for mine, it in zip(places, heads, strict=True))
            if not rows or rows[0][0] != there.event_id or has_lost:
                raise self._replaced()
        self._tails = [ShardTail(shard, *it) for shard, it in enumerate(places)]

    def _reached(self, cursor: str) -> Reached:
        found = reached(cursor, self._shards)
        if found is None:
            raise self._replaced()
        return found

    def _replaced(self) -> RemoteReplaced:
        reason = said("an event that was read before is no longer there, or is another one")
        return RemoteReplaced(reason, self.address.shown)

    def _heads(self) -> list[tuple[int, int, int]]:
        """Segment, place and time of the last event of each shard."""
        shards = range(self._shards)
        newest = self._asker.ask_all([(_NEWEST, (it,)) for it in shards])
        asked = [
            (shard, segment)
            for shard, rows in zip(shards, newest, strict=True)
            for (segment,) in rows
        ]
        found: dict[int, tuple[int, int, int]] = dict.fromkeys(shards, (0, 0, 0))
        states = self._asker.ask_all([(STATE, it) for it in asked])
        for (shard, segment), rows in zip(asked, states, strict=True):
            for head, first, at_us, _, _ in rows:
                if head > first:
                    found[shard] = max(found[shard], (segment, head, at_us))
        return [found[it] for it in shards]


def _order(tail: ShardTail) -> tuple[int, int]:
    row = tail.first
    return (row[5] if row else 0, tail.shard)


def _remote(row: Row, cursor: str, shard: int) -> RemoteEvent:
    return RemoteEvent(
        stream=row[1],
        version=row[2],
        cursor=cursor,
        place=f"{shard}/{row[0]}",
        event=event_of(row),
    )
