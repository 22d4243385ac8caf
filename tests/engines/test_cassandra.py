"""A real Cassandra as an event store."""

import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest
from cassandra.cluster import Cluster

from resources.engines.cassandra import CassandraServer
from store.events import ANY_VERSION, NEW_STREAM
from store.remote.address import address_of
from store.remote.cassandra import schema, segments
from store.remote.cassandra.writer import CassandraStore
from store.remote.errors import (
    NotARemote,
    OutcomeUnknown,
    RemoteError,
    RemoteExists,
    RemoteReplaced,
    Unreachable,
)
from store.remote.interface import RemoteStore
from store.remote.kind import kind_of
from tests.contracts.remote_reader import everything
from tests.contracts.remote_store import Opened, RemoteStoreContract, event
from tests.engines.answering_server import AnsweringServer
from tests.engines.lossy_proxy import LossyProxy
from tests.engines.mirror_process import begun, ended

SHARDS = 3


@pytest.fixture
def url(cassandra: CassandraServer) -> str:
    """Of a new, empty event store."""
    found = f"{cassandra.address}/k{uuid4().hex}?shards={SHARDS}"
    kind_of(address_of(found)).create(address_of(found))
    return found


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(CassandraStore(address_of(url))))


@pytest.fixture
def store(opened: Opened) -> RemoteStore:
    return opened()


