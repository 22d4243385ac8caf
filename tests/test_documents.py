"""What the guide to models and the page on the command line say is run, so that it stays true."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from replay import command_line
from replay.children.environment import environment
from tests.replay.verbs.conftest import Run, run

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "models.md").read_text("utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
CONFERENCE = ROOT / "resources" / "samples" / "conference.jsonl.gz"
SHOWN = re.compile(r"^\$ main\.py (.*)\n((?:(?!\$ |```).+\n)*)", re.MULTILINE)
WRONG_USAGE = 2

__all__ = ["run"]  # a fixture


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The guide's model and its test, as a reader would save them."""
    blocks = re.findall(r"```python( test)?\n(.*?)```", GUIDE, re.DOTALL)
    model = "\n\n".join(text for is_test, text in blocks if not is_test)
    (tmp_path / "parking.py").write_text(model, "utf-8")
    (test,) = [text for is_test, text in blocks if is_test]
    (tmp_path / "test_parking.py").write_text(test, "utf-8")
    return tmp_path


def test_the_guides_model_passes_its_check_and_its_test(run: Run, written: Path) -> None:
    code, out, _ = run("model", "check", written / "parking.py")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_parking.py"],
        cwd=written,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (code, "nothing is wrong" in out) == (0, True)
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


def test_the_guides_commands_do_what_it_says(
    run: Run, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(written / "config"))
    monkeypatch.chdir(written)
    said = ""
    lines = re.findall(r"^\$ main\.py (.*)$", GUIDE, re.MULTILINE)

    for line in lines:
        said = run(*shlex.split(line))[2]

    assert len(lines) == 6
    promised = next(it for it in GUIDE.splitlines() if it.startswith("main.py: refused"))
    assert said.splitlines()[0] == promised


def test_the_examples_of_the_command_line_say_what_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(CONFERENCE, tmp_path)
    examples, wrong = SHOWN.findall(COMMAND_LINE), []

    for line, shown in examples:
        code, out, err = run(*shlex.split(line))
        missing = not_said(shown, out + err)
        is_refusal_shown = shown.startswith("main.py: ")
        if missing or (code == WRONG_USAGE and not is_refusal_shown):
            wrong.append((line, code, missing or err))

    assert wrong == []
    assert len(examples) == COMMAND_LINE.count("$ main.py ") > 20


@pytest.mark.parametrize(
    ("shown", "said", "is_true"),
    [
        ("5 of 5 events stored, in 0.3 s", "12 of 12 events stored, in 1.25 s", True),
        ("{'total':199.00,…", "{'total':500.00,'lines':[]}", True),
        ("AddSeats 11f119d0-5581-44e9-9627-026c2b756513 done", "AddSeats 9-5-4-9-0b5 done", True),
        ("queue  waiting  conflicts", "queue    waiting  conflicts", True),
        ("queue  waiting  conflicts", "queue  waiting", False),
        ("5 events checked, 0 problems", "5 events looked at, 0 problems", False),
    ],
)
def test_an_example_that_says_something_else_is_noticed(
    shown: str, said: str, is_true: bool
) -> None:
    assert (not_said(shown, said) == []) == is_true


def test_every_verb_is_told_of() -> None:
    told = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [
        it for it in command_line.verb_names() if f"`{it}" not in told and f" {it} " not in told
    ] == []
    assert [it for it in command_line.verb_names() if f"main.py {it} " not in readme] == []


def test_every_option_is_told_of(run: Run) -> None:
    options = {
        (verb, option)
        for verb in command_line.verb_names()
        for option in re.findall(r"--[a-z][a-z-]*", run(verb, "--help")[1])
    }
    told = {*re.findall(r"--[a-z][a-z-]*", COMMAND_LINE), "--help"}

    assert sorted(it for it in options if it[1] not in told) == []


def not_said(shown: str, said: str) -> list[str]:
    """The lines that are shown and were not said, whatever their numbers and ids are."""
    lines = {_without_numbers(it) for it in said.splitlines()}
    return [
        it
        for it in shown.splitlines()
        if it != "…" and not any(_pattern(it).fullmatch(line) for line in lines)
    ]


def _pattern(shown: str) -> re.Pattern[str]:
    return re.compile(re.escape(_without_numbers(shown)).replace("…", ".*"))


def _without_numbers(line: str) -> str:
    """Numbers, times and ids as #, and a run of spaces as one."""
    ids = re.sub(r"\b[0-9a-f]+(-[0-9a-f]+){4}\b", "#", line)
    return re.sub(r"\s+", " ", re.sub(r"\d[\d.,]*", "#", ids)).strip()
