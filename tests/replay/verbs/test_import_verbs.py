"""What import and preview tell about counts, and about what a format leaves open."""

import json
from pathlib import Path
from typing import Any

import pytest

from replay.progress_lines import ProgressLines
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
        ("leading_type", "expected NAME=VALUE"),
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

    assert (code, "There are no choices." in err) == (2, True)


def test_an_import_of_nothing_is_told_by_the_exit_code(run: Run, tmp_path: Path) -> None:
    into, good = tmp_path / "a.foldline", tmp_path / "good.jsonl"
    good.write_text('{"stream":"s","type":"Noted","id":"a"}\n', "utf-8")
    for name, text in (("blank", "\n \n"), ("bad", '{"stream":1}\n{"stream":2}\n')):
        (tmp_path / name).write_text(text, "utf-8")

    nothing = [
        run("import", tmp_path / it, "--into", into, "--format", "canonical")
        for it in ("blank", "bad")
    ]

    assert [code for code, _, _ in nothing] == [1, 1]
    assert "bad: 0 of 2 events stored" in nothing[1][1]
    assert "none of its events could be stored: bad" in nothing[1][2]
    assert not into.exists()
    assert [run("import", good, "--into", into)[0] for _ in range(2)] == [0, 0]


def test_a_bad_source_hides_no_report_and_stops_no_other(run: Run, tmp_path: Path) -> None:
    into = tmp_path / "a.foldline"
    good = [tmp_path / f"{it}.jsonl" for it in "ab"]
    for it in good:
        it.write_text(f'{{"stream":"s","type":"Noted","id":"{it.stem}"}}\n', "utf-8")
    sources = (good[0], tmp_path / "missing.jsonl", good[1])

    code, out, err = run("import", *sources, "--into", into)
    as_json = run("import", *sources, "--into", tmp_path / "b.foldline", "--json")

    assert code == as_json[0] == 1
    assert "a.jsonl: 1 of 1 events stored" in out
    assert "b.jsonl: 1 of 1 events stored" in out
    assert "the file does not exist" in err
    assert "Nothing of it was imported" in err
    (total,) = parsed(as_json[1])
    assert (total["stored"], [it["file"] for it in total["sources"]]) == (
        *(2, ["a.jsonl", "missing.jsonl", "b.jsonl"]),
    )
    assert str(sources[1]) in total["sources"][1]["error"]


def test_what_ends_an_import_of_several_sources_tells_which_are_stored(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [tmp_path / f"{it}.jsonl" for it in "ab"]
    for it in good:
        it.write_text(f'{{"stream":"s","type":"Noted","id":"{it.stem}"}}\n', "utf-8")
    into = tmp_path / "a.foldline"

    monkeypatch.setattr(ProgressLines, "is_cancelled", lambda _lines: into.exists())
    code, out, err = run("import", *good, "--into", into)

    assert (code, "a.jsonl: 1 of 1 events stored" in out) == (1, True)
    assert "stopped on request" in err
    assert "The files before it are stored. Nothing of it and of the later files is." in err
    assert "Nothing was changed" not in err


def test_what_is_odd_is_named_in_the_text_and_in_the_json(run: Run, tmp_path: Path) -> None:
    source = FIXTURES / "ocel-dangling.sqlite"

    text = run("import", source, "--into", tmp_path / "a.foldline")[1]
    report = parsed(run("import", source, "--into", tmp_path / "b.foldline", "--json")[1])[-1]

    assert "  row 3: table 'event_reviewed' has no row for the event\n" in text
    assert "  1 relation skipped\n    of event 'e99' to object 'i0'\n" in text
    assert "byte -1" not in text
    assert report["relations"] == 1
    assert {
        "kind": "relations",
        "text": "of event 'e99' to object 'i0'",
        "line": 0,
        "offset": -1,
        "file": "",
    } in (report["remarks"])


def test_lines_of_an_answers_file_that_cannot_be_read_are_counted(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"stream":"s","type":"Noted","id":"a"}\n', "utf-8")
    source.with_name("in.jsonl.answers.jsonl").write_text("no answer\n", "utf-8")

    out = run("import", source, "--into", tmp_path / "a.foldline")[1]

    assert "  1 line of the answers file that cannot be read\n" in out
