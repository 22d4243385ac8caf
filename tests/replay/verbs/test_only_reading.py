"""Verbs on a store that may only be read: those that read leave no trace, others say why not."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from tests.replay.logs import make_log
from tests.sealed import sealed


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """On a shelf of its own, which no test writes to later."""
    path = tmp_path / "shelf" / "orders.foldline"
    path.parent.mkdir()
    make_log(path, 30)
    return path


@pytest.fixture
def shelf(store: Path) -> Iterator[Path]:
    with sealed(store.parent):
        yield store.parent


def contents(folder: Path) -> dict[str, str]:
    return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}


@pytest.mark.parametrize(
    "verb",
    [
        ["info"],
        ["verify"],
        ["view", "streams"],
        ["log"],
        ["state", "order-1"],
        ["lint"],
        ["sql", "SELECT count(*) FROM event_log"],
        ["search", "Paid"],
        ["views"],
        ["parked"],
    ],
)
def test_verbs_that_read_leave_no_trace(
    verb: list[str], store: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(shelf)

    code = main.main([verb[0], str(store), *verb[1:]])

    assert code == 0, capsys.readouterr().err
    assert contents(shelf) == before
    if verb == ["info"]:
        assert "read-only: the file cannot be written" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["issue", "dispatch", "import"])
def test_verbs_that_write_say_why_not(
    verb: str, store: Path, shelf: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = tmp_path / "more.jsonl"
    source.write_text('{"stream":"a-1","type":"Placed","data":{}}\n', "utf-8")
    before = contents(shelf)
    arguments = {
        "issue": ["issue", str(store), "OpenAccount", "--data", '{"id": "a1", "owner": "ada"}'],
        "dispatch": ["dispatch", str(store)],
        "import": ["import", str(source), "--into", str(store)],
    }[verb]

    assert main.main(arguments) == 1

    assert "the file cannot be written" in capsys.readouterr().err
    assert contents(shelf) == before
