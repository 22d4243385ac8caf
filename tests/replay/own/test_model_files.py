"""A model of one's own: written, tried, trusted, used on the command line, and refused if not."""

import subprocess
import sys
from pathlib import Path

import pytest

import main
from replay.states.model_set import bundled_models
from replay.workers.model_check import problems_of
from store.sqlite.store import open_store

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("HOME", str(tmp_path))


def run(*arguments: object) -> int:
    return main.main([str(it) for it in arguments])


@pytest.mark.parametrize("model", bundled_models().models, ids=lambda it: it.name)
def test_nothing_is_wrong_with_a_bundled_model(model) -> None:  # type: ignore[no-untyped-def]
    assert list(problems_of(model)) == []


def test_a_new_model_is_sound_and_its_test_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("model", "new", "ParkingLot", "--into", tmp_path) == 0
    assert run("model", "check", tmp_path / "parking_lot.py") == 0

    assert "no problems found" in capsys.readouterr().out
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
            str(tmp_path / "test_parking_lot.py"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}", "PATH": "/usr/bin:/bin"},
    )
    assert "4 passed" in done.stdout, done.stdout


def test_a_model_file_is_run_only_when_it_is_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("model", "new", "Counter", "--into", tmp_path)
    store, file = tmp_path / "a.foldline", tmp_path / "counter.py"
    open_store(store, create=True).close()
    command = ("issue", store, "OpenCounter", "--data", '{"id":"a"}', "--model", file)

    assert run(*command) == 1
    assert "not trusted" in capsys.readouterr().err
    assert run("model", "trust", file) == 0
    assert run(*command) == 0
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert run(*command) == 1
    assert run(*command, "--trust") == 1  # trusted, and refused: it is open already
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("total=state.total + event.by", "total=1 / 0"), "evolve raised ZeroDivisionError"),
        (('    """Add to it."""\n', ""), "has no docstring"),
        (('f"counter-{command.id}"', 'f"other-{command.id}"'), "not in the category 'counter'"),
        (('Refused("opened first"', 'Refused(""'), "refused without a rule"),
        (("MODEL = ", "NOTHING = "), "defines no MODEL"),
        (("import Annotated", "import Nonsense"), "cannot be loaded"),
    ],
)
def test_a_check_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], told: str
) -> None:
    run("model", "new", "Counter", "--into", tmp_path)
    file = tmp_path / "counter.py"
    text = file.read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change), "utf-8")

    assert run("model", "check", file) == 1
    assert told in capsys.readouterr().out


def test_what_is_no_name_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("model", "new", "2 much", "--into", tmp_path) == 1
    assert "not a valid name for a model" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.py"))


def test_a_file_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "counter.py").write_text("mine", "utf-8")

    assert run("model", "new", "Counter", "--into", tmp_path) == 1
    assert (tmp_path / "counter.py").read_text("utf-8") == "mine"
