"""Two states of a table, and the events that must have happened between them."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import UnreadableSource
from store.inferred.infer import infer_changes
from store.inferred.mark import mark_of
from store.inferred.table_state import NoSuchKey
from store.opening import reading
from store.shaping.rules import ImportRules
from store.transfer.export import export
from store.transfer.ingest import ingest

Row = Mapping[str, str]


def write_csv(
    file: Path, rows: Sequence[Row], names: Sequence[str] = ("id", "name", "price")
) -> Path:
    with file.open("w", encoding="utf-8", newline="") as it:
        writer = csv.DictWriter(it, names)
        writer.writeheader()
        writer.writerows(rows)
    return file


def told(store: Path) -> list[tuple[str, str, object]]:
    with reading(store) as reader:
        return [(it.stream, it.type, json.loads(it.data_json)) for it in reader.read()]


BEFORE = [
    {"id": "1", "name": "cup", "price": "4.00"},
    {"id": "2", "name": "plate", "price": "7.50"},
    {"id": "3", "name": "fork", "price": "1.20"},
]
AFTER = [
    {"id": "4", "name": "spoon", "price": "1.10"},
    {"id": "3", "name": "fork", "price": "1.20"},
    {"id": "1", "name": "cup", "price": "4.50"},
]


@pytest.fixture
def states(tmp_path: Path) -> list[Path]:
    return [write_csv(tmp_path / "monday.csv", BEFORE), write_csv(tmp_path / "tuesday.csv", AFTER)]


def test_rows_added_changed_and_removed_are_events_of_their_row(
    states: list[Path], tmp_path: Path
) -> None:
    store = tmp_path / "stock.foldline"

    (report,) = infer_changes(states, into=store, table="stock", key=["id"])

    assert told(store) == [
        ("stock-4", "RowAdded", AFTER[0]),
        ("stock-1", "RowChanged", AFTER[2]),
        ("stock-2", "RowRemoved", BEFORE[1]),
    ]
    assert (report.read, report.stored, report.format) == (3, 3, "table-changes")


def test_each_says_that_it_was_inferred_and_from_what(states: list[Path], tmp_path: Path) -> None:
    store, out = tmp_path / "stock.foldline", tmp_path / "out.jsonl"
    infer_changes(states, into=store, table="stock", key=["id"])
    export(store, out, format="canonical")
    ingest(out, into=tmp_path / "again.foldline")

    with reading(tmp_path / "again.foldline") as reader:
        marks = [mark_of(it.metadata_json) for it in reader.read()]

    found = [(it.table, it.before, it.after, it.changed) for it in marks if it is not None]
    files = ("stock", "monday.csv", "tuesday.csv")
    assert found == [(*files, ()), (*files, ("price",)), (*files, ())]
    assert [json.loads(bytes(it.was["price"])) for it in marks if it and it.was] == ["4.00", "7.50"]


def test_the_same_states_again_add_nothing_and_a_new_one_its_changes(
    states: list[Path], tmp_path: Path
) -> None:
    store = tmp_path / "stock.foldline"
    infer_changes(states, into=store, table="stock", key=["id"])

    (again,) = infer_changes(states, into=store, table="stock", key=["id"])
    back = write_csv(tmp_path / "wednesday.csv", BEFORE)
    (later,) = infer_changes([states[1], back], into=store, table="stock", key=["id"])

    assert (again.stored, again.duplicates) == (0, 3)
    assert later.stored == 3


def test_a_series_tells_each_step_and_the_first_state_when_it_is_wanted(
    states: list[Path], tmp_path: Path
) -> None:
    store = tmp_path / "stock.foldline"
    back = write_csv(tmp_path / "wednesday.csv", BEFORE)

    reports = infer_changes([*states, back], into=store, table="stock", key=["id"], has_first=True)

    assert [it.stored for it in reports] == [3, 3, 3]
    assert [it[1] for it in told(store)[:3]] == ["RowAdded"] * 3


def test_rows_without_a_key_or_with_one_that_is_taken_are_named(tmp_path: Path) -> None:
    rows = [*AFTER, {"id": "", "name": "x", "price": "1"}, {**AFTER[0], "price": "9"}]
    before = write_csv(tmp_path / "a.csv", [*BEFORE, BEFORE[0]])
    after = write_csv(tmp_path / "b.csv", rows)
    store = tmp_path / "s.foldline"

    (report,) = infer_changes([before, after], into=store, table="stock", key=["id"])

    assert (report.stored, report.rejected) == (3, 3)
    assert [it.reason for it in report.bad_lines] == [
        "another row has the key '1'",
        "the row has no id",
        "another row has the key '4'",
    ]


def test_a_column_that_is_not_there_and_a_file_without_rows_are_told(
    states: list[Path], tmp_path: Path
) -> None:
    picture = tmp_path / "picture.bin"
    picture.write_bytes(b"\x00\x01\x02 no rows \xff" * 50)
    store = tmp_path / "s.foldline"

    with pytest.raises(NoSuchKey, match=r"no column 'sku'. Its columns are id, name, price"):
        infer_changes(states, into=store, table="stock", key=["sku"])
    with pytest.raises(UnreadableSource, match="no rows with named columns"):
        infer_changes([states[0], picture], into=store, table="stock", key=["id"])

    assert not store.exists()


def test_columns_that_came_or_went_are_changes(tmp_path: Path) -> None:
    before = write_csv(tmp_path / "a.csv", [{"id": "1", "old": "x"}], ("id", "old"))
    after = write_csv(tmp_path / "b.csv", [{"id": "1", "new": "y"}], ("id", "new"))
    store = tmp_path / "s.foldline"

    infer_changes([before, after], into=store, table="t", key=["id"])

    with reading(store) as reader:
        (event,) = reader.read()
    mark = mark_of(event.metadata_json)
    assert mark is not None
    assert mark.changed == ("new", "old")
    assert set(mark.was) == {"old"}


def test_json_records_keep_the_digits_of_their_numbers(tmp_path: Path) -> None:
    before, after = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    before.write_text('{"id":1,"n":9007199254740993}\n{"id":2,"n":1.0}\n', "utf-8")
    after.write_text('{"id":1,"n":9007199254740995}\n{"id":2,"n":1.0}\n', "utf-8")
    store = tmp_path / "s.foldline"

    infer_changes([before, after], into=store, table="t", key=["id"])

    with reading(store) as reader:
        (event,) = reader.read()
    assert (event.stream, event.data_json) == ("t-1", '{"id":1,"n":9007199254740995}')


def test_a_time_of_a_row_is_that_of_its_event_by_a_mapping(tmp_path: Path) -> None:
    names = ("id", "changed_at")
    before = write_csv(tmp_path / "a.csv", [], names)
    rows = [{"id": "1", "changed_at": "2026-03-01T10:00:00Z"}]
    after = write_csv(tmp_path / "b.csv", rows, names)
    store = tmp_path / "s.foldline"
    rules = ImportRules(map={"occurred": "changed_at"})

    infer_changes([before, after], into=store, table="t", key=["id"], rules=rules)

    with reading(store) as reader:
        (event,) = reader.read()
    assert event.occurred_at == "2026-03-01T10:00:00.000000+00:00"


keys = st.integers(1, 6).map(str)
tables = st.dictionaries(keys, st.sampled_from(["a", "b", 'ü,\n"x"']), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(tables, min_size=2, max_size=4))
def test_the_states_of_the_rows_are_those_of_the_last_table(series: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        files = [
            write_csv(
                Path(folder) / f"{n}.csv",
                [{"id": key, "name": name} for key, name in it.items()],
                ("id", "name"),
            )
            for n, it in enumerate(series)
        ]
        store = Path(folder) / "t.foldline"
        infer_changes(files, into=store, table="t", key=["id"], has_first=True)
        rows: dict[str, object] = {}
        for stream, kind, data in told(store) if store.exists() else []:
            assert (kind == "RowAdded") == (stream not in rows)
            if kind == "RowRemoved":
                assert rows.pop(stream) == data
            else:
                rows[stream] = data

        assert rows == {f"t-{key}": {"id": key, "name": it} for key, it in series[-1].items()}
