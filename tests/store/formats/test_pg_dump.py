"""Dumps of PostgreSQL: the event tables in COPY blocks, whatever stands around them."""

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnreadableSource
from store.reading.detect import detect
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.formats import test_commanded, test_marten
from tests.store.table_files import DUMP_HEAD, Tables, dump_text, write_dump, write_sqlite

OF_FILES = {
    "message-db-messages.csv": "message_store.messages",
    "marten-mt_events.csv": "public.mt_events",
    "axon-domain_event_entry.csv": "public.domain_event_entry",
}


def rows_of(name: str) -> tuple[list[str], list[list[Any]]]:
    """A file of CSV as columns and rows; an empty cell is NULL."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return columns, [[it or None for it in row] for row in rows]


def marten(*rows: list[Any]) -> Tables:
    return {"public.mt_events": (test_marten.COLUMNS, rows)}


class TestPgDump(FormatContract):
    name = "pg-dump"
    file = "message-db.sql"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [test_marten.row_of(it) for it in events]
        return write_dump(folder / "made.sql", marten(*rows))

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Rows twice, out of order and bad, other tables, and an end that is missing."""
        other: Tables = {"public.notes": (("id",), [(1,), (2,)])}
        rows = [
            test_marten.row(1),
            test_marten.row(1),
            test_marten.row(3),
            test_marten.row(2, data='{"a": "tab\\t, line\\n, back\\\\"}'),
            test_marten.row(4, type=None),
            ["1", "2"],
        ]
        text = dump_text({**other, **marten(*rows)})
        path = folder / "odd.sql"
        path.write_text(text.removesuffix("\\.\n\n\n"), encoding="utf-8", newline="")
        return path, len(rows) + 1 + 2


def test_the_example_is_the_csv_of_the_same_rows(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ingest(FIXTURES / "message-db-messages.csv", into=log)
    theirs = tmp_path / "dump.foldline"

    ingest(FIXTURES / "message-db.sql", into=theirs)

    told = [
        [(e.id, e.stream, e.version, e.data_json) for e in events_in(it)] for it in (log, theirs)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("file", OF_FILES)
def test_a_table_says_the_same_as_csv_as_dump_and_as_sqlite(tmp_path: Path, file: str) -> None:
    tables = {OF_FILES[file]: rows_of(file)}
    log = tmp_path / "log.foldline"
    ingest(FIXTURES / file, into=log)
    events = events_in(log)

    dumped = ingest(write_dump(tmp_path / "a.sql", tables), into=log)
    copied = ingest(write_sqlite(tmp_path / "a.sqlite", tables), into=log)

    assert len(events) == 240
    for it in (dumped, copied):
        assert (it.stored, it.duplicates, it.conflicts, it.rejected) == (0, 240, 0, 0)


def test_tables_of_commanded_are_joined_as_they_are_in_sqlite(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ingest(write_sqlite(tmp_path / "a.sqlite", test_commanded.tables()), into=log)

    again = ingest(write_dump(tmp_path / "a.sql", test_commanded.tables()), into=log)

    assert (again.stored, again.duplicates, again.snapshots) == (0, 3, 1)


def test_of_several_event_tables_one_is_chosen_and_the_others_are_told(tmp_path: Path) -> None:
    messages = {"message_store.messages": rows_of("message-db-messages.csv")}
    source = write_dump(tmp_path / "a.sql", {**messages, **marten(test_marten.row(1))})

    (offer,) = preview(source).choices
    first = ingest(source, into=tmp_path / "first.foldline")
    second = ingest(
        source, into=tmp_path / "second.foldline", choices={"table": "public.mt_events"}
    )

    assert offer.values == ("message_store.messages", "public.mt_events")
    assert (first.stored, first.other_rows) == (240, 1)
    assert first.of_kind("other_rows")[0].text == (
        "table 'public.mt_events', 1 row: events of Marten, with table=public.mt_events"
    )
    assert (second.stored, second.other_rows) == (1, 240)


def test_partitions_are_one_table(tmp_path: Path) -> None:
    tables = {
        "public.mt_events_default": (test_marten.COLUMNS, [test_marten.row(1), test_marten.row(3)]),
        "public.mt_events_archived": (test_marten.COLUMNS[::-1], [test_marten.row(2)[::-1]]),
    }

    report = ingest(write_dump(tmp_path / "a.sql", tables), into=tmp_path / "log.foldline")

    assert report.stored == 3
    assert [it.version for it in events_in(tmp_path / "log.foldline")] == [1, 2, 3]


def test_a_row_that_looks_like_a_statement_is_a_row(tmp_path: Path) -> None:
    sly = "COPY public.mt_events (id) FROM stdin;"
    tables = {"public.notes": (("text",), [(sly,), ("\\.",)]), **marten(test_marten.row(1))}

    report = ingest(write_dump(tmp_path / "a.sql", tables), into=tmp_path / "log.foldline")

    assert (report.stored, report.rejected, report.other_rows) == (1, 0, 2)


def test_a_dump_that_is_cut_short_says_where(tmp_path: Path) -> None:
    text = dump_text(marten(*(test_marten.row(n) for n in range(1, 6))))
    source = tmp_path / "a.sql"
    source.write_text(text[: text.index("trip-1", len(text) - 200)], encoding="utf-8")

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.rejected) == (4, 1)
    assert report.bad_lines[0].reason == "the dump is truncated: the table has no end"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("INSERT INTO public.mt_events VALUES (1);\n", "INSERT statements"),
        ("CREATE TABLE a (b integer);\n", "it has no rows"),
        ("COPY public.notes (id) FROM stdin;\n1\n\\.\n", "public.notes"),
    ],
)
def test_a_dump_without_event_tables_is_refused_with_what_to_do(
    tmp_path: Path, text: str, reason: str
) -> None:
    source = tmp_path / "a.sql"
    source.write_text(DUMP_HEAD + text, encoding="utf-8")

    with pytest.raises(UnreadableSource, match=reason):
        ingest(source, into=tmp_path / "log.foldline")


def test_an_encoding_that_is_named_is_used(tmp_path: Path) -> None:
    text = dump_text(marten(test_marten.row(1, stream_id="trip-é"))).replace("UTF8", "WIN1252")
    source = tmp_path / "a.sql"
    source.write_bytes(text.encode("cp1252"))
    ingest(source, into=tmp_path / "log.foldline")
    assert events_in(tmp_path / "log.foldline")[0].stream == "trip-é"

    source.write_bytes(text.replace("WIN1252", "MULE_INTERNAL").encode("cp1252"))
    with pytest.raises(UnreadableSource, match="MULE_INTERNAL, which is not supported"):
        ingest(source, into=tmp_path / "other.foldline")


def test_it_is_found_and_read_within_gzip(tmp_path: Path) -> None:
    packed = tmp_path / "a.sql.gz"
    packed.write_bytes(gzip.compress(dump_text(marten(test_marten.row(1))).encode()))

    assert detect(packed).format.name == "pg-dump"
    assert ingest(packed, into=tmp_path / "log.foldline").stored == 1
