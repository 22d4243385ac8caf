"""model use|leave: a store is read with a model file by every verb, and by latest states."""

import json
from pathlib import Path
from typing import Any

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
    assert (code, "now uses no model file" in out) == (0, True)
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


SMALL = '{"small": lambda state: state.total < 5}'


def rules(run: Run, store: Path) -> tuple[int, dict[str, dict[str, Any]], str]:
    """The exit code, each rule by its name, and what is complained of."""
    code, out, err = run("rules", store, "--json")
    return code, {it["rule"]: it for it in map(json.loads, out.splitlines())}, err


def test_the_invariants_of_a_model_of_ones_own_stand_among_the_rules_by_themselves(
    run: Run, counters: Path, model: Path
) -> None:
    model.write_text(model_text(invariants=SMALL), "utf-8")
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0
    assert rules(run, counters)[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":3}')[0] == 0

    code, found, err = rules(run, counters)

    it = found["counter: small"]
    assert (code, err, list(found)) == (1, "", ["counter: small"])
    assert (it["of"], it["model"], it["violations"], it["now"]) == ("counter", "counter", 1, 1)
    (violation,) = it["listed"]
    assert (violation["stream"], violation["position"]) == ("counter-1", 2)
    assert violation["lasted_seconds"] >= 0
    code, out, _ = run("rules", counters)
    assert (code, "its model's invariant fails" in out, ", still" in out) == (1, True, True)


def test_no_rule_is_kept_under_the_name_of_such_an_invariant(
    run: Run, counters: Path, model: Path
) -> None:
    model.write_text(model_text(invariants=SMALL), "utf-8")
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0
    assert rules(run, counters)[0] == 0

    code, _, err = run("rules", counters, "--add", "counter: small", "--where", "total > 1")

    assert (code, "a model already has an invariant with this name" in err) == (1, True)


def test_why_invariants_are_not_asked_is_told(run: Run, counters: Path, model: Path) -> None:
    model.write_text(model_text(invariants=SMALL), "utf-8")
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":7}')[0] == 0
    assert run("rules", counters, "--add", "big", "--where", "by > 5", "--of", "counter")[0] == 0
    assert run("model", "distrust", model)[0] == 0

    code, found, err = rules(run, counters)

    assert (code, list(found)) == (1, ["big"])
    assert "the merged payloads of counter-…" in found["big"]["remarks"][0]
    assert "invariants of your own models are not checked: the model file is not trusted" in err


def test_an_invariant_that_raises_has_a_sentence_and_the_others_go_on(
    run: Run, counters: Path, model: Path
) -> None:
    odd = '{"odd": lambda state: 1 / (state.total - 2), "none": lambda state: not state.total}'
    model.write_text(model_text(invariants=odd), "utf-8")
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0

    code, found, _ = rules(run, counters)

    assert (code, found["counter: none"]["violations"]) == (1, 1)
    (sentence,) = found["counter: odd"]["remarks"]
    assert sentence.startswith("it fails at 1 in counter-1: ")
    assert "ZeroDivisionError: division by zero" in sentence
    assert f"counter: odd: {sentence}" in run("rules", counters)[2]


def test_what_rules_say_is_listed_by_their_own_verb(run: Run, counters: Path, model: Path) -> None:
    assert run("model", "use", counters, model, "--trust")[0] == 0
    assert run("issue", counters, "Count", "--data", '{"by":2}')[0] == 0

    code, _, err = run("view", counters, "broken_rules")

    assert (code, "main.py rules STORE" in err) == (1, True)
