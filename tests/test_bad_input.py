"""Whatever is wrong with a file or a wish: a sentence that names it, the next step, no change."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import main
from store.sqlite import schema
from store.sqlite.connect import connect, create_log

LINE: Final = (
    '{"stream":"order-1","type":"Placed","id":"e%d","recorded_at":"2026-03-01T10:00:00Z",'
    '"data":{"n":%d},"metadata":{}}\n'
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "orders.jsonl"
    path.write_text("".join(LINE % (n, n) for n in range(1, 4)), "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, source: Path) -> Path:
    path = tmp_path / "orders.foldline"
    assert main.main(["import", str(source), "--into", str(path)]) == 0
    return path


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
    "a missing file": (lambda _path: None, "the file does not exist"),
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
        (["log", "STORE", "--from", "v1"], "the range of a log is given in positions", "1842"),
        (
            ["log", "STORE", "--to", "occurred:2026-01-01"],
            "the range of a log is given in positions",
            "1842",
        ),
        (["view", "STORE", "nope"], "there is no view 'nope'", "info"),
        (
            ["view", "STORE", "streams", "--at", "occurred:2026-01-01"],
            "not a position in the log",
            "1842",
        ),
        (["rebuild", "STORE", "nope"], "there is no view 'nope'", "info"),
        (["export", "STORE", "no/such/folder/o.jsonl"], "the file does not exist", "path"),
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


def test_a_store_that_cannot_be_written_is_named_and_can_be_read(
    store: Path,
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Root may write everywhere, so the answer of the system is replaced."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))

    code = main.main(["import", str(source), "--into", str(store)])

    err = capsys.readouterr().err
    assert code == 1
    assert err.startswith("main.py: the file cannot be written: ")
    assert main.main(["info", str(store)]) == 0


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
