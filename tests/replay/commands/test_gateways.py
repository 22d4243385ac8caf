"""Gateways onto real sinks, a file and an HTTP endpoint on this machine; no replay reaches one."""

import json
import resource
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.rebuild import rebuild
from replay.commands.decide import CommandHandler
from replay.commands.gateways import FileGateway, GatewayFailed, HttpGateway, gateways_of
from replay.commands.rerun import Rerun
from replay.processes.deliveries import Deliveries
from replay.states.model_set import bundled_models
from store.opening import open_reader
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.issued import issued

Said = tuple[str, dict[str, Any]]  # the Idempotency-Key, and the body


class Sink:
    """An HTTP endpoint that keeps what it is told, and answers what it was told to."""

    def __init__(self) -> None:
        self.heard: list[Said] = []
        self.answer = b'"thank you"'
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.heard.append((self.headers["Idempotency-Key"], json.loads(body)))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(sink.answer)

            def log_message(self, *_facts: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


class Office:
    """A store whose gateways are those of the file beside it."""

    def __init__(self, path: Path, gateways: dict[str, Any]) -> None:
        self.path = path
        path.with_name(path.name + "-gateways.json").write_text(json.dumps(gateways))
        self.store = open_store(path, create=True)
        self.gateways = gateways_of(Place(path))
        self.handler = CommandHandler(self.store, bundled_models(), gateways=self.gateways)

    def do(self, command: str, **data: Any) -> None:
        answered = self.handler.issue(issued(command, data))
        assert answered.status == "done", answered

    def deliver(self) -> int:
        clock = lambda: 2_000_000_000_000_000  # noqa: E731
        return Deliveries(self.store, self.gateways, clock_us=clock).send_waiting()

    def replay_ten_times(self) -> None:
        log = open_reader(self.path)
        for _ in range(10):
            rebuild(log)
            list(Rerun(self.store, bundled_models(), Place(self.path)).commands())
            self.deliver()
        log.close()


Open = Callable[[dict[str, Any]], Office]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Open]:
    opened: list[Office] = []

    def open_office(gateways: dict[str, Any]) -> Office:
        opened.append(Office(tmp_path / "a.foldline", gateways))
        return opened[-1]

    yield open_office
    for it in opened:
        it.store.close()


def arrive(office: Office) -> None:
    office.do("RegisterPort", code="vancouver", name="Vancouver", country="Canada")
    office.do("RegisterShip", code="king-roy", name="King Roy")
    office.do("ReportArrival", ship="king-roy", port="vancouver", occurred="2005-11-02")


NOTICE = {"day": "2005-11-02", "ship": "king-roy", "port": "vancouver"}


def test_a_live_arrival_is_one_line_in_the_file_and_ten_replays_add_none(
    office: Open, tmp_path: Path
) -> None:
    customs = office({"customs": {"kind": "file", "messages": "customs.jsonl"}})
    arrive(customs)

    assert customs.deliver() == 1
    customs.replay_ten_times()

    (line,) = (tmp_path / "customs.jsonl").read_text().splitlines()
    assert json.loads(line)["message"] == NOTICE


def test_a_live_arrival_is_one_request_and_ten_replays_send_none(office: Open, sink: Sink) -> None:
    customs = office({"customs": {"kind": "http", "url": sink.url}})
    arrive(customs)

    assert customs.deliver() == 1
    customs.replay_ten_times()

    ((key, body),) = sink.heard
    assert body["message"] == NOTICE
    assert key == f'"{body["id"]}"'
    ((_, delivery),) = customs.store.beside.outbox.latest(limit=5)
    assert delivery is not None
    assert delivery.answer == '"thank you"'


def test_a_purchase_is_one_exchange_with_the_bank_however_often_it_is_replayed(
    office: Open, sink: Sink
) -> None:
    """It asks and buys at once, so it is recorded as one exchange and replayed as its answer."""
    sink.answer = b'{"orderId":"b-1"}'
    broker = office({"bank": {"kind": "http", "url": sink.url}})
    broker.do("OpenOrderBook", id="1", owner="Ada", accountId="7")
    broker.do("PerformBuyOrder", orderBookId="1", order={"amount": 5, "isin": "IE00B4L5Y983"})

    broker.replay_ten_times()

    assert len(sink.heard) == 1
    assert sink.heard[0][0], (
        "without a key the bank could not tell a second try from a second order"
    )
    assert broker.handler.state_of("orderbook-1")[0].sent == ("b-1",)


def test_a_file_of_answers_is_asked_by_the_request(office: Open, tmp_path: Path) -> None:
    table = {'{"cargo":"tea","day":"2005-11-02"}': 100}
    (tmp_path / "prices.json").write_text(json.dumps(table))
    prices = office({"pricing": {"kind": "file", "answers": "prices.json"}}).gateways

    assert prices.ask("pricing", {"cargo": "tea", "day": "2005-11-02"}, once="c") == 100
    with pytest.raises(
        GatewayFailed, match=r"prices.json holds no answer to .*2005-12-05.*pricing"
    ):
        prices.ask("pricing", {"cargo": "tea", "day": "2005-12-05"}, once="c")


@pytest.mark.parametrize("answer", [b"<html>", b"", b"\xff\xfe"])
def test_an_answer_that_is_no_json_is_told(sink: Sink, answer: bytes) -> None:
    sink.answer = answer

    with pytest.raises(ValueError, match="its answer is not valid JSON"):
        HttpGateway(sink.url).ask({}, once="c")


def test_who_does_not_speak_http_is_told_and_stops_nothing(office: Open) -> None:
    """Customs answers with junk: the message stays and is tried again later."""
    with _junk() as url:
        customs = office({"customs": {"kind": "http", "url": url}})
        arrive(customs)

        customs.deliver()

    ((_, delivery),) = customs.store.beside.outbox.latest(limit=5)
    assert delivery is not None
    assert delivery.status == "failed"
    assert "did not answer with valid HTTP" in delivery.answer


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "http", "url": "http://example.org/"},
        {"kind": "http", "url": "file:///etc/passwd"},
        {"kind": "pigeon"},
        {"url": "http://localhost/"},
        "customs",
    ],
)
def test_what_is_no_gateway_on_this_machine_is_refused_by_the_files_name(
    tmp_path: Path, facts: Any
) -> None:
    (tmp_path / "a.foldline-gateways.json").write_text(json.dumps({"customs": facts}))

    with pytest.raises(GatewayFailed, match=r"cannot be parsed.*a.foldline-gateways.json"):
        gateways_of(Place(tmp_path / "a.foldline"))


class _junk:  # noqa: N801 (used as a function)
    """A server that says something else than HTTP to one caller."""

    def __enter__(self) -> str:
        import socket

        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def _serve(self) -> None:
        caller, _ = self._listener.accept()
        with caller:
            caller.recv(4_096)
            caller.sendall(b"220 mail.example.org ESMTP\r\n")

    def __exit__(self, *_facts: object) -> None:
        self._thread.join()
        self._listener.close()


def test_a_message_that_the_disk_has_no_room_for_leaves_no_half_line(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    gateway = FileGateway(messages=path)
    gateway.send("1", {"text": "first"})
    whole = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 10, limits[1]))
    try:
        with pytest.raises(OSError, match=r"No space|too large"):
            gateway.send("2", {"text": "second"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert path.read_bytes() == whole
