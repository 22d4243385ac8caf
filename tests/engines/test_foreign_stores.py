"""Event stores of other programs in a real PostgreSQL, made and written by their own SQL."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from replay.command_line import run
from resources.engines.postgresql import PostgresServer, found_programs
from store.errors import StoreError
from store.opening import reading
from store.remote.address import address_of
from store.remote.errors import NotARemote, OnlyRead
from store.remote.interface import RemoteEvent, RemoteReader
from store.remote.kind import kind_of
from store.remote.preset import presets
from tests.contracts.remote_reader import (
    Named,
    Opened,
    RemoteReaderContract,
    Write,
    everything,
)
from tests.engines.foreign.axon import INSERT
from tests.engines.foreign.library import FOLDER, Library, Written, libraries, make, stream_of

WRITERS, EACH = 6, 15


@pytest.fixture(params=[it.name for it in presets()])
def library(request: pytest.FixtureRequest) -> Library:
    found: Library = libraries()[request.param]
    return found


@pytest.fixture
def url(postgresql: PostgresServer, library: Library) -> str:
    """Of a store of that program with nothing in it."""
    return make(library, postgresql.address)


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    with ExitStack() as stack:
        address = address_of(url)
        yield lambda: stack.enter_context(closing(kind_of(address).open_reader(address)))


@pytest.fixture
def reader(opened: Opened) -> RemoteReader:
    return opened()


def appended(url: str, library: Library, stream: str, version: int, many: int = 1) -> None:
    with psycopg.connect(url) as db:
        library.append(db, stream_of(library, stream), version, [Written() for _ in range(many)])


class TestForeignStore(RemoteReaderContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            address = address_of(url)
            yield lambda: stack.enter_context(closing(kind_of(address).open_reader(address)))

    @pytest.fixture
    def named(self, library: Library) -> Named:
        return lambda name: stream_of(library, name)

    @pytest.fixture
    def write(self, url: str, library: Library) -> Write:
        """Each stream from one thread at a time."""
        versions: dict[str, int] = {}

        def write(stream: str, many: int) -> None:
            appended(url, library, stream, versions.get(stream, 0), many)
            versions[stream] = versions.get(stream, 0) + many

        return write


def test_every_preset_has_a_library_that_writes_such_a_store() -> None:
    assert {it.name for it in presets()} == libraries().keys()


def test_a_reader_misses_no_event_of_six_writers_with_open_transactions(
    reader: RemoteReader, url: str, library: Library
) -> None:
    def write(at: int) -> None:
        version = 0
        for n in range(EACH):
            with psycopg.connect(url) as db:
                db.execute("SELECT pg_current_xact_id()")  # long before it appends
                library.append(db, stream_of(library, f"s-{at}"), version, [Written()])
                db.execute("SELECT pg_sleep(0.004)")
                if n % 5 == 4:
                    db.rollback()
                else:
                    version += 1

    threads = [threading.Thread(target=write, args=[it]) for it in range(WRITERS)]
    for it in threads:
        it.start()
    seen, after = list[RemoteEvent](), None
    while any(it.is_alive() for it in threads):
        if found := reader.page(after, limit=4):
            seen += found
            after = found[-1].cursor
    for it in threads:
        it.join()
    while reader.distance(after) or len(seen) < WRITERS * EACH * 4 // 5:
        if found := reader.page(after, limit=4):
            seen += found
            after = found[-1].cursor

    assert len(seen) == len({it.event.id for it in seen}) == WRITERS * EACH * 4 // 5
    for at in range(WRITERS):
        stream = stream_of(library, f"s-{at}")
        assert [it.version for it in seen if it.stream == stream] == list(range(1, 13))


@pytest.mark.parametrize(
    "library", [name for name, it in libraries().items() if not it.locks_others], indirect=True
)
def test_an_event_before_an_open_transaction_is_read_and_one_behind_it_is_waited_for(
    reader: RemoteReader, url: str, library: Library
) -> None:
    appended(url, library, "other-1", 0)
    with psycopg.connect(url) as db:
        library.append(db, stream_of(library, "a-1"), 0, [Written()])
        appended(url, library, "b-1", 0)

        (first,) = everything(reader)
        assert reader.distance(first.cursor) == 1
    found = list[RemoteEvent]()
    while len(found) < 2:
        found += everything(reader, (found or [first])[-1].cursor)

    assert [it.stream for it in found] == [stream_of(library, it) for it in ("a-1", "b-1")]


def test_an_account_that_may_only_read_is_enough_and_nothing_is_written(
    url: str, library: Library
) -> None:
    appended(url, library, "a-1", 0)
    with psycopg.connect(url) as db:
        db.execute("DROP ROLE IF EXISTS looks")
        db.execute("CREATE ROLE looks LOGIN PASSWORD 'looks'")
        for (schema,) in db.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'message_store')"
        ).fetchall():
            db.execute(f"GRANT USAGE ON SCHEMA {schema} TO looks".encode())
            db.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO looks".encode())
        for (oid,) in db.execute("SELECT oid::text FROM pg_largeobject_metadata").fetchall():
            db.execute(f"GRANT SELECT ON LARGE OBJECT {oid} TO looks".encode())
    address = address_of(url.replace("postgres@", "looks:looks@"))

    with closing(kind_of(address).open_reader(address)) as mine:
        assert len(everything(mine)) == 1
    with psycopg.connect(url) as db:
        db.execute("DROP OWNED BY looks")
        db.execute("DROP ROLE looks")


def test_nothing_is_appended_to_the_store_of_another_program(url: str, library: Library) -> None:
    address = address_of(url)

    with pytest.raises(OnlyRead, match="is only read") as raised:
        kind_of(address).open_store(address)
    assert str(raised.value).endswith(address.shown)


@pytest.mark.parametrize("library", ["marten"], indirect=True)
def test_a_number_that_was_taken_before_the_transaction_is_found_late(
    reader: RemoteReader, url: str, library: Library
) -> None:
    """As Marten's append mode "Rich" takes them; after its patience what is behind it is read."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("SELECT nextval('mt_events_sequence')")
    appended(url, library, "b-1", 0)
    assert (list(reader.page(None)), reader.distance(None)) == ([], 1)
    found = list[RemoteEvent]()
    while not found:
        found += reader.page(None)
    with psycopg.connect(url) as db:
        db.execute("ALTER SEQUENCE mt_events_sequence RESTART WITH 1")
        library.append(db, stream_of(library, "a-1"), 0, [Written()])

    late = everything(reader, found[-1].cursor)

    assert [(it.place, it.stream) for it in late] == [("1", stream_of(library, "a-1"))]
    assert everything(reader, late[-1].cursor) == []
    assert reader.distance(late[-1].cursor) == 0


