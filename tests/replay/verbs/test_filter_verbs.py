"""Filters on the command line: what one verb lists, another writes and finds."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay.verbs.conftest import Run


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("type = Paid and position > 1", ["e3"]),
        ("anything contains PAID or id = e1", ["e1", "e3"]),
    ],
)
def test_export_takes_what_log_and_search_find_by_a_filter(
    run: Run, store: Path, tmp_path: Path, where: str, ids: list[str]
) -> None:
    out = tmp_path / "met.jsonl"

    code = run("export", store, out, "--where", where)[0]

    assert code == 0
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ids
    assert [it["id"] for it in parsed(run("log", store, "--where", where, "--json")[1])] == ids
    assert [it["id"] for it in parsed(run("search", store, where, "--json")[1])] == ids[::-1]


@pytest.mark.parametrize("verb", ["export", "log", "search"])
def test_a_filter_that_names_nothing_is_told_with_the_nearest_names(
    run: Run, store: Path, tmp_path: Path, verb: str
) -> None:
    places = {"export": [store, tmp_path / "no.jsonl", "--where"], "log": [store, "--where"]}

    code, out, err = run(verb, *places.get(verb, [store]), "type = Piad")

    assert (code, out) == (1, "")
    assert "no event has the type 'Piad'" in err
    assert "Did you mean Paid?" in err
    assert not (tmp_path / "no.jsonl").exists()


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]
