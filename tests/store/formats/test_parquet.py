"""Parquet: our own columns come back as they were, any others by a mapping."""

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import UnknownFormat, UnreadableSource
from store.reading.packed import FLOOR_BYTES
from store.reading.parquet_source import rows_of
from store.shaping.rules import ImportRules
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in
from tests.store.packed_files import PACKERS

FILE = FIXTURES / "orders.parquet"


def changed(folder: Path, change: Any) -> Path:
    """The example, its rows changed."""
    table = pq.read_table(FILE)
    path = folder / "changed.parquet"
    pq.write_table(pa.Table.from_pylist(change(table.to_pylist()), schema=table.schema), path)
    return path


def foreign(folder: Path, *, rows: int = 3) -> Path:
    """Columns of somebody else, with times to the nanosecond, decimals and bytes."""
    path = folder / "theirs.parquet"
    ns = [1_772_352_000_123_456_789 + n for n in range(rows)]
    columns = {
        "order": pa.array([f"o-{n % 2}" for n in range(rows)]),
        "what": pa.array(["Placed"] * rows),
        "at": pa.array(ns, pa.timestamp("ns", "UTC")),
        "total": pa.array([None, *[1.5] * (rows - 1)]),
        "raw": pa.array([b"\xff\x00"] * rows),
        "tags": pa.array([["a", "b"]] * rows),
    }
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


class TestParquet(FormatContract):
    name = "parquet"
    file = "orders.parquet"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [_row_of(rows[0], it) for it in events]

        return changed(folder, change)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one without a type, and one whose metadata is no object."""

        def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            rows[2]["type"], rows[3]["metadata"] = None, "[]"
            return [*rows[:5], rows[0]]

        return changed(folder, change), 6


def _row_of(row: dict[str, Any], it: Written) -> dict[str, Any]:
    """The row, of another event."""
    at = it.milliseconds * 1_000 if it.at is None else int(it.at)
    return {
        **row,
        "position": it.n,
        "stream": it.stream,
        "stream_version": it.place,
        "type": it.type,
        "id": it.id,
        "occurred_at_us": at,
        "recorded_at_us": at,
        "data": it.data,
    }


def test_a_log_comes_back_as_it_was(tmp_path: Path) -> None:
    first, second = tmp_path / "first.foldline", tmp_path / "second.foldline"
    for name in ("cloudevents-extras.jsonl", "emmett-carts.sqlite", "res-json.sqlite3"):
        ingest(FIXTURES / name, into=first)

    export(first, tmp_path / "out.parquet", format="parquet")
    ingest(tmp_path / "out.parquet", into=second)

    assert events_in(second) == events_in(first)
    assert links_in(second) == links_in(first)


def test_columns_of_somebody_else_come_in_by_a_mapping(tmp_path: Path) -> None:
    rules = ImportRules(map={"stream": "order-{order}", "type": "what", "occurred": "at"})

    report = ingest(foreign(tmp_path), into=tmp_path / "log.foldline", rules=rules)

    first, second = events_in(tmp_path / "log.foldline")[:2]
    assert (report.format, report.stored) == ("parquet-rows", 3)
    assert (first.stream, first.type) == ("order-o-0", "Placed")
    assert first.occurred_at == "2026-03-01T08:00:00.123456+00:00"
    assert "123456789" in first.data["at"]
    assert (first.data["total"], str(second.data["total"])) == (None, "1.5")
    assert (first.data["raw"], first.data["tags"]) == ("ff00", ["a", "b"])


def test_without_a_mapping_it_is_said_what_to_state(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat) as told:
        ingest(foreign(tmp_path), into=tmp_path / "log.foldline")

    assert "--map" in told.value.hint


def test_rows_are_read_group_by_group(tmp_path: Path) -> None:
    pulses = 0

    def pulse() -> None:
        nonlocal pulses
        pulses += 1

    file = foreign(tmp_path, rows=2_500)
    found = rows_of(file, file, pulse)

    assert next(found)["order"] == "o-0"
    assert pulses == 1
    assert sum(1 for _ in found) == 2_499
    assert pulses >= 3


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, tenth: int) -> None:
    whole = FILE.read_bytes()
    source = tmp_path / "cut.parquet"
    source.write_bytes(whole[: len(whole) * tenth // 10])

    with pytest.raises(UnreadableSource, match="the Parquet file is damaged"):
        ingest(source, into=tmp_path / "log.foldline")


def test_without_pyarrow_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.foldline"
    ingest(FIXTURES / "orders.canonical.jsonl", into=log)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with pytest.raises(UnreadableSource, match="needs pyarrow, which is not installed") as told:
        ingest(FILE, into=tmp_path / "other.foldline")
    with pytest.raises(UnreadableSource, match="needs pyarrow"):
        export(log, tmp_path / "out.parquet", format="parquet")

    assert "pip install" in told.value.hint
    assert not (tmp_path / "out.parquet").exists()


def packed_in_a_folder(folder: Path) -> Path:
    """A folder with the example, packed and plain, the same events twice."""
    made = folder / "theirs"
    made.mkdir()
    (made / "a.parquet").write_bytes(FILE.read_bytes())
    (made / "b.parquet.gz").write_bytes(gzip.compress(FILE.read_bytes()))
    return made


@pytest.mark.parametrize("pack", PACKERS)
def test_a_packed_file_is_read_as_what_is_in_it(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed, plain = tmp_path / "packed", tmp_path / "plain.foldline"
    packed.write_bytes(pack(FILE.read_bytes()))
    ingest(FILE, into=plain)

    report = ingest(packed, into=tmp_path / "log.foldline")

    assert (report.format, report.stored) == ("parquet", 300)
    assert events_in(tmp_path / "log.foldline") == events_in(plain)


def test_rows_of_a_packed_file_come_in_by_a_mapping(tmp_path: Path) -> None:
    packed = tmp_path / "theirs.parquet.gz"
    packed.write_bytes(gzip.compress(foreign(tmp_path).read_bytes()))
    rules = ImportRules(map={"stream": "order-{order}", "type": "what", "occurred": "at"})

    report = ingest(packed, into=tmp_path / "log.foldline", rules=rules)

    assert (report.format, report.stored) == ("parquet-rows", 3)


def test_files_of_a_folder_are_read_packed_or_not(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"

    report = ingest(packed_in_a_folder(tmp_path), into=store, rules=ImportRules(order="position"))

    assert (report.stored, report.duplicates) == (300, 300)


def test_a_packed_file_far_larger_than_it_is_packed_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.parquet.gz"
    bomb.write_bytes(gzip.compress(b"PAR1" + bytes(FLOOR_BYTES)))

    with pytest.raises(UnreadableSource, match=f"more than {FLOOR_BYTES:,} bytes") as refused:
        ingest(bomb, into=tmp_path / "log.foldline")

    assert "unpack=unlimited" in refused.value.hint


def test_a_packed_file_that_is_damaged_is_refused_by_its_own_name(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.parquet.gz"
    damaged.write_bytes(gzip.compress(FILE.read_bytes()[:-100]))

    with pytest.raises(UnreadableSource, match="the Parquet file is damaged") as refused:
        ingest(damaged, into=tmp_path / "log.foldline")

    assert str(damaged) in str(refused.value)
    assert [it.name for it in tmp_path.iterdir()] == ["damaged.parquet.gz"]
