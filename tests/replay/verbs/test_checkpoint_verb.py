"""checkpoint keys, sign and verify on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from replay import command_line
from store.events import NewEvent
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.writer import Writer


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    Writer(db).append("note-1", [NewEvent(type="Noted") for _ in range(3)], expected=0)
    db.close()
    return path


def run(*arguments: Any) -> int:
    return command_line.run([str(it) for it in ("checkpoint", *arguments)])


def test_a_store_is_signed_and_proved(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, out = tmp_path / "mine", tmp_path / "signed.json"

    codes = [run("keys", key), run("sign", store, "--key", key, "--out", out)]
    codes.append(run("verify", store, out, "--key", f"{key}.pub"))

    assert codes == [0, 0, 0]
    assert json.loads(out.read_text("utf-8"))["position"] == 3
    assert "verified: the history up to position 3 is unchanged" in capsys.readouterr().out


def test_a_store_that_was_changed_is_not_proved(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, out = tmp_path / "mine", tmp_path / "signed.json"
    run("keys", key)
    run("sign", store, "--key", key, "--out", out)
    db = connect(store)
    db.execute("DROP TRIGGER events_refuse_update")
    db.execute("UPDATE events SET data = '[]' WHERE position = 2")
    db.close()
    capsys.readouterr()

    text_code = run("verify", store, out, "--key", f"{key}.pub")
    text = capsys.readouterr().out
    json_code = run("verify", store, out, "--key", f"{key}.pub", "--json")
    facts = json.loads(capsys.readouterr().out)

    assert (text_code, json_code, facts["is_proved"]) == (1, 1, False)
    assert "the history up to position 3 was changed since it was signed" in text


def test_no_file_is_written_over(store: Path, tmp_path: Path) -> None:
    key = tmp_path / "mine"
    run("keys", key)

    assert run("sign", store, "--key", key, "--out", store) == 1
