"""Read one shard of an event store in Cassandra from its beginning: what several machines do side
by side when they read the whole store."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from store.remote.address import Address
from store.remote.cassandra.asking import Asker, Row
from store.remote.cassandra.connection import keyspace_of
from store.remote.cassandra.shard_tail import ShardTail

CHUNK: Final = 1_000  # events of one question


def shard_rows(address: Address, shard: int, *, until: int) -> Iterator[Sequence[Row]]:
    """The events of a shard up to a place, in their order, as rows of COLUMNS. Fewer when they
    are not there. Raises what a question raises."""
    with closing(Asker(address, keyspace_of(address))) as asker:
        tail, taken = ShardTail(shard, 0, 0), 0
        while taken < until and not tail.is_at_end:
            tail.arrived(asker.ask_all([tail.question(CHUNK)])[0])
            if tail.first is None:
                tail.stated(asker.ask_all([tail.state_question()])[0])
                continue
            found = list[Row]()
            while tail.first is not None and taken < until:
                found.append(tail.take())
                taken += 1
            yield found
