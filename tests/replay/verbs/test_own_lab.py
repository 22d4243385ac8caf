"""The delivery lab feeds projections of a person's own, in a process that may be lost."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from replay.own import own_process
from tests.replay.verbs.conftest import Run
from tests.replay.verbs.test_own_verbs import TALLY


@pytest.fixture
def tally(run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A view that counts the events of each stream; its file, added and trusted."""
    limits(monkeypatch, seconds=60)
    path = tmp_path / "tally.py"
    written(path, "pass")
    assert run("projection", "add", store, path, "--trust")[0] == 0
    return path


def limits(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> None:
    """How long one event may take."""
    monkeypatch.setattr(own_process, "LIMIT_S", seconds)
    monkeypatch.setenv("FOLDLINE_MODEL_SECONDS", str(seconds))


def written(path: Path, wrong: str) -> None:
    path.write_text(dedent(TALLY).replace("{wrong}", wrong), "utf-8")


def verdicts(out: str) -> dict[str, Any]:
    return {it["view"]: it for it in json.loads(out)["verdicts"]}


def test_a_view_of_ones_own_is_fed_and_its_first_difference_is_named(
    run: Run, store: Path, tally: Path
) -> None:
    quiet = run("lab", store, "--view", "tally")
    doubled = run("lab", store, "--view", "tally", "--duplicate", "100", "--json")

    assert quiet == (0, quiet[1], "")
    assert "tally: the same as without faults" in quiet[1]
    found = verdicts(doubled[1])["tally"]
    assert doubled[0] == 1
    assert found["first"]["column"] == "count"
    assert int(found["first"]["disturbed"]) > int(found["first"]["undisturbed"])


def test_it_is_among_all_views_beside_those_of_the_program(
    run: Run, store: Path, tally: Path
) -> None:
    code, out, err = run("lab", store, "--json")

    assert (code, err) == (0, "")
    assert {"tally", "streams"} <= verdicts(out).keys()


def test_a_projection_that_raises_stands_still_and_the_others_go_on(
    run: Run, store: Path, tally: Path
) -> None:
    written(tally, "assert rows.get(event.stream).count < 2, 'too many'")
    run("projection", "add", store, tally, "--trust")

    code, out, _ = run("lab", store, "--duplicate", "100", "--json")

    found = verdicts(out)
    assert code == 1
    assert "stopped at 3: " in found["tally"]["failure"]
    assert "too many" in found["tally"]["failure"]
    assert not found["streams"]["failure"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("while True: pass", "the projection did not return from apply within 2 seconds"),
        ("import os; os._exit(7)", "your own code ended its process (code 7)"),
    ],
    ids=["loops", "ends the process"],
)
def test_what_cannot_be_caught_is_told_and_nothing_of_the_store_is_touched(
    run: Run,
    store: Path,
    tally: Path,
    wrong: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "while True" in wrong:
        limits(monkeypatch, seconds=2)
    written(tally, wrong)
    run("projection", "add", store, tally, "--trust")
    before = store.read_bytes()

    code, _, err = run("lab", store, "--view", "tally")

    assert code == 1
    assert told in err
    assert store.read_bytes() == before


def test_a_file_that_has_changed_is_not_run(run: Run, store: Path, tally: Path) -> None:
    written(tally, "open('was-run', 'w').close()")

    named = run("lab", store, "--view", "tally")
    every = run("lab", store, "--json")

    assert named[0] == 1
    assert "tally.py has changed: review it and trust it again" in named[2]
    assert every[0] == 0
    assert "tally" not in verdicts(every[1])
    assert not Path("was-run").exists()
