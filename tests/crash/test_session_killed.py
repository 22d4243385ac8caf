"""Start-of-day snapshots, a day's work, kill −9 in the middle: what is replayed is the tail."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from replay.children.questions import answer_line, line_of
from replay.commands.decide import CommandHandler
from replay.commands.saved_states import SavedStates
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from replay.workers.worker_messages import Form, IssueCommand
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued

ROOT = Path(__file__).parents[2]
ACCOUNT, CRANE = "account-7", "crane-1"
NIGHT = 400  # events of each stream before the day begins
ANSWERED = 25  # commands that the session had told the outcome of
SENT = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workspace whose every stream was saved at the start of the day."""
    store = open_store(tmp_path / "bank.foldline", create=True)
    opened = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    data = {"accountId": "7", "amount": 1, "reference": "x"}
    deposits = [NewEvent.of("DepositPerformed", data) for _ in range(NIGHT - 1)]
    store.append(ACCOUNT, [opened, *deposits], expected=0)
    moves = [NewEvent.of("Moved", {f"field{n % 30}": n}) for n in range(NIGHT)]
    store.append(CRANE, moves, expected=0)
    store.close()
    told = run("snapshots", "create", store.place.path, "--all", "--json")
    assert told == {"streams": 2, "made": 2}
    return store.place.path


def run(*arguments: object) -> Any:
    """The program in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, "main.py", *(str(it) for it in arguments)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout, parse_float=Decimal)


def start(module: str, path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", module, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def request(number: int) -> str:
    """A deposit of one, as the window asks for it."""
    data = json_text.encode({"accountNumber": "7", "amount": Decimal(1)})
    form = Form(id=f"c-{number}", command="PerformDeposit", data=Raw(data.encode()))
    return line_of(number, IssueCommand(form=form)).decode()


def killed_in_the_middle(path: Path) -> list[Any]:
    """What the session answered before its processes were killed, more commands under way."""
    worker, projector = (
        start("replay.workers.command_worker", path),
        start("replay.projector.projector", path),
    )
    try:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stdout.readline() == answer_line(0, None).decode()
        worker.stdin.write("".join(map(request, range(1, SENT + 1))))
        worker.stdin.flush()
        return [json.loads(worker.stdout.readline()) for _ in range(ANSWERED)]
    finally:
        for process in (worker, projector):
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """As it is found after the crash."""
    answers = killed_in_the_middle(path)
    assert [it["value"][0]["outcome"]["type"] for it in answers] == ["done"] * ANSWERED
    store = open_store(path)
    yield store
    store.close()


def test_after_a_crash_a_state_is_that_of_a_full_replay_and_only_the_tail_is_replayed(
    store: SqliteStore,
) -> None:
    version = store.stream_version(ACCOUNT)

    told = run("state", store.place.path, ACCOUNT, "--json")
    untouched = run("state", store.place.path, CRANE, "--json")

    assert NIGHT + ANSWERED <= version < NIGHT + SENT
    assert (told["basis"], told["folded"], told["version"]) == (
        "snapshot",
        version - NIGHT,
        version,
    )
    whole = StreamStates().at(store, ACCOUNT, store.head())
    assert (whole.basis, whole.folded) == ("beginning", version)
    assert told["state"] == whole.state
    assert (untouched["basis"], untouched["folded"]) == ("snapshot", 0)
    assert untouched["state"] == StreamStates().at(store, CRANE, store.head()).state


def test_after_a_crash_the_first_command_replays_only_the_tail(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = store.stream_version(ACCOUNT)
    seen: list[RecordedEvent] = []
    plain = store.read_stream

    def noted(*arguments: Any, **more: Any) -> Iterator[RecordedEvent]:
        for event in plain(*arguments, **more):
            seen.append(event)
            yield event

    monkeypatch.setattr(store, "read_stream", noted)
    saved = SavedStates(store.place)
    data = {"accountNumber": "7", "amount": Decimal(version - 1 + 500)}  # all that may be taken
    answered = CommandHandler(store, bundled_models(), saved=saved).issue(
        issued("PerformWithdrawal", data, id_="after")
    )
    saved.close()

    assert (answered.status, answered.version) == ("done", version + 1)
    assert [it.version for it in seen] == list(range(NIGHT + 1, version + 1))
