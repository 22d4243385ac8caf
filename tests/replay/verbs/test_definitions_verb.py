"""The verb that lists, compares and restores definitions; a view that is restored has its rows."""

import json
from pathlib import Path

from tests.replay.verbs.conftest import Run


def test_a_built_view_that_is_restored_gives_its_old_rows_again(run: Run, store: Path) -> None:
    run("build", store, "sums", "--group", "stream", "--column", "n=count")
    old = run("view", store, "sums", "--json")[1]
    run("build", store, "sums", "--group", "type", "--column", "n=count")
    new = run("view", store, "sums", "--json")[1]

    assert run("definitions", "restore", store, "1", "--why", "by stream again")[0] == 0

    assert old != new
    assert run("view", store, "sums", "--json")[1] == old
    listed = [json.loads(it) for it in run("definitions", "list", store, "--json")[1].splitlines()]
    assert [(it["how"], it["why"]) for it in listed] == [
        ("saved", ""),
        ("saved", ""),
        ("restored", "by stream again"),
    ]
    assert {it["kind"] for it in listed} == {"built-views"}


def test_changes_are_listed_shown_and_compared(run: Run, store: Path) -> None:
    run("rules", store, "--add", "low", "--where", "total < 1")
    run("rules", store, "--add", "low", "--where", "total < 2")
    run("rules", store, "--add", "high", "--where", "total > 9")

    listed = run("definitions", "list", store)[1]
    shown = run("definitions", "show", store, "2")[1]
    compared = run("definitions", "diff", store, "1")[1].splitlines()
    between = json.loads(run("definitions", "diff", store, "1", "--to", "2", "--json")[1])

    assert "+low" in listed
    assert "~low" in listed
    assert '"where": "total < 2"' in [it.strip(" ,") for it in shown.splitlines()]
    assert compared == ["+ high", "~ low", '    where: "total < 1" → "total < 2"']
    assert [(it["name"], it["sign"]) for it in between] == [("low", "changed")]


def test_what_is_not_there_says_so(run: Run, store: Path) -> None:
    assert "no definition was ever changed" in run("definitions", "list", store)[1]
    code, _, err = run("definitions", "show", store, "3")
    assert (code, "there is no change 3" in err) == (1, True)
    assert run("definitions", "list", store, "--kind", "nonsense")[0] == 1
