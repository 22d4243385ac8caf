"""Events as CSV and TSV: nothing is lost, and what reads as a formula can be guarded."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from store.events import NewEvent
from store.opening import open_store
from store.reading.events_table import COLUMNS
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in
from tests.store.table_files import csv_text

HEADER = ",".join(COLUMNS)
GOOD = '"1","s-1","1","T","e1","2026-03-01T10:00:00Z","","{""n"":1}","{}","",""'
NAIVE = '"2","s-1","2","T","e2","2026-03-01T10:00:00","","{}","{}","[""b-1""]",""'
NO_TYPE = '"3","s-1","3","","e3","","","{}","{}","",""'
NO_JSON = '"4","s-1","4","T","e4","","","nothing","{}","",""'
SHORT = '"5","s-1"'


def odd(folder: Path, *, separator: str = ",", more: str = "") -> tuple[Path, int]:
    """Good rows, one twice, and rows without a type, with a payload that is none, and too short."""
    source, rows = folder / "odd", [GOOD, GOOD, NAIVE, NO_TYPE, NO_JSON]
    lines = [f"{it}{more}" for it in rows] + [SHORT]
    header = f"{HEADER},guard" if more else HEADER
    text = "\r\n".join([header, *lines])
    source.write_text(text.replace(",", separator).replace('""b-1""', '""b-1""'), "utf-8")
    return source, len(lines)


class TestCsv(FormatContract):
    name = "events-csv"
    file = "events.csv"
    events = 20

    def file_of(self, folder: Path, *events: Written) -> Path:
        return _file_of(folder, events)

    def odd(self, folder: Path) -> tuple[Path, int]:
        return odd(folder)


class TestTsv(FormatContract):
    name = "events-tsv"
    file = "events.tsv"
    events = 20

    def file_of(self, folder: Path, *events: Written) -> Path:
        return _file_of(folder, events, separator="\t")

    def odd(self, folder: Path) -> tuple[Path, int]:
        return odd(folder, separator="\t")


class TestGuardedCsv(FormatContract):
    name = "events-csv-guarded"
    file = "events-guarded.csv"
    events = 20

    def file_of(self, folder: Path, *events: Written) -> Path:
        return _file_of(folder, events, is_guarded=True)

    def odd(self, folder: Path) -> tuple[Path, int]:
        return odd(folder, more=""","'\"""")


def _file_of(
    folder: Path, events: Sequence[Written], *, separator: str = ",", is_guarded: bool = False
) -> Path:
    rows = [
        [it.n, it.stream, it.place, it.type, it.id, it.text, it.text, it.data, "{}", "", ""]
        + ["'"] * is_guarded
        for it in events
    ]
    source = folder / "made"
    columns = [*COLUMNS, *["guard"] * is_guarded]
    source.write_text(csv_text(columns, rows, separator=separator), encoding="utf-8", newline="")
    return source


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Whose texts a program for sheets would run, or read otherwise."""
    path = tmp_path / "log.foldline"
    store = open_store(path, create=True)
    for n, text in enumerate(
        ["=1+1", "@SUM(A1)", "+1", "-1", "'quoted", "\t=1", "\\N", 'a,"b"\nc']
    ):
        data = '{\n  "n": 1.50\n}' if n == 0 else "-1" if n == 1 else "{}"
        event = NewEvent(type=f"{text}!", id=f"={n}", data_json=data, links=(f"+{n}",))
        store.append(text, [event], expected=None)
    store.close()
    return path


@pytest.mark.parametrize("name", ["events-csv", "events-tsv", "events-csv-guarded"])
def test_everything_comes_back(log: Path, tmp_path: Path, name: str) -> None:
    out, again = tmp_path / "out", tmp_path / "again.foldline"

    export(log, out, format=name)
    report = ingest(out, into=again)

    assert (report.format, report.rejected) == (name, 0)
    ours, theirs = events_in(log), events_in(again)
    told = [
        [(it.stream, it.type, it.id, it.data_json, it.occurred_at) for it in them]
        for them in (ours, theirs)
    ]
    assert told[0] == told[1]
    assert links_in(log) == links_in(again)


def cells_of(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as it:
        return [cell for row in csv.reader(it) for cell in row]


def test_with_the_guard_no_cell_reads_as_a_formula(log: Path, tmp_path: Path) -> None:
    export(log, tmp_path / "plain.csv", format="events-csv")
    export(log, tmp_path / "safe.csv", format="events-csv-guarded")

    plain, safe = cells_of(tmp_path / "plain.csv"), cells_of(tmp_path / "safe.csv")

    assert any(it.startswith(("=", "+", "-", "@")) for it in plain)
    assert not any(it.startswith(("=", "+", "-", "@", "\t")) for it in safe)


def test_an_independent_reader_finds_the_same_rows() -> None:
    with (FIXTURES / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 20
    assert rows[0]["position"] == "1"
    assert rows[0]["data"].startswith("{")
