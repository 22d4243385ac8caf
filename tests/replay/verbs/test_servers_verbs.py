"""`engines` and `mirror`: servers on this machine, and stores on servers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from replay import command_line
from replay.local_engine import EngineNotInstalled, LocalEngine
from replay.verbs import engines as engines_verb
from store.events import NewEvent
from store.opening import reading
from store.remote import mirroring
from store.remote.kind import RemoteKind
from tests.store.remote.memory_remote import MemoryRemote, Server

URL = "memory://somebody:secret@here/list"
Run = Callable[..., int]


class Machine:
    """replay.local_engine.LocalEngine of a server that is only said to run."""

    title = "Tryout"
    folder = Path("/somewhere")
    address = "memory://here/list"
    next_step = "Add a list."

    def __init__(self, *, is_installed: bool = True) -> None:
        self.pid = 0
        self._is_installed = is_installed

    def require_installed(self) -> None:
        if not self._is_installed:
            raise EngineNotInstalled(self.title, "apt-get install tryout")

    def start(self) -> None:
        self.require_installed()
        self.pid = 77

    def stop(self) -> None:
        self.pid = 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """What addresses lead to."""
    server = Server()
    kind = RemoteKind(
        schemes=("memory",),
        title="Memory",
        extra="memory",
        open_reader=lambda _address: MemoryRemote(server),
        open_store=lambda _address: MemoryRemote(server),
        create=lambda _address: server.identity,
    )
    for module in (mirroring, engines_verb):
        monkeypatch.setattr(module, "kind_of", lambda _address: kind)
    return server


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def run(machine: Machine) -> Run:
    def made() -> LocalEngine:
        return machine

    def run(*words: str) -> int:
        return command_line.run(words, engines={"tryout": made})

    return run


def test_a_server_is_started_listed_and_stopped(
    run: Run, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("engines", "list") == 0
    assert "engines up tryout" in capsys.readouterr().out
    assert run("engines", "up", "tryout") == 0
    assert capsys.readouterr().out == "memory://here/list\nAdd a list.\n"
    assert run("engines", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)["local"]
    assert [(it["name"], it["is_running"], it["address"]) for it in told] == [
        ("tryout", True, "memory://here/list")
    ]

    assert run("engines", "down", "tryout") == 0
    assert "Tryout has stopped" in capsys.readouterr().out
    assert run("engines", "down", "tryout") == 0
    assert "was not running" in capsys.readouterr().out
    assert machine.pid == 0


def test_a_server_that_nobody_knows_is_wrong_usage(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("engines", "up", "teapot") == 2
    assert "Choose one of: tryout." in capsys.readouterr().err


def test_a_server_that_is_not_installed_names_the_line_to_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = command_line.run(
        ["engines", "up", "tryout"], engines={"tryout": lambda: Machine(is_installed=False)}
    )

    assert code == 1
    assert "apt-get install tryout" in capsys.readouterr().err


def test_the_list_names_what_is_missing_before_a_server_is_started(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engines = {"tryout": lambda: Machine(is_installed=False)}

    assert command_line.run(["engines", "list"], engines=engines) == 0
    told = capsys.readouterr().out
    assert command_line.run(["engines", "list", "--json"], engines=engines) == 0
    (local,) = json.loads(capsys.readouterr().out)["local"]

    assert (
        "tryout on this machine: cannot be started, because Tryout is not installed on this "
        "machine. Install it with: apt-get install tryout"
    ) in told
    assert (local["missing"], local["hint"]) == (
        "Tryout is not installed on this machine",
        "Install it with: apt-get install tryout",
    )


def test_what_is_at_an_address_is_told_without_its_password(
    run: Run, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    MemoryRemote(server).append("s-1", [NewEvent.of("Noted", {})], expected=0)

    assert run("engines", "new", URL) == 0
    assert run("engines", "show", URL) == 0
    told = capsys.readouterr().out
    assert run("engines", "show", URL, "--json") == 0
    found = json.loads(capsys.readouterr().out)

    assert "1 event" in told
    assert "secret" not in told
    assert (found["store_id"], found["events"], found["order"]) == ("memory-1", 1, "global")


def test_a_mirror_tells_what_it_stored(
    run: Run, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "mirror.foldline"
    MemoryRemote(server).append("s-1", [NewEvent.of("Noted", {})] * 1, expected=0)

    assert run("mirror", URL, "--into", str(store)) == 0
    assert "1 event stored in mirror.foldline" in capsys.readouterr().out
    MemoryRemote(server).append("s-1", [NewEvent.of("Noted", {})], expected=1)
    assert run("mirror", URL, "--into", str(store), "--json") == 0
    lines = [json.loads(it) for it in capsys.readouterr().out.splitlines()]

    assert [it["stored"] for it in lines] == [1, 1]
    with reading(store) as log:
        assert log.head() == 2


def test_a_server_without_events_makes_an_empty_store_and_says_so(
    run: Run, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "mirror.foldline"

    assert run("mirror", URL, "--into", str(store)) == 0
    assert capsys.readouterr().out == "0 events stored in mirror.foldline\n"
    with reading(store) as log:
        assert log.head() == 0


def test_a_server_that_cannot_be_reached_is_one_sentence(
    run: Run, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.is_down = True

    assert run("mirror", URL, "--into", str(tmp_path / "m.foldline")) == 1
    assert capsys.readouterr().err.startswith("main.py: nobody answers: memory://somebody@here/")


@pytest.mark.parametrize("url", ["shop.foldline", "mysql://db/shop", "postgresql://db:99999/x"])
def test_what_is_no_address_is_wrong_usage(
    run: Run, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("mirror", url, "--into", str(tmp_path / "m.foldline")) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_who_may_only_read_mirrors_nothing(
    run: Run, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "m.foldline"

    assert run("mirror", URL, "--into", str(store), "--role", "read only") == 1
    assert not store.exists()
