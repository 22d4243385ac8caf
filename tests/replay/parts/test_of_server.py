"""Events of a server for workers: ranges of positions, and shards whose order is made here."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.parts.errors import WrongEnd
from replay.parts.origins import of_cassandra, of_server
from replay.parts.origins.of_cassandra import CassandraSource
from replay.parts.source import Task, Wanted
from replay.views.sink import Mark
from store.remote.address import Address, address_of
from store.remote.cassandra.cursor import Reached
from store.remote.errors import RemoteReplaced
from tests.store.remote.memory_remote import MemoryRemote, Server

Row = tuple[Any, ...]


def row(shard: int, place: int, at_us: int) -> Row:
    stream = f"s-{shard}"
    return (place, stream, place, f"{shard}/{place}", "Noted", at_us, None, None, "{}", "{}", None)


class Shards:
    """What a reader of Cassandra says, and what workers read there."""

    def __init__(self, times: Sequence[Sequence[int]]) -> None:
        self.rows = [
            [row(shard, at, it) for at, it in enumerate(some, 1)]
            for shard, some in enumerate(times)
        ]
        self.address = address_of("cassandra://here/shop")
        self.shard_count = len(times)

    def identity(self) -> str:
        return "the only one"

    def head(self) -> str | None:
        ends = [some[-1] for some in self.rows if some]
        if not ends:
            return None
        places = tuple((0, len(some)) for some in self.rows)
        last = max(ends, key=lambda it: it[5])
        return str(Reached(places, 0, last[3]))

    def close(self) -> None:
        """Nothing is held."""

    def read(self, _address: Address, shard: int, count: int) -> Iterator[list[Row]]:
        for at in range(0, count, 3):
            yield self.rows[shard][at : min(at + 3, count)]


def all_at_once(tasks: Sequence[Task]) -> None:
    for it in tasks:
        it()


def merged(times: Sequence[Sequence[int]]) -> list[str]:
    """As a mirror reads them: of the next event of each shard always the earliest."""
    waiting = [[(it, shard) for it in some] for shard, some in enumerate(times)]
    taken, found = [0] * len(times), list[str]()
    while any(waiting):
        at_us, shard = min(some[0] for some in waiting if some)
        waiting[shard].pop(0)
        taken[shard] += 1
        found.append(f"{shard}/{taken[shard]}")
        assert at_us >= 0
    return found


@given(st.lists(st.lists(st.integers(0, 9), max_size=12), min_size=1, max_size=4))
def test_positions_are_those_that_a_mirror_gives(times: list[list[int]]) -> None:
    shards = Shards(times)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_cassandra, "shard_rows", shards.read)
        source = CassandraSource(shards)
        wanted = Wanted(until=source.head(), least=1, folder=Path(folder), each=all_at_once)
        origin = source.origin(wanted)
        found = [it for shard in origin.shards for w in shard.windows() for it in w.events]

    found.sort(key=lambda it: it.position)
    assert [it.position for it in found] == [*range(1, sum(map(len, times)) + 1)]
    assert [it.id for it in found] == merged(times)


def test_a_shard_that_lost_events_is_told_and_a_copy_is_not_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards([[1, 2, 3], [2, 2]])
    asked = list[int]()

    def read(address: Address, shard: int, count: int) -> Iterator[list[Row]]:
        asked.append(shard)
        return shards.read(address, shard, count)

    monkeypatch.setattr(of_cassandra, "shard_rows", read)
    source = CassandraSource(shards)
    mark = source.head()
    wanted = Wanted(until=mark, least=1, folder=tmp_path, each=all_at_once)
    assert not source.holds(Mark(position=9, event_id="x"), tmp_path)

    source.origin(wanted)
    shards.rows[0].append(row(0, 4, 9))  # commands go on
    later = CassandraSource(shards)
    assert later.head() != mark
    assert later.holds(mark, tmp_path)
    later.origin(wanted)

    assert asked == [0, 1]
    shards.rows[1].pop()
    (tmp_path / "shard-00001.parquet").unlink()
    with pytest.raises(RemoteReplaced, match="events of shard 1 are gone"):
        later.origin(wanted)


def test_what_can_only_be_mirrored_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kind:
        schemes = ("kafka",)
        open_reader = staticmethod(lambda address: MemoryRemote(Server(), address))

    monkeypatch.setattr(of_server, "kind_of", lambda _address: Kind)

    with pytest.raises(WrongEnd, match="it is mirrored first"):
        of_server.server_source(address_of("kafka://here:1/orders"))
