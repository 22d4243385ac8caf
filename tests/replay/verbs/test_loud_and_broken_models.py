"""What a model of a person's own prints is no output of a verb, and what it gives that is no
decision is told before anything is recorded."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from replay.children.environment import ROOT, environment
from store.sqlite.store import open_store
from tests.replay.own_models import model_text
from tests.replay.verbs.conftest import Run

LOUD = 'print("said by the model"); os.write(1, b"raw\\n"); os.system("echo said by a child")'
GIVES = "return [Counted(by=command.by)]"
MAKES = "return Total(total=state.total + event.by)"


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    path = tmp_path / "counters.foldline"
    open_store(path, create=True).close()
    return path


def model_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "counter.py"
    path.write_text(text, "utf-8")
    return path


def test_what_a_model_prints_reaches_no_output_of_a_verb(
    run: Run, counters: Path, tmp_path: Path
) -> None:
    model = model_file(tmp_path, model_text(head=LOUD, evolve=LOUD, decide=LOUD))
    own = ("--model", model, "--trust", "--json")
    verbs = (
        ("issue", counters, "Count", "--data", '{"by":2}'),
        ("issue", counters, "Count", "--data", '{"by":2}', "--preview"),
        ("state", counters, "counter-1"),
        ("diff", counters, "counter-1", "--from", "0", "--to", "1"),
        ("ways", counters, "counter-1"),
        ("commands", counters),
        ("lint", counters),
        ("rerun", counters),
        ("adjust", counters),
        ("dispatch", counters),
    )

    for verb in verbs:
        code, out, _ = run(*verb, *own)

        assert (code, out != "") == (0, verb[0] != "lint"), verb
        for line in out.splitlines():
            json.loads(line)


def test_what_a_model_prints_is_no_finding_of_its_check(tmp_path: Path) -> None:
    model = model_file(tmp_path, model_text(head=LOUD, evolve=LOUD, decide=LOUD))

    found = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "model", "check", str(model), "--json"],
        capture_output=True,
        env=environment(),
        check=False,
        timeout=60,
    )

    assert json.loads(found.stdout)["models"][0]["name"] == "counter"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (GIVES, "return None", "decide of the model 'counter' returned None for Count"),
        (GIVES, 'return "Counted"', "returned a value of type str for Count instead of events"),
        (GIVES, "return 7", "returned a value of type int for Count instead of events"),
        (GIVES, "return [7]", "returned a value of type int for Count, as event number 1"),
        (
            MAKES,
            "return None",
            "evolve of the model 'counter' returned None for Counted instead of a Total",
        ),
        (MAKES, "return Total(total=1j)", "cannot be written as JSON: a value of type complex at"),
        (MAKES, "return Total(total=[{}, [1j]])", "a value of type complex at total[1][0]"),
        (
            MAKES,
            "return Total(total={(1, 2): 3})",
            "a dictionary with keys that are not text at total",
        ),
        (GIVES, "return [Counted(by=object())]", "a value of type object at by"),
    ],
)
def test_what_is_no_decision_is_told_with_its_place_and_nothing_is_recorded(
    run: Run, counters: Path, tmp_path: Path, was: str, becomes: str, told: str
) -> None:
    text = model_text().replace(was, becomes)
    if was == GIVES:  # the payload of an event cannot be added up
        text = text.replace(MAKES, "return state")
    model = model_file(tmp_path, dedent(text))

    issue = ("issue", counters, "Count", "--data", '{"by":2}', "--model", model, "--trust")
    code, out, err = run(*issue, "--id", "c-1")
    preview, _, said = run(*issue, "--preview")

    log = open_store(counters)
    head, kept = log.head(), log.beside.attempts.of(["c-1"])["c-1"]
    log.close()
    assert (code, out, head, preview) == (1, "", 0, 1)
    assert told in err
    assert told in said
    assert [it.status for it in kept] == ["failed"]
