"""Verbs run model code of a person's own where it may do anything: they say what it did."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from replay.children.environment import ROOT, environment
from store.sqlite.store import open_store
from tests.replay.own_models import installed_package, model_text
from tests.replay.verbs.conftest import Run


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    path = tmp_path / "counters.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Short where something never ends; a busy machine may need longer for what does."""
    case = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    is_endless = "never" in request.node.name or any(
        "while True" in str(it) for it in case.values()
    )
    monkeypatch.setenv("FOLDLINE_MODEL_SECONDS", "2" if is_endless else "60")


def count(run: Run, store: Path, model: Path, *more: str) -> tuple[int, str, str]:
    return run("issue", store, "Count", "--data", '{"by":2}', "--model", model, "--trust", *more)


def written(tmp_path: Path, **parts: str) -> Path:
    path = tmp_path / "counter.py"
    path.write_text(model_text(**parts), "utf-8")
    return path


def head(store: Path) -> int:
    log = open_store(store)
    try:
        return log.head()
    finally:
        log.close()


@pytest.mark.parametrize(
    ("decide", "told"),
    [
        ("while True: pass", "did not return from decide within 2 seconds"),
        ("'x' * (4 << 30)", "MB of memory in decide"),
        ("1 / 0", "the model failed in decide: ZeroDivisionError"),
        ("sys.exit(0)", "the model failed in decide: SystemExit"),
        ("os._exit(0)", "ended its process (code 0)"),
        ("os.kill(os.getpid(), 11)", "ended its process (signal 11)"),
    ],
)
def test_what_a_decision_does_wrong_is_told_and_nothing_is_recorded(
    run: Run, counters: Path, tmp_path: Path, decide: str, told: str
) -> None:
    code, out, err = count(run, counters, written(tmp_path, decide=decide))

    assert (code, out) == (1, "")
    assert told in err
    assert head(counters) == 0


def test_what_raises_is_told_with_its_line(run: Run, counters: Path, tmp_path: Path) -> None:
    _, _, err = count(run, counters, written(tmp_path, decide="return [unheard_of]"))

    assert "counter.py" in err
    assert "return [unheard_of]" in err


@pytest.mark.parametrize(
    ("first_line", "told"),
    [
        ("while True: pass", "the import of counter.py within 2 seconds"),
        ("raise ValueError('not today')", "ValueError: not today"),
        ("sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_a_file_that_does_not_load_is_told(
    run: Run, counters: Path, tmp_path: Path, first_line: str, told: str
) -> None:
    code, _, err = count(run, counters, written(tmp_path, head=first_line))

    assert code == 1
    assert told in err


def test_a_good_model_answers_on_standard_output_as_any_other(
    run: Run, counters: Path, tmp_path: Path
) -> None:
    path = written(tmp_path)

    assert count(run, counters, path)[0] == 0
    code, out, err = run("state", counters, "counter-1", "--model", path)

    assert (code, err) == (0, "")
    assert '{"total":2}' in out
    code, out, _ = run("diff", counters, "counter-1", "--from", "1", "--to", "1", "--model", path)
    assert (code, out) == (0, "no difference\n")


def test_a_refusal_of_ones_own_model_is_a_refusal(run: Run, counters: Path, tmp_path: Path) -> None:
    rule = "raise Refused('no counting', 'Not on a Sunday.')"

    code, _, err = count(run, counters, written(tmp_path, decide=rule))

    assert code == 1
    assert 'Refused: not on a Sunday — rule "no counting"' in err


def test_a_file_that_is_not_trusted_is_not_run(run: Run, counters: Path, tmp_path: Path) -> None:
    path = written(tmp_path, head="open('was-run', 'w').close()")

    code, _, err = run("issue", counters, "Count", "--data", '{"by":2}', "--model", path)

    assert code == 1
    assert "not trusted" in err
    assert not Path("was-run").exists()


def test_what_runs_apart_ends_with_the_verb_that_began_it(
    run: Run, counters: Path, tmp_path: Path
) -> None:
    path = written(tmp_path)
    assert count(run, counters, path)[0] == 0
    command = [
        sys.executable,
        str(ROOT / "main.py"),
        "dispatch",
        str(counters),
        "--follow",
        "--model",
        str(path),
    ]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) as verb:
        _wait_for_child(verb.pid)
        os.kill(verb.pid, signal.SIGKILL)
        assert verb.stderr is not None

        # Read to its end: the last process that could write to it has ended.
        assert verb.stderr.read() == b""


def _wait_for_child(pid: int) -> None:
    while not Path(f"/proc/{pid}/task/{pid}/children").read_text():
        continue


# -- installed packages ---------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_the_models_of_a_package_are_there(run: Run, counters: Path, site: Path) -> None:
    installed_package(site, "theirs", model_text())

    code, _, err = run("issue", counters, "Count", "--data", '{"by":2}')

    assert (code, err) == (0, "")
    assert '{"total":2}' in run("state", counters, "counter-1")[1]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"head": "raise ValueError('broken')"}, "ValueError: broken"),
        ({"head": "sys.exit(4)"}, "SystemExit: 4"),
        ({"category": "account"}, "conflicts with 'bank account'"),
        ({"name": "bank account"}, "conflicts with 'bank account'"),
    ],
)
def test_a_package_that_cannot_be_used_is_left_out_by_name_and_the_others_go_on(
    run: Run, counters: Path, site: Path, parts: dict[str, str], told: str
) -> None:
    installed_package(site, "bad", model_text(**parts))
    installed_package(site, "good", model_text(name="good", category="good"))

    code, out, err = run("issue", counters, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')

    assert code == 0
    assert "OpenAccount" in out
    assert "'bad' were skipped" in err
    assert told in err
    assert "good" not in err


def test_a_package_that_never_loads_is_named(run: Run, counters: Path, site: Path) -> None:
    installed_package(site, "endless", model_text(head="while True: pass"))

    code, _, err = run("commands", counters)

    assert code == 1
    assert "the import of the installed models 'endless' within 2 seconds" in err
