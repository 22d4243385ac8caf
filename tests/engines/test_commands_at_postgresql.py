"""Commands in the mirror of a real PostgreSQL store, also when the process is killed."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from replay.children.environment import environment
from replay.command_line import run
from resources.engines.postgresql import PostgresServer
from store.events import NewEvent
from store.opening import reading
from store.remote.address import address_of
from store.remote.kind import kind_of
from store.remote.postgresql.writer import PostgresStore
from tests.contracts.remote_reader import everything

ISSUE = [
    *("PerformDeposit", "--data", '{"accountNumber":"1","amount":20}'),
    *("--id", "deposit-1", "--actor", "ada"),
]
# `issue`, killed as soon as the server has its events: at the second look there.
KILLED = """
import os, signal, sys
from replay.commands import remote_recorder
from replay.command_line import run
true, looks = remote_recorder.mirror_remote, []
def mirror(*given, **ways):
    looks.append(1)
    if len(looks) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return true(*given, **ways)
remote_recorder.mirror_remote = mirror
run(sys.argv[1:])
"""


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """Of an event store with one account."""
    found = f"{postgresql.address}&schema=c{uuid4().hex}"
    kind_of(address_of(found)).create(address_of(found))
    with closing(PostgresStore(address_of(found))) as remote:
        opened = NewEvent.of("BankAccountCreated", {"id": "1", "owner": "John Doe"})
        remote.append("account-1", [opened], expected=0)
    return found


@pytest.fixture
def store(url: str, tmp_path: Path) -> Path:
    path = tmp_path / "mirror.foldline"
    assert run(["mirror", url, "--into", str(path)]) == 0
    return path


def ids_here(store: Path) -> list[str]:
    with reading(store) as log:
        return [it.id for it in log.read()]


def ids_there(url: str) -> list[str]:
    with closing(PostgresStore(address_of(url))) as remote:
        return [it.event.id for it in everything(remote)]


def test_the_events_of_a_command_are_recorded_at_the_server(url: str, store: Path) -> None:
    assert run(["issue", str(store), *ISSUE]) == 0

    assert len(ids_there(url)) == 2
    assert ids_here(store) == ids_there(url)


def test_a_command_that_is_killed_between_the_server_and_here_is_settled_once(
    url: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", KILLED, "issue", str(store), *ISSUE]
    killed = subprocess.run(command, env=environment(), timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (len(ids_there(url)), len(ids_here(store))) == (2, 1)

    assert run(["issue", str(store), *ISSUE]) == 0

    assert "already done before" in capsys.readouterr().out
    assert len(ids_there(url)) == 2
    assert ids_here(store) == ids_there(url)


def test_process_managers_do_not_run_in_a_mirror(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["dispatch", str(store)]) == 1

    assert "holds just the events of a server" in capsys.readouterr().err