class TestCassandra(RemoteStoreContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(CassandraStore(address_of(url))))


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new segment every few events."""
    monkeypatch.setattr(segments, "SEGMENT_EVENTS", 7)


@pytest.mark.usefixtures("small_segments")
class TestCassandraOfManySegments(TestCassandra):
    pass


@pytest.mark.usefixtures("small_segments")
def test_a_long_stream_is_one_over_all_its_segments(store: RemoteStore, opened: Opened) -> None:
    sent = [[event(n=n) for n in range(3)] for _ in range(20)]
    for at, events in enumerate(sent):
        store.append("long", events, expected=at * 3)
        store.append("other", [event()], expected=at)

    other = opened()

    assert other.version("long") == 60
    for after in (0, 1, 2, 3, 19, 20, 58, 59, 60, 99):
        versions = [it.version for it in other.stream("long", after=after)]
        assert versions == list(range(after + 1, 61))
    again = other.append("long", sent[2], expected=NEW_STREAM)
    assert (again.version, again.was_there) == (9, True)


def test_a_swallowed_reply_is_asked_for_and_nothing_is_recorded_twice(
    cassandra: CassandraServer, url: str
) -> None:
    with LossyProxy(cassandra.port) as proxy:
        address = address_of(url.replace(f":{cassandra.port}/", f":{proxy.port}/"))
        with closing(CassandraStore(address)) as store:
            for n in range(40):
                if n % 20 == 7:
                    proxy.swallow_next()
                store.append("a", [event(n=n)], expected=n)
        assert proxy.swallowed == 2

    with closing(CassandraStore(address_of(url))) as store:
        kept = [it.event.data_json for it in everything(store)]
    assert kept == [f'{{"n":{n}}}' for n in range(40)]


def test_an_outcome_that_nobody_can_tell_says_so(cassandra: CassandraServer, url: str) -> None:
    with LossyProxy(cassandra.port) as proxy:
        address = address_of(url.replace(f":{cassandra.port}/", f":{proxy.port}/"))
        with closing(CassandraStore(address, patience_s=0.0)) as store:
            proxy.refuse()

            with pytest.raises(OutcomeUnknown, match="it cannot be told whether"):
                store.append("a", [event()], expected=NEW_STREAM)


def test_what_was_appended_survives_the_death_of_the_server(
    url: str, cassandra: CassandraServer
) -> None:
    with closing(CassandraStore(address_of(url))) as store:
        for n in range(20):
            store.append(f"s-{n % 2}", [event(n=n), event(n=n)], expected=n // 2 * 2)
        cassandra.kill()
        cassandra.start()

        store.append("s-0", [event(n=20)], expected=20)

        assert [it.version for it in store.stream("s-0")] == list(range(1, 22))
        assert len(everything(store)) == 41


def test_a_killed_writer_leaves_whole_appends_and_nothing_that_blocks_others(
    url: str, opened: Opened, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for _ in range(6):
        told = tmp_path / "told"
        told.write_text("")
        command = [sys.executable, "-m", "tests.engines.append_process", url, str(told)]
        process = begun(command)
        wanted = chance.randrange(1, 12)
        while len(told.read_text().splitlines()) < wanted and process.poll() is None:
            threading.Event().wait(0.01)
        ended(process)
        acknowledged = {it for it in told.read_text().splitlines() if it}

        reader = opened()
        read = everything(reader)
        ids = [it.event.id for it in read]
        assert acknowledged <= set(ids)
        assert len(set(ids)) == len(ids)
        for stream in {it.stream for it in read}:
            mine = [it for it in read if it.stream == stream]
            assert [it.version for it in mine] == list(range(1, len(mine) + 1))
            assert len(mine) % 3 == 0
            reader.append(stream, [event() for _ in range(3)], expected=len(mine))


def test_an_older_copy_of_the_store_is_not_read_on(url: str, store: RemoteStore) -> None:
    """As after a restore: events that were read are gone from their partitions."""
    for n in range(6):
        store.append(f"s-{n}", [event(n=n)], expected=NEW_STREAM)
    cursor = everything(store)[-1].cursor
    keyspace = address_of(url)
    with Cluster(["127.0.0.1"], port=port_of(url), executor_threads=1) as cluster:
        session = cluster.connect()
        name = keyspace.text.partition("?")[0].rpartition("/")[2]
        session.execute(f"TRUNCATE {name}.log")
        for shard in range(SHARDS):
            opening = session.prepare(schema.OPEN_SEGMENT.replace("{}", name))
            session.execute(opening, [shard, 0, 0, 0, 0])

    with (
        closing(kind_of(keyspace).open_reader(keyspace)) as reader,
        pytest.raises(RemoteReplaced, match="no longer there"),
    ):
        reader.page(cursor)


def test_a_store_is_made_once(url: str) -> None:
    with pytest.raises(RemoteExists, match="has an event store"):
        kind_of(address_of(url)).create(address_of(url))


def test_a_keyspace_of_another_program_is_left_alone(cassandra: CassandraServer) -> None:
    name = f"shop{uuid4().hex}"
    with Cluster(["127.0.0.1"], port=cassandra.port, executor_threads=1) as cluster:
        session = cluster.connect()
        how = "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        session.execute(f"CREATE KEYSPACE {name} WITH replication = {how}")
        session.execute(f"CREATE TABLE {name}.orders (id int PRIMARY KEY)")
    address = address_of(f"{cassandra.address}/{name}")

    with pytest.raises(NotARemote, match="holds no event store"):
        kind_of(address).open_reader(address)
    with pytest.raises(RemoteExists, match="tables of another program"):
        kind_of(address).create(address)


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (lambda it: it.replace("/k", "/none"), NotARemote, "holds no event store"),
        (lambda it: it.replace("127.0.0.1", "no-such-host.invalid"), Unreachable, "host"),
        (lambda it: it.replace(it.split(":")[2].split("/")[0], "1"), Unreachable, "reached"),
        (lambda it: it + "&tls=yes", RemoteError, "no secure connection|cannot be reached"),
    ],
)
def test_a_wrong_address_is_a_sentence(
    url: str, spoil: Callable[[str], str], error: type[RemoteError], says: str
) -> None:
    address = address_of(spoil(url) + "&connect_timeout=5")

    with pytest.raises(error, match=says) as raised:
        kind_of(address).open_reader(address)
    assert str(raised.value).endswith(address.shown)


def test_a_server_that_answers_with_a_web_page_is_no_cassandra(cassandra: CassandraServer) -> None:
    assert cassandra.pid
    with AnsweringServer(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>no</html>") as other:
        address = address_of(f"cassandra://127.0.0.1:{other.port}/k?connect_timeout=5")
        with pytest.raises(NotARemote, match="not a Cassandra server"):
            kind_of(address).open_reader(address)


def test_appends_to_any_version_from_many_sides_are_all_there(opened: Opened) -> None:
    """One shard for all streams would be the worst of it; three are close."""
    stores = [opened() for _ in range(6)]
    failed = list[BaseException]()

    def write(mine: RemoteStore, at: int) -> None:
        try:
            for n in range(10):
                mine.append(f"s-{n % 5}", [event(n=at), event(n=n)], expected=ANY_VERSION)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(it, at)) for at, it in enumerate(stores)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()

    assert failed == []
    read = everything(stores[0])
    assert len(read) == 120
    for stream in range(5):
        versions = [it.version for it in read if it.stream == f"s-{stream}"]
        assert versions == list(range(1, 25))


def port_of(url: str) -> int:
    return int(url.split(":")[2].partition("/")[0])
