"""The program as a person or a script starts it: a process, its exit code and what it says."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import main
from replay.verbs import log as log_verb
from store import schema
from store.connect import connect, create_log

ROOT: Final = Path(__file__).parents[1]
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
        assert err.startswith("main.py: there is no screen here")
        assert "make screenshots" in err
        assert "--help" in err


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_systems_that_always_have_a_screen_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)

    assert main._has_screen()


def test_the_help_names_every_verb_and_the_exit_codes() -> None:
    code, out, err = run("--help")

    assert (code, err) == (0, "")
    for verb in (*VERBS, "import", "preview"):
        assert f"    {verb} " in out
    assert "Exit code: 0 fine, 1 the data is at fault, 2 wrong usage." in out


def test_the_version_is_that_of_the_project() -> None:
    said = run("--version")

    assert said[0] == 0
    assert f'version = "{said[1].split()[1]}"' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate", "x"],
        ["import", "x.jsonl"],
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


# -- bad input ------------------------------------------------------------------------------


def _not_sqlite(path: Path) -> None:
    path.write_bytes(b"This is a text, and a long one. " * 100)


def _other_sqlite(path: Path) -> None:
    db = connect(path)
    db.execute("CREATE TABLE t (x)")
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()


def _newer(path: Path) -> None:
    create_log(path)
    db = connect(path)
    db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    db.close()


def _truncated(path: Path) -> None:
    create_log(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


STORES: Final = {
    "a missing file": (lambda _path: None, "there is no file here"),
    "a folder": (lambda path: path.mkdir(), "this is a folder, not a store"),
    "an empty file": (lambda path: path.touch(), "the file is empty"),
    "a text": (_not_sqlite, "this is not a Foldline store"),
    "another SQLite file": (_other_sqlite, "this SQLite file is not a Foldline store"),
    "a newer store": (_newer, "the store has schema version"),
    "a truncated store": (_truncated, "the store cannot be read"),
}
VERBS: Final = {
    "info": [],
    "log": [],
    "state": ["order-1"],
    "diff": ["order-1", "--from", "1", "--to", "2"],
    "view": ["streams"],
    "rebuild": [],
    "verify": [],
    "export": ["out.jsonl"],
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", STORES)
def test_a_store_that_is_none_gets_its_sentence_and_is_left_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    verb: str,
) -> None:
    make, sentence = STORES[kind]
    path = tmp_path / "bad.foldline"
    make(path)
    monkeypatch.chdir(tmp_path)
    before = _contents(tmp_path)

    code = main.main([verb, str(path), *VERBS[verb]])

    said = capsys.readouterr()
    first, *hints = said.err.splitlines()
    assert (code, said.out) == (1, "")
    assert first.startswith(f"main.py: {sentence}")
    assert str(path) in first
    assert len(hints) == 1
    assert _contents(tmp_path) == before


@pytest.mark.parametrize("kind", [it for it in STORES if it != "a missing file"])
def test_nothing_is_imported_into_what_is_no_store(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    make, sentence = STORES[kind]
    path = tmp_path / "bad.foldline"
    make(path)
    before = _contents(tmp_path)

    code = main.main(["import", str(source), "--into", str(path)])

    assert code == 1
    assert capsys.readouterr().err.startswith(f"main.py: {sentence}")
    assert _contents(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "missing.jsonl"),
        ("", "empty"),
        ("\x00\x01\x02 nothing that anybody knows", "source.jsonl"),
        ("Dear diary,\ntoday\n", "source.jsonl"),
    ],
)
def test_a_source_that_cannot_be_used_is_named_and_makes_no_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, word: str
) -> None:
    path = tmp_path / ("missing.jsonl" if content is None else "source.jsonl")
    if content is not None:
        path.write_text(content, "utf-8")
    before = _contents(tmp_path)

    code = main.main(["import", str(path), "--into", str(tmp_path / "new.foldline")])

    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert said.err.startswith("main.py: ")
    assert word in said.err
    assert len(said.err.splitlines()) == 2
    assert _contents(tmp_path) == before


def test_a_folder_is_no_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main.main(["import", str(tmp_path), "--into", str(tmp_path / "new.foldline")])

    assert code == 1
    assert "folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_named(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "new.foldline"

    code = main.main(["import", str(source), "--into", str(into), "--format", "csv"])

    assert code == 1
    assert "csv" in capsys.readouterr().err
    assert not into.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"stream":"a-1","data":{}}', "type"),
        ('{"stream":"a-1","type":"A","data":', ""),
        (
            '{"stream":"a-1","type":"A","data":{},"recorded_at":"2026-02-30T00:00:00Z"}',
            "2026-02-30",
        ),
    ],
)
def test_a_bad_line_is_told_with_number_and_reason_and_the_good_ones_go_in(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    source.write_text(source.read_text("utf-8") + line + "\n", "utf-8")

    code = main.main(["import", str(source), "--into", str(tmp_path / "a.foldline")])

    out = capsys.readouterr().out
    told = [it for it in out.splitlines() if it.startswith("  line 4, byte ")]
    assert code == 0
    assert "3 of 4 events stored" in out
    assert len(told) == 1
    assert reason in told[0]


@pytest.mark.parametrize(
    ("arguments", "sentence", "hint"),
    [
        (["state", "STORE", "ordr-1"], "no stream 'ordr-1'", "Did you mean order-1?"),
        (["state", "STORE", "zzz"], "no stream 'zzz'", "view STORE streams"),
        (["log", "STORE", "--stream", "x"], "no stream 'x'", "streams"),
        (["log", "STORE", "--type", "Place"], "no event of type 'Place'", "Did you mean Placed?"),
        (["export", "STORE", "o.jsonl", "--type", "X"], "no event of type 'X'", "info"),
        (["state", "STORE", "order-1", "--at", "soon"], "neither a position nor a time", "1842"),
        (["state", "STORE", "order-1", "--at", "4"], "the log ends at position 3", "1842"),
        (["state", "STORE", "order-1", "--at", "v9"], "ends at version 3", "1842"),
        (["state", "STORE", "order-1", "--at", "9" * 5_000], "neither", "1842"),
        (["diff", "STORE", "order-1", "--from", "x", "--to", "1"], "neither a position", "1842"),
        (["log", "STORE", "--from", "v1"], "a log is cut at positions", "1842"),
        (["log", "STORE", "--to", "occurred:2026-01-01"], "a log is cut at positions", "1842"),
        (["view", "STORE", "nope"], "there is no view 'nope'", "info"),
        (
            ["view", "STORE", "streams", "--at", "occurred:2026-01-01"],
            "no place in the log",
            "1842",
        ),
        (["rebuild", "STORE", "nope"], "there is no view 'nope'", "info"),
        (["export", "STORE", "no/such/folder/o.jsonl"], "there is no file here", "path"),
        (["export", "STORE", "STORE"], "", ""),
    ],
)
def test_a_wish_that_cannot_be_met_gets_its_sentence_and_next_step(
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
    hint: str,
) -> None:
    monkeypatch.chdir(store.parent)
    capsys.readouterr()
    before = _digest(store)

    code = main.main([str(store) if it == "STORE" else it for it in arguments])

    said = capsys.readouterr()
    first, second = said.err.splitlines()
    assert (code, said.out) == (1, "")
    assert first.startswith("main.py: ")
    assert sentence in first
    assert hint in second
    assert _digest(store) == before


def test_a_folder_that_cannot_be_written_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root may write everywhere, so the answer of the system is replaced."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))

    code = main.main(["info", str(store)])

    err = capsys.readouterr().err
    assert code == 1
    assert err.startswith("main.py: the folder cannot be written: ")


# -- processes ------------------------------------------------------------------------------


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
        first = json.loads(process.stdout.readline())["progress"]
        out, err = process.communicate(word, timeout=60)

    assert first.keys() == {"fraction", "events", "rate", "seconds_left"}
    assert 0 < first["fraction"] < 1
    assert process.returncode == 1
    assert err.startswith("main.py: stopped on request\n")
    assert all("progress" in json.loads(line) for line in out.splitlines())
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
    fractions = [line["progress"]["fraction"] for line in progress]
    assert fractions == sorted(fractions)


@pytest.mark.parametrize("verb", ["rebuild", "verify"])
def test_work_on_a_store_can_be_followed_too(store: Path, verb: str) -> None:
    with start(verb, store, "--json", "--progress") as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]
        assert process.wait(60) == 0

    assert "progress" not in lines[-1]


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


def _contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its digest."""
    return {str(it.relative_to(folder)): _digest(it) for it in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """Without what SQLite leaves beside a log that was only read: an empty -wal and its index."""
    for path in sorted(folder.rglob("*")):
        is_scratch = path.name.endswith("-shm") or (
            path.name.endswith("-wal") and path.stat().st_size == 0
        )
        if not is_scratch:
            yield path


def _digest(path: Path) -> str:
    return "folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
