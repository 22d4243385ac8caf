"""The program as a person or a script starts it: a process, its exit code and what it says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import main
from replay.verbs import log as log_verb

ROOT: Final = Path(__file__).parents[1]
VERBS: Final = (
    "import",
    "export",
    "info",
    "log",
    "state",
    "diff",
    "view",
    "rebuild",
    "verify",
    "preview",
)
LINE: Final = (
    '{"stream":"order-1","type":"Placed","id":"e%d","recorded_at":"2026-03-01T10:00:00Z",'
    '"data":{"n":%d},"metadata":{}}\n'
)


def start(*arguments: object, **more: str) -> "subprocess.Popen[str]":
    """The program with its input open, and no screen."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: it for name, it in os.environ.items() if name not in hidden} | more
    return subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *(str(it) for it in arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**environment, "PYTHONIOENCODING": "utf-8"},
    )


def run(*arguments: object) -> tuple[int, str, str]:
    """The program to its end: exit code, standard output, standard error."""
    with start(*arguments) as process:
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, out, err


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "orders.jsonl"
    path.write_text("".join(LINE % (n, n) for n in range(1, 4)), "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, source: Path) -> Path:
    path = tmp_path / "orders.foldline"
    assert run("import", source, "--into", path)[0] == 0
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["info"],
        ["log"],
        ["state", "order-1"],
        ["diff", "order-1", "--from", "1", "--to", "2"],
        ["view", "streams"],
        ["rebuild"],
        ["verify"],
        ["export", "OUT"],
    ],
)
def test_a_verb_prints_json_and_exits_with_zero(
    store: Path, tmp_path: Path, words: list[str]
) -> None:
    verb, *rest = (str(tmp_path / "out.jsonl") if it == "OUT" else it for it in words)

    code, out, err = run(verb, store, *rest, "--json")

    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()]


def test_preview_and_import_print_json_and_exit_with_zero(source: Path, tmp_path: Path) -> None:
    previewed = run("preview", source, "--json")
    imported = run("import", source, "--into", tmp_path / "a.foldline", "--json")

    assert (previewed[0], imported[0]) == (0, 0)
    assert json.loads(previewed[1])["format"] == "canonical"
    assert json.loads(imported[1].splitlines()[-1])["stored"] == 3


def test_verbs_load_no_qt(store: Path) -> None:
    program = (
        "import sys; sys.argv = ['main.py']; import main\n"
        f"code = main.main(['info', {str(store)!r}])\n"
        "print(code, [it for it in sys.modules if it.split('.')[0] in "
        "('PySide6', 'shiboken6', 'pyqtgraph', 'gui')])"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout.splitlines()[-1] == "0 []"


def test_without_a_screen_the_window_says_so_and_names_what_works(source: Path) -> None:
    for arguments in ([], [source]):
        code, out, err = run(*arguments)

        assert (code, out) == (2, "")
        assert err.startswith("main.py: no display was found")
        assert "make screenshots" in err
        assert "--help" in err


@pytest.mark.parametrize("arguments", [[], ["a.foldline"], ["events.jsonl"]])
def test_without_a_verb_the_window_opens_with_what_was_named(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    opened: list[list[str]] = []

    def open_window(words: list[str]) -> int:
        opened.append(words)
        return 0

    monkeypatch.setattr("gui.app.run", open_window)

    assert main.main(arguments) == 0
    assert opened == [arguments]


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_systems_that_always_have_a_screen_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)

    monkeypatch.setattr("gui.app.run", lambda _words: 0)

    assert main.main([]) == 0


def test_the_help_names_every_verb_and_the_exit_codes() -> None:
    code, out, err = run("--help")

    assert (code, err) == (0, "")
    for verb in VERBS:
        assert f"    {verb} " in out
    assert "Exit codes: 0 success, 1 a problem in the data, 2 wrong usage." in out


def test_the_version_is_that_of_the_project() -> None:
    said = run("--version")

    assert said[0] == 0
    assert f'version = "{said[1].split()[1]}"' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate", "x"],
        ["import"],
        ["log"],
        ["log", "a.foldline", "--limit", "-1"],
        ["log", "a.foldline", "--limit", "many"],
        ["diff", "a.foldline", "order-1", "--from", "1"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_is_said_in_words_and_exits_with_two(arguments: list[str]) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err


@pytest.fixture
def long_source(tmp_path: Path) -> Path:
    path = tmp_path / "long.jsonl"
    path.write_text("".join(LINE % (n, n) for n in range(200_000)), "utf-8")
    return path


@pytest.mark.parametrize("word", ["cancel\n", ""])
def test_an_import_is_cancelled_by_a_word_or_by_the_end_of_its_input(
    tmp_path: Path, long_source: Path, word: str
) -> None:
    into = tmp_path / "new.foldline"
    with start("import", long_source, "--into", into, "--json", "--progress") as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        out, err = process.communicate(word, timeout=60)

    assert first.keys() == {"job", "fraction", "events", "rate", "seconds_left"}
    assert 0 < first["fraction"] < 1
    assert process.returncode == 1
    assert err.startswith("main.py: stopped on request\n")
    assert all(json.loads(line)["job"] == "progress" for line in out.splitlines())
    assert [it.name for it in tmp_path.iterdir()] == ["long.jsonl"]


def test_progress_ends_with_the_report_while_the_input_stays_open(
    tmp_path: Path, long_source: Path
) -> None:
    with start(
        "import", long_source, "--into", tmp_path / "n.foldline", "--json", "--progress"
    ) as it:
        assert it.stdout is not None
        *progress, report = [json.loads(line) for line in it.stdout]
        code = it.wait(60)

    assert code == 0
    assert report["stored"] == 200_000
    fractions = [line["fraction"] for line in progress]
    assert fractions == sorted(fractions)


@pytest.mark.parametrize("verb", ["rebuild", "verify"])
def test_work_on_a_store_can_be_followed_too(store: Path, verb: str) -> None:
    with start(verb, store, "--json", "--progress") as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]
        assert process.wait(60) == 0

    assert "job" not in lines[-1]


def test_a_reader_that_goes_away_ends_the_output_without_a_word(
    tmp_path: Path, long_source: Path
) -> None:
    into = tmp_path / "new.foldline"
    assert run("import", long_source, "--into", into)[0] == 0
    with start("log", into, "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(60)

    assert err == ""
    assert process.returncode == 141


def test_ctrl_c_ends_a_verb_with_130(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(log_verb, "run", interrupted)

    assert main.main(["log", str(store)]) == 130
    assert capsys.readouterr().err == ""


def test_a_verb_that_there_is_not_is_told_and_a_file_that_is_there_is_not_taken_for_one(
    tmp_path: Path,
) -> None:
    code, _, err = run("rebiuld")
    assert (code, err) == (
        2,
        "main.py: 'rebiuld' is neither a verb nor a file\nList the verbs with: main.py --help\n",
    )

    folder = tmp_path / "export"
    folder.mkdir()
    assert "no display was found" in run(folder)[2]


def test_a_type_that_the_log_does_not_hold_is_not_changed(store: Path) -> None:
    code, out, err = run("upcast", store, "Plaaced", "--retire", "gone")

    assert (code, out) == (1, "")
    assert "the log holds no event of type 'Plaaced'" in err
    assert "Did you mean Placed?" in err
