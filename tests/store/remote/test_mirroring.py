"""A local copy of a store on a server: nothing twice, nothing missing, nothing mixed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from store.events import NewEvent
from store.opening import open_store, reading
from store.remote import feed, kind
from store.remote.address import address_of
from store.remote.distance import Distance
from store.remote.errors import NotAMirror, RemoteReplaced, Unreachable
from store.remote.feed import RemoteFeed
from store.remote.interface import PAGE, RemoteEvent
from store.remote.mirroring import mirror_remote
from store.remote.origin import origin_of
from store.sqlite.connect import open_log
from store.transfer import mirror as mirror_module
from store.transfer.report import ImportCounts
from tests.store.remote.memory_remote import MemoryRemote, Server, memory_kind


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """What addresses of the scheme `memory` lead to."""
    server = Server()
    monkeypatch.setattr(kind, "kinds", lambda: (memory_kind(server),))
    return server


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "mirror.foldline"


def write(server: Server, many: int, stream: str = "s-1") -> None:
    remote = MemoryRemote(server)
    for n in range(many):
        remote.append(stream, [NewEvent.of("Noted", {"n": n})], expected=None)


def mirrored(store: Path, **ways: object) -> ImportCounts:
    address = address_of("memory://somebody:secret@here/list")
    return mirror_remote(address, into=store, is_endless=False, **ways)  # type: ignore[arg-type]


def followed(store: Path, steps: Iterator[bool], told: list[Distance]) -> ImportCounts:
    """Until the steps, one for each time that it is asked whether to end, say so."""
    return mirror_remote(
        address_of("memory://here/list"),
        into=store,
        on_distance=told.append,
        is_ended=lambda: next(steps),
    )


def rows(store: Path) -> list[tuple[int, str, int, str]]:
    with reading(store) as log:
        return [(it.position, it.stream, it.version, it.id) for it in log.read()]


def rows_of(server: Server) -> list[tuple[int, str, int, str]]:
    return [
        (at, it.stream, it.version, it.event.id) for at, it in enumerate(server.events, start=1)
    ]


def test_positions_streams_versions_and_ids_are_those_of_the_server(
    server: Server, store: Path
) -> None:
    for stream in ("a", "b", "a"):
        write(server, 7, stream)

    counts = mirrored(store)

    assert counts.stored == 21
    assert rows(store) == rows_of(server)


def test_the_next_mirror_goes_on_where_the_last_one_ended(server: Server, store: Path) -> None:
    write(server, 3)
    mirrored(store)
    write(server, 2)

    assert (mirrored(store).read, mirrored(store).read) == (2, 0)
    assert rows(store) == rows_of(server)


def write_many(server: Server, many: int) -> None:
    events = [NewEvent.of("Noted", {"n": n}) for n in range(many)]
    MemoryRemote(server).append("s-1", events, expected=None)


def test_batches_grow_so_that_a_long_copy_waits_for_the_disk_seldom(
    server: Server, store: Path
) -> None:
    write_many(server, 4 * PAGE + 1)
    stored: list[int] = []

    mirrored(store, on_batch=lambda counts: stored.append(counts.stored))

    assert stored == [PAGE, 2 * PAGE, PAGE + 1]
    assert rows(store) == rows_of(server)


def test_long_payloads_are_stored_before_there_are_too_many(
    server: Server, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_TEXT", 100)
    write_many(server, 3 * PAGE)
    stored: list[int] = []

    mirrored(store, on_batch=lambda counts: stored.append(counts.stored))

    assert stored == [PAGE, PAGE, PAGE]


def test_a_server_that_goes_away_in_the_middle_of_a_batch_loses_nothing_of_it(
    server: Server, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(server, 4 * PAGE)
    pages, page = iter(range(100)), MemoryRemote.page

    def until_the_third(
        remote: MemoryRemote, after: str | None, *, limit: int = PAGE
    ) -> Sequence[RemoteEvent]:
        server.is_down = next(pages) >= 2
        return page(remote, after, limit=limit)

    monkeypatch.setattr(MemoryRemote, "page", until_the_third)

    with pytest.raises(Unreachable):
        mirrored(store)

    assert rows(store) == rows_of(server)[: 2 * PAGE]


def test_the_guards_of_the_log_are_there_again_after_a_long_batch(
    server: Server, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "FEW", 5)
    write_many(server, 20)
    with closing(open_store(tmp_path / "new.foldline", create=True)):
        pass

    mirrored(store)

    assert triggers(store) == triggers(tmp_path / "new.foldline")


def triggers(log: Path) -> list[tuple[str, str]]:
    with closing(open_log(log)) as db:
        return db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
        ).fetchall()


def test_an_empty_server_makes_an_empty_mirror_that_knows_where_it_belongs(
    server: Server, store: Path
) -> None:
    assert (mirrored(store).read, mirrored(store).read) == (0, 0)

    origin = origin_of(store)
    assert rows(store) == []
    assert origin is not None
    assert (origin.address, origin.cursor) == ("memory://somebody@here/list", None)
    write(server, 2)
    assert mirrored(store).stored == 2


def test_the_newest_address_is_kept_though_nothing_came(server: Server, store: Path) -> None:
    write(server, 2)
    mirrored(store)

    counts = mirror_remote(address_of("memory://elsewhere/list"), into=store, is_endless=False)

    origin = origin_of(store)
    assert counts.stored == 0
    assert origin is not None
    assert (origin.address, origin.cursor) == ("memory://elsewhere/list", "2:" + rows(store)[1][3])
    write(server, 1)
    assert mirrored(store).stored == 1


def test_what_comes_while_it_follows_is_stored_and_the_distance_is_told(
    server: Server, store: Path
) -> None:
    told = list[Distance]()

    def steps() -> Iterator[bool]:
        for _ in range(5):
            write(server, 2)
            yield False
        while Distance() not in told:
            yield False
        yield from iter(lambda: True, False)

    write(server, 1)
    followed(store, steps(), told)

    assert rows(store) == rows_of(server)
    assert [it.text for it in told][-1] == "up to date"


def test_a_server_that_goes_and_comes_back_is_waited_for(server: Server, store: Path) -> None:
    told = list[Distance]()

    def steps() -> Iterator[bool]:
        yield from [False] * 3
        server.is_down = True
        while not any(it.trouble for it in told):
            yield False
        server.is_down = False
        write(server, 3)
        while len(rows(store)) < 5:
            yield False
        yield from iter(lambda: True, False)

    write(server, 2)
    followed(store, steps(), told)

    assert next(it.text for it in told if it.trouble) == "nobody answers; trying again"
    assert rows(store) == rows_of(server)


def test_a_server_that_is_not_there_is_an_error_at_first_and_makes_no_store(
    server: Server, store: Path
) -> None:
    server.is_down = True

    with pytest.raises(Unreachable, match=r"nobody answers: memory://somebody@here/list$"):
        mirrored(store)
    assert not store.exists()


def shortened(server: Server) -> None:
    del server.events[2:]


def restored(server: Server) -> None:
    del server.events[2:]
    write(server, 9)


def replaced(server: Server) -> None:
    server.identity = "memory-2"


@pytest.mark.parametrize("spoil", [shortened, restored, replaced])
def test_a_server_that_lost_what_was_read_is_told_and_nothing_is_mixed(
    server: Server, store: Path, spoil: Callable[[Server], None]
) -> None:
    write(server, 5)
    mirrored(store)
    before = rows(store)
    spoil(server)

    with pytest.raises(RemoteReplaced):
        mirrored(store)
    assert rows(store) == before


def test_another_store_that_comes_up_while_it_follows_is_told(server: Server) -> None:
    def comes_up_as_another(distance: Distance) -> None:
        if distance.trouble:
            server.is_down, server.identity = False, "memory-2"

    write(server, 1)
    batches = RemoteFeed(lambda: MemoryRemote(server), tell=comes_up_as_another).batches(None)
    next(batches)
    server.is_down = True

    with pytest.raises(RemoteReplaced, match="another one"):
        next(batches)


def test_a_store_with_events_of_its_own_is_left_alone(server: Server, store: Path) -> None:
    write(server, 2)
    log = open_store(store, create=True)
    log.append("mine", [NewEvent.of("Own", {})], expected=None)
    log.close()

    with pytest.raises(NotAMirror, match="came from elsewhere"):
        mirrored(store)
    assert len(rows(store)) == 1


def test_a_mirror_that_was_written_to_is_told(server: Server, store: Path) -> None:
    write(server, 2)
    mirrored(store)
    log = open_store(store)
    log.append("s-1", [NewEvent.of("Own", {})], expected=2)
    log.close()

    with pytest.raises(NotAMirror):
        mirrored(store)


def test_passwords_of_addresses_are_not_kept(server: Server, store: Path) -> None:
    write(server, 1)
    mirrored(store)

    for file in store.parent.iterdir():
        assert b"secret" not in file.read_bytes()


class Waiting(MemoryRemote):
    """Whose last event stands behind a transaction that has not ended, for some looks."""

    def __init__(self, server: Server, looks: int) -> None:
        super().__init__(server)
        self.looks = looks

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        found = super().page(after, limit=limit)
        if found and found[-1] is self._server.events[-1] and self.looks:
            self.looks -= 1
            return found[:-1]
        return found


def test_what_waits_for_an_open_transaction_is_waited_for_and_told(server: Server) -> None:
    told = list[Distance]()
    write(server, 3)
    feed = RemoteFeed(lambda: Waiting(server, looks=4), is_endless=False, tell=told.append)

    batches = [len(it.records) for it in feed.batches(None)]

    assert batches == [2, 1]
    assert 1 in [it.events for it in told]


def test_the_scheme_of_an_address_makes_no_other_store(server: Server) -> None:
    names = {RemoteFeed(lambda: MemoryRemote(server), scheme=it).name for it in ("memory", "")}

    assert names == {"memory:memory-1"}
