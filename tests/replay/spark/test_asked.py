"""rebuild --on, as far as it comes without Spark: what is typed wrong, and nobody at an address."""

import socket
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from replay.parts.errors import MasterSilent, WrongMaster
from replay.spark.master import master_of
from tests.replay.logs import make_log
from tests.replay.verbs.conftest import Run, run

__all__ = ["run"]  # a fixture


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "shop.foldline", 30)


@pytest.mark.parametrize("text", ["local", "local[2]", "local[*]", "spark://a:7077,b:7077"])
def test_a_master_is_local_or_a_cluster(text: str) -> None:
    assert master_of(text).text == text
    assert master_of(text).is_local == text.startswith("local")


@pytest.mark.parametrize("text", ["", "yarn", "local[0]", "local[2", "spark://a", "http://a:1"])
def test_other_masters_are_refused_with_examples(text: str) -> None:
    with pytest.raises(WrongMaster) as caught:
        master_of(text)

    assert "local[2], spark://HOST:7077" in caught.value.hint


def test_a_master_on_this_machine_is_told_from_others() -> None:
    assert master_of("spark://127.0.0.1:7077").is_on_loopback
    assert master_of("local[2]").is_on_loopback
    assert not master_of("spark://10.0.0.1:7077").is_on_loopback


def test_nobody_at_the_address_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MasterSilent, match="no master answers there"):
        master_of(f"spark://127.0.0.1:{port}").require_answer()


class Page(BaseHTTPRequestHandler):
    """What the web page of a master would be."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html></html>")

    def log_message(self, format: str, *args: object) -> None:
        """It is silent."""


@pytest.fixture
def web_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_web_page_is_told_from_a_master(web_port: int) -> None:
    master = master_of(f"spark://127.0.0.1:{web_port}")
    master.require_answer()

    with pytest.raises(MasterSilent, match="a web server answers there") as caught:
        master.require_master()

    assert "spark://" in caught.value.hint


def test_a_server_that_ends_the_connection_may_be_a_master(web_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = Thread(target=lambda: server.accept()[0].close())
        thread.start()

        master_of(f"spark://127.0.0.1:{web_port},127.0.0.1:{port}").require_master()

        thread.join()


def test_one_master_of_several_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        master_of(f"spark://127.0.0.1:1,127.0.0.1:{port}").require_answer()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("rebuild {store} streams --from {store}", "need --on"),
        ("rebuild {store} streams --on local[2] --beside", "cannot be used with --beside"),
        ("rebuild streams --on yarn --from {store}", "no master of Spark"),
        ("rebuild streams --on local[2] --from {store} --set cores=2", "spark.NAME=VALUE"),
        ("rebuild streams --on local[2] --from {store} --into parquet:", "names no folder"),
        ("rebuild streams --on local[2] --from kafka:// --into parquet:x", "no address"),
    ],
)
def test_what_is_typed_wrong_is_told_before_anything_begins(
    store: Path, run: Run, line: str, sentence: str
) -> None:
    code, _, told = run(*line.format(store=store).split())

    assert code == 2
    assert sentence in told


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nothing", "no view 'nothing'"), ("timeline", "timeline cannot be folded there")],
)
def test_a_view_that_cannot_go_there_is_told_before_spark_is_started(
    store: Path, run: Run, name: str, sentence: str
) -> None:
    code, _, told = run("rebuild", name, "--on", "local[2]", "--from", store)

    assert code == 1
    assert sentence in told


def test_without_spark_the_line_to_type_is_told(
    store: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyspark", "py4j", "py4j.protocol", "replay.spark.session"):
        monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.delitem(sys.modules, "replay.spark.session", raising=False)

    code, _, told = run("rebuild", store, "streams", "--on", "local[2]")

    assert code == 1
    assert "the package that speaks to Spark is not installed" in told
    assert "pip install 'foldline[spark]'" in told
