"""model use|leave: a store is read with a model file by every verb, and by latest states."""

import json
from pathlib import Path

import pytest

from replay.projector.projector_process import Projector
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.own_models import model_text
from tests.replay.projector.test_projector_process import Heard
from tests.replay.verbs.conftest import Run


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    path = tmp_path / "counters.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "counter.py"
    path.write_text(model_text(), "utf-8")
    return path


def state(run: Run, store: Path) -> object:
    code, out, err = run("state", store, "counter-1", "--json")
    assert (code, err) == (0, "")
    return json.loads(out)["state"]


def row(run: Run, store: Path) -> dict[str, object]:
    code, out, err = run("view", store, "latest_states", "--json")
    assert (code, err) == (0, "")
    found: list[dict[str, object]] = [json.loads(line) for line in out.splitlines()]
    assert len(found) == 1
    return found[0]


def test_every_verb_reads_a_store_with_its_model(run: Run, counters: Path, model: Path) -> None:
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0

    assert state(run, counters) == {"total": 2}
    assert row(run, counters)["state"] == {"total": 2}
    assert row(run, counters)["model"] == "counter"

    code, out, _ = run("model", "leave", counters)
    assert (code, "without a model file" in out) == (0, True)
    assert state(run, counters) == row(run, counters)["state"] == {"by": 2}


def test_a_file_counts_as_it_was_trusted_until_it_is_trusted_again(
    run: Run, counters: Path, model: Path
) -> None:
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0
    model.write_text(model_text(head="open('was-run', 'w').close()"), "utf-8")

    assert state(run, counters) == row(run, counters)["state"] == {"total": 2}
    assert run("model", "use", counters, model)[0] == 1
    assert not Path("was-run").exists()

    assert run("model", "distrust", model)[0] == 0
    code, _, err = run("state", counters, "counter-1")

    assert (code, "not trusted" in err) == (1, True)
    assert "not trusted" in str(row(run, counters)["problem"])


def test_what_is_no_model_is_not_used(run: Run, counters: Path, tmp_path: Path) -> None:
    path = tmp_path / "letter.py"
    path.write_text("'Dear Ada'", "utf-8")

    code, _, err = run("model", "use", counters, path, "--trust")

    assert (code, "defines no MODEL" in err) == (1, True)
    assert not Place(counters).beside("-models.json").exists()


def test_the_projector_makes_latest_states_anew_when_the_model_changes(
    run: Run, counters: Path, model: Path
) -> None:
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0
    heard = Heard()
    projector = Projector(Place(counters), on_report=heard)
    projector.start()
    try:
        is_there = heard.wait(lambda it: it.versions.get("latest_states", -1) >= 0)
        before = is_there.versions["latest_states"]
        model.write_text(model_text(evolve="event = Counted(by=10 * event.by)"), "utf-8")
        assert run("model", "use", counters, model, "--trust")[0] == 0
        heard.wait(lambda it: it.versions.get("latest_states", -1) > before)
    finally:
        projector.close()

    assert row(run, counters)["state"] == {"total": 20}
