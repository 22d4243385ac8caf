"""A server process: begun, waited for, ended. A shell stands for Java."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.local_engine import EngineNotStarted
from resources.engines.java_server import JavaServer
from resources.engines.processes import is_alive, is_free

READY = "echo ready; exec sleep 600"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JavaServer]:
    server = JavaServer(tmp_path / "server", title="Tea")
    yield server
    server.kill()


def test_it_runs_once_its_log_says_so_and_goes_on_alone(server: JavaServer) -> None:
    server.start(["sh", "-c", READY], ready="^ready")

    pid = server.pid
    assert pid
    assert JavaServer(server.folder, title="Tea").pid == pid
    server.start(["sh", "-c", "exit 1"], ready="never")
    assert server.pid == pid
    server.stop()
    assert (server.pid, is_alive(pid)) == (0, False)
    server.stop()


def test_what_an_earlier_run_said_is_no_sign_of_this_one(server: JavaServer) -> None:
    server.start(["sh", "-c", READY], ready="ready")
    server.kill()

    with pytest.raises(EngineNotStarted, match="no leaves"):
        server.start(["sh", "-c", "echo no leaves; exit 1"], ready="ready")
    assert server.pid == 0


def test_one_that_never_gets_ready_is_ended(server: JavaServer) -> None:
    with pytest.raises(EngineNotStarted, match="boiling"):
        server.start(["sh", "-c", "echo boiling; exec sleep 600"], ready="ready", within_s=0.5)

    assert server.pid == 0


def test_a_number_that_another_process_has_now_is_not_the_server(server: JavaServer) -> None:
    server.folder.mkdir()
    (server.folder / "pid").write_text(f"{os.getpid()} 12345", "utf-8")

    assert server.pid == 0
    server.stop()  # and it is left alone


def test_what_comes_before_the_server_says_why_it_failed(server: JavaServer) -> None:
    server.run(["sh", "-c", "exit 0"])

    with pytest.raises(EngineNotStarted, match="a wrong id"):
        server.run(["sh", "-c", "echo a wrong id; exit 1"])


def test_a_port_that_somebody_listens_at_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as it:
        port = it.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)
