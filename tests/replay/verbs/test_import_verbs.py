"""What import and preview tell about counts, and about what a format leaves open."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.format import FIXTURES
from tests.replay.verbs.conftest import Run


def parsed(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_renumbered_events_are_told_and_summed_as_every_other_count(
    run: Run, tmp_path: Path
) -> None:
    source = tmp_path / "gap.jsonl"
    source.write_text('{"stream":"s","stream_version":7,"type":"Noted","id":"a"}\n', "utf-8")

    text = run("import", source, "--into", tmp_path / "a.foldline", "--dry-run")[1]
    both = run("import", source, source, "--into", tmp_path / "a.foldline", "--json")[1]

    total = parsed(both)[-1]
    assert "  1 renumbered\n" in text
    assert (total["renumbered"], total["answers"]) == (1, 0)
    assert set(total) - {"sources"} < set(total["sources"][0])


def test_what_a_format_leaves_open_is_named_and_chosen(run: Run, tmp_path: Path) -> None:
    source = FIXTURES / "orders.ocel2.json"
    chosen = ("--choice", "leading_type=Customer")

    text = run("preview", source)[1]
    found = parsed(run("preview", source, *chosen, "--limit", "1", "--json")[1])[-1]
    run("import", source, "--into", tmp_path / "a.foldline", *chosen)
    (event,) = parsed(run("log", tmp_path / "a.foldline", "--limit", "1", "--json")[1])

    assert "--choice leading_type=Order: " in text
    (choice,) = found["choices"]
    assert (choice["name"], choice["default"], choice["chosen"]) == (
        *("leading_type", "Order", "Customer"),
    )
    assert set(choice["values"]) == {"Order", "Customer", "Product"}
    assert found["records"][0]["stream"] == event["stream"] == "customer-d23f0824"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("leading_type=Nobody", "leading_type cannot be 'Nobody'"),
        ("colour=blue", "has no choice 'colour'"),
        ("leading_type", "write it as NAME=VALUE"),
    ],
)
def test_a_choice_that_is_not_there_is_wrong_usage(
    run: Run, tmp_path: Path, choice: str, said: str
) -> None:
    source, into = FIXTURES / "orders.ocel2.json", tmp_path / "a.foldline"

    for verb in (("preview", source), ("import", source, "--into", into)):
        code, _, err = run(*verb, "--choice", choice)
        assert (code, said in err) == (2, True)
    assert not into.exists()


def test_a_format_that_leaves_nothing_open_says_so(run: Run, lines: Path) -> None:
    code, _, err = run("preview", lines, "--choice", "leading_type=Order")

    assert (code, "There is nothing to choose." in err) == (2, True)
