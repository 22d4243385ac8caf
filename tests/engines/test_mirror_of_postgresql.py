"""A local copy of a real PostgreSQL store, whoever is killed when."""

import random
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from replay.command_line import run
from resources.engines.postgresql import PostgresServer
from store.errors import StoreError
from store.events import NewEvent
from store.opening import reading
from store.remote.address import address_of
from store.remote.errors import RemoteReplaced
from store.remote.kind import kind_of
from store.remote.mirroring import mirror_remote
from store.remote.postgresql.writer import PostgresStore
from tests.contracts.remote_reader import everything
from tests.engines.mirror_process import ended, mirroring, until

EVENTS = 400


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """Of a new, empty event store."""
    found = f"{postgresql.address}&schema=m{uuid4().hex}"
    kind_of(address_of(found)).create(address_of(found))
    return found


@pytest.fixture
def remote(url: str) -> Iterator[PostgresStore]:
    with closing(PostgresStore(address_of(url))) as store:
        yield store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "mirror.foldline"


def write(remote: PostgresStore, many: int) -> None:
    for n in range(many):
        remote.append(f"s-{n % 7}", [NewEvent.of("Noted", {"n": n})], expected=None)


def head(store: Path) -> int:
    """0 while there is no store yet."""
    with suppress(StoreError), reading(store) as log:
        return log.head()
    return 0


def rows(store: Path) -> list[tuple[str, str, int, str, str]]:
    with reading(store) as log:
        return [(str(it.position), it.stream, it.version, it.id, it.data_json) for it in log.read()]


def rows_of(remote: PostgresStore) -> list[tuple[str, str, int, str, str]]:
    return [
        (it.place, it.stream, it.version, it.event.id, it.event.data_json)
        for it in everything(remote, limit=500)
    ]


def test_the_verb_copies_what_is_there(
    remote: PostgresStore, url: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(remote, 25)

    assert run(["mirror", url, "--into", str(store)]) == 0

    assert "25 events stored in mirror.foldline" in capsys.readouterr().out
    assert rows(store) == rows_of(remote)


def test_a_mirror_that_is_killed_again_and_again_misses_nothing_and_has_nothing_twice(
    remote: PostgresStore, url: str, store: Path
) -> None:
    chance = random.Random(7)
    for _ in range(4):
        process = mirroring(url, store)
        at = head(store)
        write(remote, EVENTS // 4)
        wanted = at + chance.randrange(1, 60)
        until(lambda: head(store) >= wanted, process)  # noqa: B023
        assert ended(process) == ""

    mirror_remote(address_of(url), into=store, is_endless=False)

    assert len(rows(store)) == EVENTS
    assert rows(store) == rows_of(remote)


def test_a_mirror_goes_on_when_the_server_was_killed_and_is_back(
    remote: PostgresStore, url: str, store: Path, postgresql: PostgresServer
) -> None:
    process = mirroring(url, store)
    write(remote, 50)
    until(lambda: head(store) == 50, process)

    postgresql.kill()
    postgresql.start()
    write(remote, 50)

    until(lambda: head(store) == 100, process)
    assert ended(process) == ""
    assert rows(store) == rows_of(remote)


def test_a_store_that_was_made_anew_under_the_same_name_is_told(
    remote: PostgresStore, url: str, store: Path
) -> None:
    write(remote, 5)
    mirror_remote(address_of(url), into=store, is_endless=False)
    plain, _, schema = url.partition("&schema=")
    with psycopg.connect(plain) as db:
        db.execute(f"DROP SCHEMA {schema} CASCADE".encode())
    kind_of(address_of(url)).create(address_of(url))

    with pytest.raises(RemoteReplaced, match="another one"):
        mirror_remote(address_of(url), into=store, is_endless=False)
    assert head(store) == 5
