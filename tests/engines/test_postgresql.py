"""A real PostgreSQL as an event store."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import psycopg
import pytest

from resources.engines.postgresql import PostgresServer
from store.events import NEW_STREAM, NewEvent
from store.remote.address import address_of
from store.remote.errors import NotARemote, OutcomeUnknown, Refused, RemoteError, RemoteExists
from store.remote.interface import RemoteEvent, RemoteStore
from store.remote.kind import kind_of
from store.remote.postgresql.connection import connected
from store.remote.postgresql.writer import PostgresStore
from tests.contracts.remote_reader import everything
from tests.contracts.remote_store import Opened, RemoteStoreContract, event
from tests.engines.lossy_proxy import LossyProxy


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """Of a new, empty event store."""
    found = f"{postgresql.address}&schema=s{uuid4().hex}"
    kind_of(address_of(found)).create(address_of(found))
    return found


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(PostgresStore(address_of(url))))


@pytest.fixture
def store(opened: Opened) -> RemoteStore:
    return opened()


class TestPostgres(RemoteStoreContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(PostgresStore(address_of(url))))


def test_positions_are_dense_whatever_was_refused_or_rolled_back(
    store: RemoteStore, url: str
) -> None:
    store.append("a", [event()], expected=NEW_STREAM)
    with psycopg.connect(plain(url)) as db:
        db.execute(*appending(url, "a", [event(), event()]))
        db.rollback()
    store.append("a", [event()], expected=1)

    assert [it.place for it in everything(store)] == ["1", "2"]


def test_a_reader_misses_no_event_of_six_writers_with_open_transactions(
    store: RemoteStore, url: str
) -> None:
    """The naive reader, by a position from a sequence, passes by what commits late."""
    each, writers = 15, 6

    def write(at: int) -> None:
        for n in range(each):
            with psycopg.connect(plain(url)) as db:
                db.execute("SELECT pg_current_xact_id()")  # older than the lock
                db.execute(*appending(url, f"s-{at}", [event(n=n)]))
                db.execute("SELECT pg_sleep(0.005)")
                if n % 5 == 4:
                    db.rollback()

    threads = [threading.Thread(target=write, args=[it]) for it in range(writers)]
    for it in threads:
        it.start()
    seen, after = list[RemoteEvent](), None
    while any(it.is_alive() for it in threads):
        if found := store.page(after, limit=4):
            seen += found
            after = found[-1].cursor
    for it in threads:
        it.join()
    seen += everything(store, after)

    assert len(seen) == writers * each * 4 // 5
    for at in range(writers):
        assert [it.version for it in seen if it.stream == f"s-{at}"] == list(range(1, 13))


def test_a_position_whose_transaction_has_not_ended_is_waited_for(
    store: RemoteStore, url: str
) -> None:
    """Also where somebody writes the rows without the function and its lock."""
    row = (
        "INSERT INTO {}.events "
        "(position, stream, version, event_id, type, recorded_at_us, data, metadata) "
        "VALUES (%s, 'x', %s, %s, 'T', 0, '{{}}', '{{}}')"
    )
    text = row.format(schema_in(url)).encode()
    with psycopg.connect(plain(url)) as early, psycopg.connect(plain(url)) as late:
        early.execute(text, [1, 1, "one"])
        late.execute(text, [2, 2, "two"])
        late.commit()
        assert list(store.page(None)) == []
        early.commit()

    assert [it.event.id for it in store.page(None)] == ["one", "two"]


@pytest.mark.parametrize("change", ["UPDATE {}.events SET type = 'X'", "DELETE FROM {}.events"])
def test_events_are_never_changed_or_removed(store: RemoteStore, url: str, change: str) -> None:
    store.append("a", [event()], expected=NEW_STREAM)

    with psycopg.connect(plain(url)) as db, pytest.raises(psycopg.Error, match="never changed"):
        db.execute(change.format(schema_in(url)).encode())


def test_a_swallowed_reply_is_asked_for_and_nothing_is_recorded_twice(
    postgresql: PostgresServer, url: str
) -> None:
    with LossyProxy(postgresql.port) as proxy:
        address = address_of(url.replace(f":{postgresql.port}/", f":{proxy.port}/"))
        with closing(PostgresStore(address)) as store:
            for n in range(60):
                if n % 20 == 7:
                    proxy.swallow_next()
                store.append("a", [event(n=n)], expected=n)
        assert proxy.swallowed == 3

    with closing(PostgresStore(address_of(url))) as store:
        assert [it.event.data_json for it in everything(store)] == [
            f'{{"n":{n}}}' for n in range(60)
        ]


def test_an_outcome_that_nobody_can_tell_says_so(postgresql: PostgresServer, url: str) -> None:
    with LossyProxy(postgresql.port) as proxy:
        address = address_of(url.replace(f":{postgresql.port}/", f":{proxy.port}/"))
        with closing(PostgresStore(address, patience_s=0.0)) as store:
            proxy.refuse()

            with pytest.raises(OutcomeUnknown, match="it cannot be told whether"):
                store.append("a", [event()], expected=NEW_STREAM)


def test_what_was_appended_survives_the_death_of_the_server(
    url: str, postgresql: PostgresServer
) -> None:
    with closing(PostgresStore(address_of(url))) as store:
        for n in range(20):
            store.append("a", [event(n=n)], expected=n)
        postgresql.kill()
        postgresql.start()

        store.append("a", [event(n=20)], expected=20)  # on a new connection

        assert [it.version for it in everything(store)] == list(range(1, 22))


def test_its_address_is_the_same_after_it_was_stopped_and_started_elsewhere(
    postgresql: PostgresServer,
) -> None:
    """An address that a mirror has kept stays right."""
    address = postgresql.address
    postgresql.stop()
    another = PostgresServer(postgresql.folder)
    assert another.address == address

    another.start()

    assert (another.address, postgresql.address) == (address, address)


def test_a_store_is_made_once(url: str) -> None:
    with pytest.raises(RemoteExists, match="has such tables"):
        kind_of(address_of(url)).create(address_of(url))


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (lambda it: it.replace("schema=s", "schema=none"), NotARemote, "holds no event store"),
        (lambda it: it.replace("/postgres?", "/nowhere?"), Refused, "does not exist"),
        (lambda it: it + "&sslmode=require", RemoteError, "no secure connection"),
    ],
)
def test_a_wrong_address_is_a_sentence(
    url: str, spoil: Callable[[str], str], error: type[RemoteError], says: str
) -> None:
    address = address_of(spoil(url))

    with pytest.raises(error, match=says) as raised:
        kind_of(address).open_reader(address)
    assert str(raised.value).endswith(address.shown)


def test_a_refused_password_is_a_sentence_without_the_password(
    postgresql: PostgresServer, url: str
) -> None:
    with psycopg.connect(plain(url), autocommit=True) as db:
        db.execute("CREATE ROLE closed LOGIN PASSWORD 'right'")
    wrong = address_of(url.replace("postgres@", "closed:open-sesame@"))

    with pytest.raises(Refused, match="user or password") as raised:
        kind_of(wrong).open_reader(wrong)
    assert "sesame" not in str(raised.value)


def test_a_reader_can_write_nothing(url: str) -> None:
    with (
        closing(connected(address_of(url), is_read_only=True)) as db,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        db.execute("CREATE TABLE mine (n int)")


def plain(url: str) -> str:
    return url.partition("&schema=")[0]


def schema_in(url: str) -> str:
    return url.partition("schema=")[2]


def appending(url: str, stream: str, events: list[NewEvent]) -> tuple[bytes, list[object]]:
    """A call of the function of the store, for a transaction of one's own."""
    text = f"SELECT * FROM {schema_in(url)}.append_events(%s, NULL, %s, %s, %s, %s, %s, %s, %s)"
    none = [None] * len(events)
    texts = [[it.id for it in events], [it.type for it in events], [it.data_json for it in events]]
    rest = [[it.metadata_json for it in events], none, none, none]
    cast = text.replace("%s, %s, %s)", "%s::bigint[], %s::smallint[], %s::text[])")
    return cast.encode(), [stream, *texts, *rest]
