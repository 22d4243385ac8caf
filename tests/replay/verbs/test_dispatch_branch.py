"""dispatch --branch: timers and process managers work in the branch, and no gateway is reached."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from replay.commands.gateways import FILE
from store.opening import reading
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run
from tests.replay.verbs.test_conference_verbs import MADE, REGISTER, dispatch, issue, types


@pytest.fixture
def gopher(tmp_path: Path, run: Run) -> Path:
    """A conference that sells seats; one order is waiting for its payment in a branch."""
    path = tmp_path / "gopher.foldline"
    open_store(path, create=True).close()
    dispatch(run, path)
    for command, data in MADE:
        issue(run, path, command, data)
    dispatch(run, path)
    assert run("branch", "new", path, "plan")[0] == 0
    return path


def head(line: Path) -> int:
    with reading(line) as log:
        return log.head()


def test_timers_and_process_managers_work_in_the_branch_alone(run: Run, gopher: Path) -> None:
    plan, before = Place(gopher).branch("plan"), head(gopher)
    issue(run, plan, "RegisterToConference", REGISTER)

    told = dispatch(run, gopher, "--branch", "plan")
    assert told["heard"] > 0
    assert told["sends"] is False
    assert "OrderReservationCompleted" in types(plan, "order-o1")
    told = dispatch(run, gopher, "--branch", "plan", "--advance", "29min")

    assert "OrderExpired" in types(plan, "order-o1")
    assert (head(gopher), types(gopher, "order-o1")) == (before, [])
    assert "sends" not in dispatch(run, gopher)


class Customs(BaseHTTPRequestHandler):
    """A gateway that notes that it was reached."""

    reached: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.reached.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing is printed."""


def test_no_gateway_is_reached_and_that_is_said(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "ships.foldline"
    open_store(store, create=True).close()
    server = HTTPServer(("localhost", 0), Customs)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        gateway = {"kind": "http", "url": f"http://localhost:{server.server_port}/"}
        FILE.path(Place(store)).write_text(json.dumps({"customs": gateway, "pricing": gateway}))
        for code in ("sfo", "van"):
            country = "US" if code == "sfo" else "CA"
            register = json.dumps({"code": code, "name": code, "country": country})
            assert run("issue", store, "RegisterPort", "--data", register)[0] == 0
        assert run("branch", "new", store, "plan")[0] == 0
        ship = '{"code":"roy","name":"Roy"}'
        assert run("issue", store, "RegisterShip", "--data", ship, "--branch", "plan")[0] == 0
        for port, day in (("sfo", "2005-11-01"), ("van", "2005-11-02")):
            arrival = json.dumps({"ship": "roy", "port": port, "occurred": day})
            done = run("issue", store, "ReportArrival", "--data", arrival, "--branch", "plan")
            assert done[0] == 0, done

        left, out, err = run("dispatch", store, "--branch", "plan")
        shown = run("outbox", store, "--branch", "plan", "--json")[1]
    finally:
        server.shutdown()
        server.server_close()

    assert (left, err) == (0, "")
    assert "nothing is sent from a branch: its messages are marked as withdrawn" in out
    assert Customs.reached == []
    messages = [json.loads(it) for it in shown.splitlines()]
    assert messages, shown
    assert "withdrawn" in shown
