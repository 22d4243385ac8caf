"""dispatch --branch: timers and process managers work in the branch, and no gateway is reached."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar, Final

import pytest

from replay.commands.gateways import FILE
from store.opening import reading
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run
from tests.replay.verbs.test_conference_verbs import MADE, REGISTER, dispatch, issue, types

MINUTE_US: Final = 60_000_000
DAY_US: Final = 24 * 60 * MINUTE_US
NOTHING_SENT: Final = "nothing is sent from a branch"


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


def test_a_branch_goes_by_the_clock_that_its_log_had(run: Run, gopher: Path) -> None:
    """An order that was registered when the clock was a day ahead expires in the branch 15 minutes
    later by that clock, not a day later."""
    dispatch(run, gopher, "--advance", "1d")
    issue(run, gopher, "RegisterToConference", REGISTER)
    assert run("branch", "new", gopher, "late")[0] == 0
    late = Place(gopher).branch("late")

    dispatch(run, gopher, "--branch", "late")
    assert "OrderExpired" not in types(late, "order-o1")
    dispatch(run, gopher, "--branch", "late", "--advance", "29min")

    assert "OrderExpired" in types(late, "order-o1")
    assert [ahead_us(it) for it in (gopher, late)] == [DAY_US, DAY_US + 29 * MINUTE_US]


def test_a_branch_of_a_branch_goes_on_by_its_clock_and_an_update_puts_it_on(
    run: Run, gopher: Path
) -> None:
    plan = Place(gopher).branch("plan")
    dispatch(run, gopher, "--branch", "plan", "--advance", "1h")
    assert run("branch", "new", gopher, "of-it", "--of", "plan")[0] == 0
    of_it = Place(gopher).branch("of-it")
    assert [ahead_us(it) for it in (gopher, plan, of_it)] == [0, 60 * MINUTE_US, 60 * MINUTE_US]

    dispatch(run, gopher, "--advance", "1d")
    assert ahead_us(plan) == 60 * MINUTE_US
    assert run("branch", "update", gopher, "plan")[0] == 0

    assert [ahead_us(it) for it in (gopher, plan, of_it)] == [DAY_US, DAY_US, 60 * MINUTE_US]


def test_a_message_of_a_branch_is_held_until_its_clock_says_so(run: Run, tmp_path: Path) -> None:
    """Corrected before that, only the corrected message would go."""
    store = tmp_path / "members.foldline"
    open_store(store, create=True).close()
    dispatch(run, store, "--advance", "1d")
    mail = {"mailId": "m1", "to": "ada@example.org", "subject": "Hello", "text": "Dear Ada"}
    issue(run, store, "RequestMail", {**mail, "mailId": "m0"})
    assert run("branch", "new", store, "plan")[0] == 0
    plan = Place(store).branch("plan")
    issue(run, plan, "RequestMail", mail)
    (held,) = messages(run, plan)
    assert held["status"] == "held"

    corrected = ("--correct", held["id"], "--payload", '{"to":"bob@example.org"}')
    assert run("outbox", plan, *corrected)[0] == 0
    dispatch(run, store, "--branch", "plan")
    assert sorted(it["status"] for it in messages(run, plan)) == ["held", "withdrawn"]
    dispatch(run, store, "--branch", "plan", "--advance", "1d")

    told = {json.loads(it["payload"])["to"]: it["answer"] for it in messages(run, plan)}
    assert told == {"ada@example.org": "corrected", "bob@example.org": NOTHING_SENT}
    assert [it["status"] for it in messages(run, store)] == ["held"]


def messages(run: Run, line: Path) -> list[dict[str, Any]]:
    """What is in the outbox of a line."""
    code, out, _ = run("outbox", line, "--json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def ahead_us(line: Path) -> int:
    with reading(line) as log:
        return log.beside.clock.ahead_us()


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
