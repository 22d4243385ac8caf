"""changes: events that follow from two states of a table."""

import json
from pathlib import Path

import pytest

from replay import command_line
from store.opening import reading


@pytest.fixture
def states(tmp_path: Path) -> list[str]:
    before, after = tmp_path / "monday.csv", tmp_path / "stock.csv"
    before.write_text("id,price\n1,4.00\n2,7.50\n", "utf-8")
    after.write_text("id,price\n1,4.50\n3,1.10\n", "utf-8")
    return [str(before), str(after)]


def test_it_says_how_many_changes_there_are_and_where_they_went(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", *states, "--key", "id"]) == 0

    told = "stock.csv: 3 changes, 3 stored as inferred events"
    assert capsys.readouterr().out.splitlines()[0] == told
    with reading(Path(states[1]).with_suffix(".foldline")) as reader:
        assert sorted(it.stream for it in reader.read()) == ["stock-1", "stock-2", "stock-3"]


def test_the_list_of_events_says_of_each_that_it_was_inferred(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(Path(states[1]).with_suffix(".foldline"))
    command_line.run(["changes", *states, "--key", "id"])
    capsys.readouterr()

    command_line.run(["log", store])
    lines = capsys.readouterr().out.splitlines()
    command_line.run(["log", store, "--where", "metadata.inferred.changed = price", "--json"])
    (found,) = capsys.readouterr().out.splitlines()

    assert all("(inferred)" in it for it in lines)
    assert json.loads(found)["type"] == "RowChanged"


def test_that_nothing_changed_is_an_answer(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", states[0], states[0], "--key", "id"]) == 0

    assert "0 changes" in capsys.readouterr().out
    assert not Path(states[0]).with_suffix(".foldline").exists()


def test_one_state_alone_needs_the_word_that_its_rows_were_added(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", states[0], "--key", "id"]) == 2
    assert "--first" in capsys.readouterr().err

    assert command_line.run(["changes", states[0], "--key", "id", "--first", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stored"] == 2


def test_a_column_that_no_row_has_is_named(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", *states, "--key", "sku"]) == 1

    assert "no column 'sku'. Its columns are id, price" in capsys.readouterr().err


def test_a_look_counts_the_changes_and_stores_nothing(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", *states, "--key", "id", "--look", "2"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "columns: id, price",
        "rows: 1 added, 1 changed, 1 removed, 0 that cannot be used",
    ]
    assert "price 4.00 → 4.50" in lines[3]
    assert len(lines) == 5
    assert not list(Path(states[0]).parent.glob("*.foldline*"))


def test_a_look_without_a_key_names_the_columns_and_a_run_asks_for_one(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["changes", *states, "--look", "2", "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert command_line.run(["changes", *states]) == 2

    assert (seen["columns"], seen["records"]) == (["id", "price"], [])
    assert "--key" in capsys.readouterr().err
