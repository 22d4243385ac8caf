"""A model of a person's own may loop, crash, eat memory or not even load: the asker hears of it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from replay.own.user_models import ModelFailed, Trust, Untrusted
from replay.workers.worker_process import CommandWorker, WorkerError
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


def ask(worker: CommandWorker, do: str = "issue", id_: str = "c-1") -> dict[str, object]:
    answer = worker.ask(do, id=id_, command="Count", data={"by": 2}, position=0)
    found: dict[str, object] = answer[0] if isinstance(answer, list) else answer
    return found


def test_a_model_of_ones_own_decides(
    store: Path, tmp_path: Path, workers: list[CommandWorker]
) -> None:
    worker = CommandWorker(Place(store), [model_file(tmp_path, "pass")])
    workers.append(worker)

    preview, issued = ask(worker, "preview"), ask(worker)

    assert preview["after"] == {"total": 2}
    assert issued["status"] == "done"
    assert ask(worker)["is_resend"] is True


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("while True: pass", "gave no answer within 1 seconds"),
        ("os._exit(3)", "ended by itself"),
        ("'x' * (4 << 30)", "MB of memory"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_in_a_model_is_told_and_the_next_question_is_answered(
    store: Path, tmp_path: Path, workers: list[CommandWorker], body: str, told: str
) -> None:
    path = model_file(tmp_path, body)
    worker = CommandWorker(Place(store), [path], patience_s=1)
    workers.append(worker)

    with pytest.raises(ModelFailed, match=told):
        ask(worker)

    model_file(tmp_path, "pass")
    worker.reload([path])
    assert ask(worker)["status"] == "done"


def test_a_file_that_cannot_be_loaded_is_told_with_its_traceback(
    store: Path, tmp_path: Path, workers: list[CommandWorker]
) -> None:
    path = tmp_path / "broken.py"
    path.write_text("import nobody_has_this\n", "utf-8")
    worker = CommandWorker(Place(store), [path])
    workers.append(worker)

    with pytest.raises(WorkerError, match="cannot be loaded") as caught:
        ask(worker)

    assert "nobody_has_this" in caught.value.details


def test_the_models_of_packages_are_there_and_those_that_fail_are_told(
    store: Path, tmp_path: Path, workers: list[CommandWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    installed_package(tmp_path, "good", model_text(name="good", category="good"))
    installed_package(tmp_path, "bad", model_text(head="import nobody_has_this"))
    worker = CommandWorker(Place(store))
    workers.append(worker)

    found = worker.ask("models")

    assert [it["name"] for it in found["models"] if it["is_installed"]] == ["good"]
    assert "nobody_has_this" in found["problems"]["bad"]
    assert ask(worker)["stream"] == "good-1"


def test_the_bundled_models_answer_with_every_error_of_a_form(
    store: Path, workers: list[CommandWorker]
) -> None:
    worker = CommandWorker(Place(store))
    workers.append(worker)
    data = {"accountNumber": "", "amount": Decimal("-1")}

    with pytest.raises(WorkerError) as caught:
        worker.ask("preview", id="c", command="PerformDeposit", data=data, position=0)

    assert {path for path, _ in caught.value.fields} == {("accountNumber",), ("amount",)}


def test_a_closed_worker_leaves_nothing_behind(store: Path) -> None:
    worker = CommandWorker(Place(store))
    worker.ask("models")

    worker.close()

    with pytest.raises(ModelFailed, match="closed"):
        worker.ask("models")


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
