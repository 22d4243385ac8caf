"""A model of a person's own may loop, crash, eat memory or not even load: the asker hears of it."""

import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from replay.children.child import Child, Deadline
from replay.children.command import COMMAND_WORKER, worker_command
from replay.children.questions import (
    Answered,
    Troubled,
    answer_line,
    line_of,
    read_answer,
    value_of,
)
from replay.own.user_models import ModelFailed, Trust, Untrusted
from replay.workers.worker_messages import (
    CommandSettled,
    Form,
    IssueCommand,
    ListChoices,
    ListModels,
    PreviewCommand,
)
from replay.workers.worker_process import CommandWorker, WorkerError
from store.beside.outcomes import Done
from store.events import NewEvent
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.own_models import installed_package, model_text

MODEL = """
    import os
    from replay.typed_model import Command, Event, State, TypedModel

    class Counted(Event, frozen=True):
        by: int

    class Total(State, frozen=True):
        total: int = 0

    class Count(Command, frozen=True):
        \"\"\"Count on.\"\"\"
        by: int

    def evolve(state, event):
        return Total(total=state.total + event.by)

    def decide(state, command, situation):
        {body}
        return [Counted(by=command.by)]

    MODEL = TypedModel(
        name="counter", title="Counter", version=1, category="counter", state=Total,
        events=(Counted,), commands=(Count,), evolve=evolve, decide=decide,
        stream_of=lambda command: "counter-1",
    )
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "a.foldline"
    open_store(path, create=True).close()
    return path


def model_file(folder: Path, body: str) -> Path:
    path = folder / "counter.py"
    path.write_text(dedent(MODEL).replace("{body}", body), "utf-8")
    return path


@pytest.fixture
def workers(store: Path) -> Iterator[list[CommandWorker]]:
    started: list[CommandWorker] = []
    yield started
    for worker in started:
        worker.close()


COUNT = Form(id="c-1", command="Count", data={"by": 2})


def issue(worker: CommandWorker) -> CommandSettled:
    (answer,) = worker.ask(IssueCommand(form=COUNT))
    assert isinstance(answer, CommandSettled)
    return answer


def test_a_model_of_ones_own_decides(
    store: Path, tmp_path: Path, workers: list[CommandWorker]
) -> None:
    worker = CommandWorker(Place(store), [model_file(tmp_path, "pass")])
    workers.append(worker)

    preview = worker.ask(PreviewCommand(form=COUNT, position=0))
    issued = issue(worker)

    assert preview.after == {"total": 2}
    assert isinstance(issued.outcome, Done)
    assert issue(worker).version is None  # that outcome again


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("while True: pass", "did not answer within 1 seconds"),
        ("os._exit(3)", "ended unexpectedly"),
        ("'x' * (4 << 30)", "MB of memory"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_in_a_model_is_told_and_the_next_question_is_answered(
    store: Path, tmp_path: Path, workers: list[CommandWorker], body: str, told: str
) -> None:
    path = model_file(tmp_path, body)
    worker = CommandWorker(Place(store), [path], patience_s=1 if "while" in body else 60)
    workers.append(worker)

    with pytest.raises(ModelFailed, match=told):
        issue(worker)

    worker.patience_s = 60
    model_file(tmp_path, "pass")
    worker.reload([path])
    assert isinstance(issue(worker).outcome, Done)


def test_a_file_that_cannot_be_loaded_is_told_with_its_traceback(
    store: Path, tmp_path: Path, workers: list[CommandWorker]
) -> None:
    path = tmp_path / "broken.py"
    path.write_text("import nobody_has_this\n", "utf-8")
    worker = CommandWorker(Place(store), [path])
    workers.append(worker)

    with pytest.raises(WorkerError, match="cannot be loaded") as caught:
        issue(worker)

    assert "nobody_has_this" in caught.value.details


def test_the_models_of_packages_are_there_and_those_that_fail_are_told(
    store: Path, tmp_path: Path, workers: list[CommandWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    installed_package(tmp_path, "good", model_text(name="good", category="good"))
    installed_package(tmp_path, "bad", model_text(head="import nobody_has_this"))
    worker = CommandWorker(Place(store))
    workers.append(worker)

    found = worker.ask(ListModels())

    assert [it.name for it in found.models if it.is_installed] == ["good"]
    assert "nobody_has_this" in found.problems["bad"]
    assert issue(worker).stream == "good-1"


def test_the_bundled_models_answer_with_every_error_of_a_form(
    store: Path, workers: list[CommandWorker]
) -> None:
    worker = CommandWorker(Place(store))
    workers.append(worker)
    data = {"accountNumber": "", "amount": Decimal("-1")}

    form = Form(id="c", command="PerformDeposit", data=data)

    with pytest.raises(WorkerError) as caught:
        worker.ask(PreviewCommand(form=form, position=0))

    assert {path for path, _ in caught.value.fields} == {("accountNumber",), ("amount",)}


def test_a_closed_worker_leaves_nothing_behind(store: Path) -> None:
    worker = CommandWorker(Place(store))
    worker.ask(ListModels())

    worker.close()

    with pytest.raises(ModelFailed, match="closed"):
        worker.ask(ListModels())


def test_trust_is_given_to_a_content_and_lost_with_it(tmp_path: Path) -> None:
    path, trust = model_file(tmp_path, "pass"), Trust(tmp_path / "settings")
    with pytest.raises(Untrusted, match="not trusted"):
        trust.require(path)

    trust.give(path)
    trust.require(path)

    model_file(tmp_path, "print('changed')")
    with pytest.raises(Untrusted):
        trust.require(path)
    trust.give(path)
    trust.take(path)
    assert not trust.holds(path)


def test_a_line_that_is_no_question_gets_an_answer_and_the_next_one_too(
    store: Path,
) -> None:
    command = worker_command(COMMAND_WORKER, str(store))
    lines = [
        b"no JSON at all",
        b'{"n":7,"question":{"ask":"NobodyKnowsThis"}}',
        b'{"n":8,"question":{"ask":"TellState","stream":3}}',
        line_of(9, ListModels()).rstrip(),
    ]
    with closing(Child(command)) as process:
        soon = Deadline(60)
        ready = read_answer(process.read_line(soon))
        process.write(b"\n".join([*lines, b""]), soon)
        answers = [read_answer(process.read_line(soon)) for _ in lines]

    *refused, answered = answers
    assert ready.n == 0
    assert [it.n for it in refused] == [0, 7, 8]
    assert all(isinstance(it, Troubled) and "cannot be read" in it.reason for it in refused)
    assert isinstance(answered, Answered)
    assert value_of(answered, ListModels()).models


@pytest.mark.parametrize("said", ["what", '{"is":"answered","n":1}', '{"is":"other","n":1}'])
def test_an_answer_that_cannot_be_read_is_told_and_the_next_process_is_another(
    store: Path, workers: list[CommandWorker], monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    ready = answer_line(0, None).decode().strip()
    text = f"print({ready!r}, flush=True); input(); print({said!r}, flush=True); input()"
    monkeypatch.setattr(
        "replay.workers.worker_process.worker_command", lambda *_: (sys.executable, "-c", text)
    )
    worker = CommandWorker(Place(store))
    workers.append(worker)

    with pytest.raises(ModelFailed, match="cannot be read"):
        worker.ask(ListModels())

    monkeypatch.undo()
    assert worker.ask(ListModels()).models


def test_choices_are_the_first_of_a_kind_with_how_many_there_are(
    store: Path, workers: list[CommandWorker]
) -> None:
    log = open_store(store)
    for n in range(5_001):
        log.append_soon(f"seat-{n:04}", [NewEvent.of("Added", {})], expected=0)
    log.append("other-1", [NewEvent.of("Added", {})], expected=0)
    log.close()
    worker = CommandWorker(Place(store))
    workers.append(worker)

    found = worker.ask(ListChoices(kind="seat"))

    assert (found.texts[:2], len(found.texts), found.count) == (("0000", "0001"), 5_000, 5_001)
