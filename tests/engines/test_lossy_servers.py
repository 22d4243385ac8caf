"""One reply in twenty of a server is lost on its way, each with its connection: what is recorded is
what commands led to, once."""

import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from msgspec.json import encode

from replay.command_line import run
from resources.engines.cassandra import CassandraServer
from resources.engines.postgresql import PostgresServer
from store.opening import reading
from store.remote.address import address_of
from store.remote.kind import kind_of
from tests.contracts.remote_reader import everything
from tests.engines.bank_commands import commands, decided_here, facts
from tests.engines.lossy_proxy import LossyProxy
from tests.engines.supervised import Supervised, until

LOST_ONE_IN = 20


def test_postgresql(postgresql: PostgresServer, tmp_path: Path) -> None:
    url = f"{postgresql.address}&schema=l{uuid4().hex}"

    require_once(url, postgresql.port, tmp_path, many=40)


def test_cassandra(cassandra: CassandraServer, tmp_path: Path) -> None:
    """A connection to it takes twenty replies, and a command as many: each takes seconds."""
    url = f"{cassandra.address}/k{uuid4().hex}?shards=4"

    require_once(url, cassandra.port, tmp_path, many=8)


def require_once(url: str, port: int, folder: Path, *, many: int) -> None:
    wanted = commands()[:many]
    here = decided_here(folder / "here.foldline", wanted)
    office, told, asked = folder / "office.foldline", folder / "told", folder / "commands"
    told.touch()
    asked.write_bytes(b"".join(encode(it) + b"\n" for it in wanted))
    kind_of(address_of(url)).create(address_of(url))
    assert run(["mirror", url, "--into", str(office)]) == 0
    with LossyProxy(port, lost_one_in=LOST_ONE_IN) as proxy:
        lossy = url.replace(f":{port}/", f":{proxy.port}/")
        line = [sys.executable, "-m", "tests.engines.office_process", str(office), lossy]
        with Supervised("office", [*line, str(asked), str(told)]) as office_process:
            until(lambda: len(told.read_text().split()) == many, [office_process], within="lost")
        assert proxy.swallowed > 2

    assert run(["mirror", url, "--into", str(office)]) == 0
    with reading(here) as log, reading(office) as mirrored:
        assert facts(mirrored.read()) == facts(log.read())
        recorded = sorted((it.stream, it.version, it.id) for it in log.read())
    with closing(kind_of(address_of(url)).open_store(address_of(url))) as remote:
        there = [(it.stream, it.version, it.event.id) for it in everything(remote)]
    assert sorted(there) == recorded
