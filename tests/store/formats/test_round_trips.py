"""What comes in goes out again: byte for byte."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.opening import reading
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, contracts

AT = "2026-03-14T09:41:09.921000+01:00"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=12,
)


def line(data: str, **facts: object) -> str:
    """One canonical line with `data` as its very payload text."""
    known = {"stream": "s-1", "type": "Noted", "id": "e-1", "occurred_at": AT, "recorded_at": AT}
    text = json.dumps({**known, **facts})
    return f'{text[:-1]}, "data": {data}, "metadata": {{}}}}\n'


def stored(store: Path) -> list[str]:
    """The payload texts in a store."""
    with reading(store) as reader:
        return [event.data_json for event in reader.read()]


@pytest.mark.parametrize("name", sorted(contracts()))
@pytest.mark.parametrize("format_", ["canonical", "cloudevents", "cloudevents-batch"])
def test_export_import_export_is_byte_identical(tmp_path: Path, name: str, format_: str) -> None:
    first, second = tmp_path / "first.foldline", tmp_path / "second.foldline"
    ingest(FIXTURES / contracts()[name].file, into=first)

    export(first, tmp_path / "one", format=format_)
    ingest(tmp_path / "one", into=second)
    export(second, tmp_path / "two", format=format_)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_gzip_is_written_and_read_by_name_and_content(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"
    ingest(FIXTURES / contracts()["canonical"].file, into=store)

    one = export(store, tmp_path / "a.jsonl.gz")
    two = export(store, tmp_path / "b.jsonl.gz")
    (tmp_path / "a.jsonl.gz").rename(tmp_path / "unnamed")
    report = ingest(tmp_path / "unnamed", into=tmp_path / "again.foldline")

    assert one.sha256 == two.sha256
    assert report.stored == 300


@pytest.mark.parametrize(
    "payload",
    [
        '{"n": 123456789012345678901234567890}',
        '{"n": 1e400}',
        '{"n": 0.10, "m":   1E-7}',
        '{"a": 1, "a": 2}',
        '{ "spaced" : [ 1 ,2 ] }',
        '"just text"',
        "null",
        '{"escape": "\\u00e9\\ud83d\\ude00", "raw": "é😀"}',
        '{"half": "\\ud800"}',
        '{"zero": "\\u0000"}',
    ],
)
def test_payloads_are_kept_byte_for_byte(tmp_path: Path, payload: str) -> None:
    """Row D11: nothing of a payload is dropped or rewritten."""
    source, store = tmp_path / "in.jsonl", tmp_path / "log.foldline"
    source.write_text(line(payload), encoding="utf-8")

    report = ingest(source, into=store)
    export(store, tmp_path / "out.jsonl")

    assert (report.stored, stored(store)) == (1, [payload])
    assert f'"data":{payload},' in (tmp_path / "out.jsonl").read_text("utf-8")


@given(value=JSON)
def test_any_json_payload_survives(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("any")
    payload = json.dumps(value)
    (folder / "in.jsonl").write_text(line(payload), encoding="utf-8")

    ingest(folder / "in.jsonl", into=folder / "log.foldline")

    assert stored(folder / "log.foldline") == [payload]


def test_unknown_fields_are_kept_and_come_out_again(tmp_path: Path) -> None:
    source, store = tmp_path / "in.jsonl", tmp_path / "log.foldline"
    source.write_text(line("{}", colour="blue"), encoding="utf-8")

    ingest(source, into=store)
    export(store, tmp_path / "out.jsonl")

    assert '"colour":"blue"' in (tmp_path / "out.jsonl").read_text("utf-8").replace(" ", "")
