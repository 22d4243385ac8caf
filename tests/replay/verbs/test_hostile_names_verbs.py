"""What a log holds never acts on the terminal that it is listed on."""

from pathlib import Path

import pytest

from replay.standard_output import StandardOutput
from store import json_text
from store.opening import reading
from store.visible_text import visible, visible_lines
from tests.contracts.format import FIXTURES
from tests.replay.verbs.conftest import Run

VERBS = (
    ("log",),
    ("log", "--where", "type = Made"),
    ("info",),
    ("view", "streams"),
    ("view", "latest_states"),
    ("sql", "SELECT stream, event_count FROM streams"),
    ("search", "Made"),
    ("lint",),
    ("verify",),
    ("views",),
)


@pytest.fixture
def hostile(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "hostile.foldline"
    assert run("import", FIXTURES / "hostile-names.jsonl", "--into", path)[0] == 0
    return path


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_line_is_one_that_can_be_read(
    run: Run, hostile: Path, words: tuple[str, ...]
) -> None:
    _, out, err = run(words[0], hostile, *words[1:])

    for line in (*out.split("\n"), *err.split("\n")):
        assert visible(line) == line


def test_the_name_of_a_stream_that_is_not_there_is_said_with_escapes(
    run: Run, hostile: Path
) -> None:
    code, out, err = run("state", hostile, "order-\x1b[2J\u202e")

    assert (code, out) == (1, "")
    assert visible_lines(err) == err
    assert "\\u202e" in err


def test_json_says_the_same_on_a_terminal_and_in_a_pipe(
    run: Run, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = run("log", hostile, "--json")[1]
    monkeypatch.setattr(StandardOutput, "is_terminal", lambda _self: True)
    on_a_terminal = run("log", hostile, "--json")[1]

    with reading(hostile) as log:
        streams = [it.stream for it in log.read()]
    assert piped != on_a_terminal
    for text in (piped, on_a_terminal):
        found = [json_text.decode(line) for line in text.split("\n") if line]
        assert [it["stream"] for it in found] == streams
    assert all(visible(line) == line for line in on_a_terminal.split("\n"))


def test_names_that_look_alike_are_told_by_lint(run: Run, tmp_path: Path) -> None:
    names = ("caf\u00e9-1", "cafe\u0301-1", "tea-1", "tea\u200b-1", "milk-1")
    lines = [
        json_text.encode({"stream": it, "type": "Made", "id": f"e{at}", "data": {}})
        for at, it in enumerate(names)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    run("import", tmp_path / "in.jsonl", "--into", tmp_path / "a.foldline")

    said = run("lint", tmp_path / "a.foldline")[1]
    told = [
        json_text.decode(it)
        for it in run("lint", tmp_path / "a.foldline", "--json")[1].split("\n")
        if it
    ]

    assert said.split("\n")[:2] == [
        "look-alike: streams look alike: cafe\\u0301-1, caf\\u00e9-1",
        "look-alike: streams look alike: tea-1, tea\\u200b-1",
    ]
    assert [it["names"] for it in told] == [[names[1], names[0]], [names[2], names[3]]]
    assert {it["fault"] for it in told} == {"look-alike"}
