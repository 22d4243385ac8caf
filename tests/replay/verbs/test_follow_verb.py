"""follow: what it says of a file that grows, and how it ends."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from replay import command_line
from replay.children.environment import environment
from store.opening import reading

ROOT = Path(__file__).parents[3]


def line(n: int) -> str:
    return json.dumps({"stream": "s-1", "type": "Came", "id": f"e{n}"}) + "\n"


def head_of(store: Path) -> int:
    with reading(store) as reader:
        return reader.head()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "events.jsonl"
    file.write_text(line(0) + "no event\n" + line(1), "utf-8")
    return file


def test_it_says_what_came_in_and_what_did_not(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["follow", str(file), "--once"]) == 0

    assert capsys.readouterr().out == (
        "2 events stored, 1 record not used\n2 events stored in events.foldline\n"
    )


def test_its_json_is_a_line_for_each_batch_and_a_sum(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["follow", str(file), "--once", "--json"]) == 0

    told = [json.loads(it) for it in capsys.readouterr().out.splitlines()]
    counts = {"read": 3, "stored": 2, "rejected": 1}
    assert [it["counts"] for it in told] == [{**it["counts"], **counts} for it in told]
    assert told[-1]["store"] == str(file.with_suffix(".foldline"))


def test_ctrl_c_ends_it_and_what_was_told_is_in_one_whole_file(file: Path) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "follow", str(file)]
    verb = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), text=True)
    assert verb.stdout is not None
    assert verb.stdout.readline() == "2 events stored, 1 record not used\n"
    with file.open("a", encoding="utf-8") as it:
        it.write(line(2))
    assert verb.stdout.readline() == "1 event stored\n"

    verb.send_signal(signal.SIGINT)
    verb.communicate()

    assert verb.returncode == 130
    store = file.with_suffix(".foldline")
    assert head_of(store) == 3
    assert sorted(it.name for it in file.parent.iterdir()) == [store.name, file.name]


def test_a_store_of_something_else_is_not_written_to_unless_it_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = file.with_suffix(".foldline")
    assert command_line.run(["new", str(store)]) == 0

    assert command_line.run(["follow", str(file), "--once"]) == 1
    assert f"--into {store}" in capsys.readouterr().err
    assert head_of(store) == 0
    assert command_line.run(["follow", str(file), "--once", "--free-name"]) == 0
    assert head_of(file.with_name("events-2.foldline")) == 2
    assert command_line.run(["follow", str(file), "--once", "--into", str(store)]) == 0
    assert head_of(store) == 2


def test_a_role_that_only_reads_may_not_follow(file: Path) -> None:
    assert command_line.run(["follow", str(file), "--once", "--role", "read only"]) == 1

    assert not file.with_suffix(".foldline").exists()
