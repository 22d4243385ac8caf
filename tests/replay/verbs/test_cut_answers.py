"""What a verb prints only a part of says so, also in JSON, and how to have more."""

import json
from pathlib import Path

import pytest

from tests.replay.verbs.conftest import Run


@pytest.fixture
def store(run: Run, lines: Path, tmp_path: Path) -> Path:
    path = tmp_path / "orders.foldline"
    assert run("import", lines, "--into", path)[0] == 0
    return path


def test_a_preview_says_that_it_is_the_beginning_of_a_file(run: Run, lines: Path) -> None:
    cut, whole = (run("preview", lines, "--limit", n)[1] for n in (2, 20))

    assert cut.splitlines()[-1] == "the first 2 records (--limit N shows more)"
    assert "the first" not in whole


def test_a_preview_of_a_view_counts_all_its_rows(run: Run, store: Path) -> None:
    build = ("build", store, "calls", "--group-by", "stream", "--column", "n=count", "--preview")

    cut, whole = (run(*build, "--limit", n)[1].splitlines()[-1] for n in (1, 20))

    assert cut == "2 rows, the first 1 are shown (--limit); nothing was saved"
    assert whole == "2 rows; nothing was saved"


@pytest.mark.parametrize("is_json", [False, True])
def test_an_answer_in_sql_that_is_cut_says_so(run: Run, store: Path, is_json: bool) -> None:
    ask = ("sql", store, "SELECT position FROM event_log", *(["--json"] if is_json else []))

    cut, whole = run(*ask, "--limit", 2), run(*ask)

    said = cut[2] if is_json else cut[1]
    assert "more than 2 rows" in said
    assert (
        [json.loads(it) for it in cut[1].splitlines()]
        == [
            {"position": 1},
            {"position": 2},
        ]
        if is_json
        else "more than" in cut[1]
    )
    assert "more than" not in whole[1] + whole[2]


@pytest.mark.parametrize("is_json", [False, True])
def test_hits_that_are_not_all_say_so(run: Run, store: Path, is_json: bool) -> None:
    search = ("search", store, "order", *(["--json"] if is_json else []))

    cut, whole = run(*search, "--limit", 1), run(*search)

    assert "the newest 1 are shown; there are more" in (cut[2] if is_json else cut[1])
    assert "there are more" not in whole[1] + whole[2]


def test_a_change_that_was_tried_on_more_events_than_it_shows_says_so(
    run: Run, tmp_path: Path
) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(
        "".join(
            json.dumps({"stream": "note-1", "type": "Noted", "id": f"n{n}", "data": {"n": n}})
            + "\n"
            for n in range(7)
        )
    )
    store = tmp_path / "many.foldline"
    run("import", many, "--into", store)

    told = run("upcast", store, "Noted", "--retire", "no more")[1]

    assert "  … 5 of them are shown (--json shows 7)" in told.splitlines()