@pytest.mark.parametrize("library", ["axon"], indirect=True)
def test_numbers_of_a_block_are_found_whenever_they_are_used(url: str, library: Library) -> None:
    """As Hibernate takes them with an allocationSize of 50."""
    with psycopg.connect(url) as db:
        db.execute("ALTER SEQUENCE domain_event_entry_global_index_seq INCREMENT BY 50")
    insert = INSERT.replace("(event_identifier", "(global_index, event_identifier").replace(
        "VALUES (", "VALUES (%s, "
    )
    address, seen, after = address_of(url), list[str](), None
    with closing(kind_of(address).open_reader(address)) as reader:
        for number in (1, 51, 2, 52, 3):
            with psycopg.connect(url) as db:
                db.execute(insert, [number, str(number), f"s-{number}", 0, "Noted", b"{}", b"{}"])
            found = list[RemoteEvent]()
            while not found:
                found += reader.page(after)
            after = found[-1].cursor
            seen += [it.place for it in found]

    assert seen == ["1", "51", "2", "52", "3"]


def test_the_program_is_told_by_its_tables_alone(
    url: str, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    appended(url, library, "a-1", 0)

    assert run(["engines", "show", url, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    (title,) = (it.title for it in presets() if it.name == library.preset)
    assert (told["program"], told["events"], told["can_append"]) == (title, 1, False)
    assert run(["engines", "show", f"{url}&preset={library.preset}"]) == 0
    assert title in capsys.readouterr().out


@pytest.mark.parametrize("library", ["axon"], indirect=True)
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("preset=marten", "no tables of the preset marten are there"),
        ("preset=axon&schema=none", "no tables of the preset axon are there"),
        ("preset=mine", "no preset is named 'mine'"),
        ("schema=none", "holds no event store of Foldline"),
    ],
)
def test_a_wrong_preset_or_schema_is_a_sentence(
    url: str, library: Library, options: str, says: str
) -> None:
    address = address_of(f"{url}&{options}")

    with pytest.raises(StoreError, match=says):
        kind_of(address).open_reader(address)


def test_two_stores_in_one_database_have_to_be_named(postgresql: PostgresServer) -> None:
    found = libraries()
    url = make(found["axon"], postgresql.address)
    with psycopg.connect(url) as db:
        db.execute((FOLDER / found["marten"].tables).read_bytes())
    address = address_of(url)

    with pytest.raises(NotARemote, match=r"preset=axon&schema=public.*preset=marten"):
        kind_of(address).open_reader(address)
    named = address_of(f"{url}&preset=marten")
    kind_of(named).open_reader(named).close()


def test_a_mirror_holds_what_an_import_of_a_dump_would(
    url: str, library: Library, tmp_path: Path
) -> None:
    for version in range(3):
        appended(url, library, "a-1", version)
    appended(url, library, "b-1", 0, many=2)
    dump, mirrored, imported = (tmp_path / it for it in ("d.sql", "m.foldline", "i.foldline"))
    programs = found_programs()
    assert programs is not None
    command = [programs / "pg_dump", "--format=plain", "-f", dump, url]
    subprocess.run([str(it) for it in command], check=True, timeout=120)

    assert run(["mirror", url, "--into", str(mirrored)]) == 0
    (format_name,) = {it.layout.name for it in presets() if it.name == library.preset}
    given = ["--into", str(imported), "--format", format_name]
    assert run(["import", str(dump), *given]) == 0

    is_so = library.preset == "axon-5"
    one, other = (events_in(it, has_large_objects=is_so) for it in (mirrored, imported))
    assert one == other


def events_in(store: Path, *, has_large_objects: bool) -> list[tuple[object, ...]]:
    """Everything of them but what large objects hold, which a dump of a table has not."""
    with reading(store) as log:
        return [
            (it.stream, it.version, it.type, it.id, it.occurred_at_us, it.occurred_offset_min)
            + (it.recorded_at_us, it.recorded_offset_min)
            + (() if has_large_objects else (it.data, it.metadata, it.source))
            for it in log.read()
        ]
