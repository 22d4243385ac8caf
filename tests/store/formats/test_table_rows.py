"""Rows of tables of no known layout: CSV in its dialects, tables of SQLite and of a dump."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnknownFormat, UnreadableSource
from store.shaping.rules import ImportRules
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from store.transfer.report import ImportReport
from tests.store.event_files import events_in
from tests.store.table_files import Tables, csv_text, write_dump, write_sqlite

MAP = {"stream": "who", "type": "what"}
RULES = ImportRules(map=MAP)
COLUMNS = ("who", "what", "note")
NOTES = ("plain", 'a "quoted", one', "two\nlines", "two\r\nlines", "", None, "é;\t|", "=1+1")
ROWS = [("w", "Noted", it) for it in NOTES]


def taken(source: Path, rules: ImportRules = RULES) -> tuple[ImportReport, list[Any]]:
    """What an import makes of a file: its report, and the data of the events."""
    log = source.with_suffix(".foldline")
    report = ingest(source, into=log, rules=rules)
    return report, [json.loads(it.data_json) for it in events_in(log)]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_separator_and_mark_is_found(tmp_path: Path, separator: str, encoding: str) -> None:
    text = csv_text(COLUMNS, ROWS, separator=separator)

    report, data = taken(written(tmp_path / "a.csv", text, encoding))

    assert (report.stored, report.rejected) == (len(ROWS), 0)
    assert [it["note"] for it in data] == list(NOTES)


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1252"])
def test_an_encoding_without_a_mark_is_read_by_its_name(tmp_path: Path, encoding: str) -> None:
    source = written(tmp_path / "a.csv", csv_text(COLUMNS, ROWS), encoding)

    report, data = taken(source, ImportRules(map=MAP, encoding=encoding))

    assert [it["note"] for it in data] == list(NOTES)
    assert report.rejected == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_row(tmp_path: Path, end: str) -> None:
    text = csv_text(COLUMNS, [("w", "Noted", f"é{n}") for n in range(3)]).replace("\n", end)
    source = written(tmp_path / "a.csv", text + f"x{end}")

    report, data = taken(source)

    assert [it["note"] for it in data] == ["é0", "é1", "é2"]
    bad = report.bad_lines[0]
    assert (bad.line, bad.offset) == (5, len(text.encode()))


def test_an_empty_cell_is_null_where_the_file_has_quoted_ones_or_it_is_chosen(
    tmp_path: Path,
) -> None:
    text = 'who,what,note,more\nw,T,,""\nw,T,"",\nw,T,",""x"",",\n'
    source = written(tmp_path / "a.csv", text)

    _, data = taken(source)
    log = tmp_path / "b.foldline"
    ingest(source, into=log, rules=ImportRules(map=MAP, choices={"empty": "text"}))

    assert [(it["note"], it["more"]) for it in data] == [(None, ""), ("", None), (',"x",', None)]
    assert [json.loads(it.data_json)["note"] for it in events_in(log)] == ["", "", ',"x",']
    plain = written(tmp_path / "c.csv", "who,what,note\nw,T,\n")
    assert taken(plain)[1][0]["note"] == ""
    log = tmp_path / "d.foldline"
    ingest(plain, into=log, rules=ImportRules(map=MAP, choices={"empty": "null"}))
    assert events_in(log)[0].data["note"] is None


def test_tabs_with_backslashes_are_the_text_form_of_postgresql(tmp_path: Path) -> None:
    text = 'who\twhat\tnote\nw\tT\t\\N\nw\tT\t"a\\tb\\\\c\nw\tT\t\n'

    _, data = taken(written(tmp_path / "a.tsv", text))

    assert [it["note"] for it in data] == [None, '"a\tb\\c', ""]


def test_a_row_that_is_none_is_named_with_its_place(tmp_path: Path) -> None:
    lines = [b"who,what,note", b"w,T,ok", b"w,T", b"w,T,\xff", b'w,T,"a"b', b"w,T,ok"]
    source = tmp_path / "a.csv"
    source.write_bytes(b"\n".join(lines) + b"\n")

    report, data = taken(source)

    assert (len(data), report.rejected) == (2, 3)
    assert [it.line for it in report.bad_lines] == [3, 4, 5]
    starts = [sum(len(it) + 1 for it in lines[: at - 1]) for at in (3, 4, 5)]
    assert [it.offset for it in report.bad_lines] == starts
    assert "not valid UTF-8" in report.bad_lines[1].reason


def test_names_as_people_write_them_are_columns(tmp_path: Path) -> None:
    source = written(tmp_path / "a.csv", "Order No;What happened\n7;Paid\n")

    seen = preview(source, is_mapping=True)

    assert seen.detection.format.name == "csv-rows"
    assert len(seen.fields) == 2


def test_a_text_of_json_becomes_its_value_on_demand(tmp_path: Path) -> None:
    rows = [("w", "T", '{"n": 9007199254740993}'), ("w", "T", "\\x7b7d"), ("w", "T", "{")]
    source = written(tmp_path / "a.csv", csv_text(COLUMNS, rows))

    report, data = taken(source, ImportRules(map=MAP, convert={"note": "json"}))

    assert [it["note"] for it in data] == [{"n": 9007199254740993}, {}]
    assert report.bad_lines[0].reason == 'note: "{" is not JSON'


def journal() -> Tables:
    rows = [
        ("a", "Opened", '{"n": 1}', b"{}"),
        ("b", "Opened", None, b"\xff"),
        (None, "Opened", None, None),
    ]
    return {
        "public.notes": (("text",), [("x",), ("y",)]),
        "public.journal": (("who", "what", "note", "raw"), rows),
    }


def test_any_table_of_sqlite_is_read_by_a_mapping(tmp_path: Path) -> None:
    source = write_sqlite(tmp_path / "a.sqlite", journal())
    before = source.read_bytes()

    with pytest.raises(UnknownFormat, match="SQLite file of another program"):
        ingest(source, into=tmp_path / "no.foldline")
    seen = preview(source, is_mapping=True)
    report, data = taken(source)

    assert [(it.name, it.values, it.chosen) for it in seen.choices] == [
        ("table", ("journal", "notes"), "journal")
    ]
    assert (report.stored, report.rejected, report.other_rows, report.opaque) == (2, 1, 2, 1)
    assert data[0] == {"who": "a", "what": "Opened", "note": '{"n": 1}', "raw": {}}
    assert data[1]["raw"]["data_base64"] == "/w=="
    assert source.read_bytes() == before
    assert sorted(it.name for it in tmp_path.iterdir()) == ["a.foldline", "a.sqlite"]


def test_another_table_is_read_when_it_is_chosen(tmp_path: Path) -> None:
    rules = ImportRules(map={"stream": "note-{text}", "type": "text"}, choices={"table": "notes"})

    report, data = taken(write_sqlite(tmp_path / "a.sqlite", journal()), rules)

    assert (data, report.other_rows) == ([{"text": "x"}, {"text": "y"}], 3)


def test_any_table_of_a_dump_is_read_by_a_mapping(tmp_path: Path) -> None:
    source = write_dump(tmp_path / "a.sql", journal())

    with pytest.raises(UnreadableSource, match="--format pg-dump-rows"):
        ingest(source, into=tmp_path / "no.foldline")
    rules = ImportRules(map=MAP, format="pg-dump-rows", convert={"note": "json"})
    report, data = taken(source, rules)

    assert (report.stored, report.rejected, report.other_rows) == (2, 1, 2)
    assert data[0] == {"who": "a", "what": "Opened", "note": {"n": 1}, "raw": "\\x7b7d"}
