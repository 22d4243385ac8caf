"""Rails Event Store: homes and links, both times, and YAML that makes nothing."""

import sqlite3
from pathlib import Path

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in, rows_of

TABLES = """
CREATE TABLE event_store_events (id INTEGER PRIMARY KEY, event_id, event_type, metadata, data,
    created_at, valid_at);
CREATE TABLE event_store_events_in_streams (id INTEGER PRIMARY KEY, stream, position, event_id,
    created_at);
"""
AT = "2026-01-01 10:00:00.000001"


def made(path: Path, *events: tuple[object, ...], streams: tuple[tuple[object, ...], ...]) -> Path:
    """A file of these rows: (event_id, type, metadata, data, created, valid), (stream, position,
    event_id)."""
    db = sqlite3.connect(path)
    db.executescript(TABLES)
    with db:
        db.executemany("INSERT INTO event_store_events VALUES (NULL, ?, ?, ?, ?, ?, ?)", events)
        db.executemany(
            "INSERT INTO event_store_events_in_streams VALUES (NULL, ?, ?, ?, NULL)", streams
        )
    db.close()
    return path


class TestRailsEventStore(FormatContract):
    name = "rails-event-store"
    file = "res-json.sqlite3"
    events = 200

    def file_of(self, folder: Path, *events: Written) -> Path:
        return made(
            folder / "made.sqlite",
            *((it.id, it.type, "{}", it.data, it.text, None) for it in events),
            streams=tuple((it.stream, it.place - 1, it.id) for it in events),
        )

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Events without a type, with a wrong time and metadata, in YAML, and another table."""
        source = made(
            folder / "odd.sqlite",
            ("a", "T", "{}", "{}", AT, None),
            ("b", None, "{}", "{}", AT, None),
            ("c", "T", "{}", "{}", "soon", None),
            ("d", "T", "[]", "{}", AT, None),
            ("e", "T", None, b"---\n:a: 1\n", AT, None),
            streams=(),
        )
        db = sqlite3.connect(source)
        db.executescript("CREATE TABLE more (a); INSERT INTO more VALUES (1), (2)")
        db.close()
        return source, rows_of(source)


def test_every_row_is_that_of_an_independent_reading(tmp_path: Path) -> None:
    ingest(FIXTURES / "res-json.sqlite3", into=tmp_path / "log.foldline")
    db = sqlite3.connect(f"file:{FIXTURES / 'res-json.sqlite3'}?immutable=1", uri=True)
    theirs = db.execute(
        "SELECT s.stream, s.position + 1, e.event_id, e.event_type, CAST(e.data AS TEXT)"
        " FROM event_store_events e JOIN event_store_events_in_streams s USING (event_id)"
        " WHERE s.position IS NOT NULL ORDER BY e.id"
    ).fetchall()
    links = db.execute(
        "SELECT e.id, s.stream FROM event_store_events e"
        " JOIN event_store_events_in_streams s USING (event_id)"
        " WHERE s.position IS NULL ORDER BY s.id"
    ).fetchall()
    db.close()

    ours = events_in(tmp_path / "log.foldline")

    told = [(it.stream, it.version, it.id, it.type, it.data_json) for it in ours]
    assert told == theirs
    found = links_in(tmp_path / "log.foldline")
    assert sorted((at, name) for at, names in found.items() for name in names) == sorted(links)


def test_an_event_that_was_valid_earlier_has_both_times(tmp_path: Path) -> None:
    source = made(
        tmp_path / "in.sqlite",
        ("a", "T", "{}", "{}", AT, "2025-12-24 08:00:00.000000"),
        streams=(("s", 0, "a"),),
    )

    ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert event.occurred_at == "2025-12-24T08:00:00.000000+00:00"
    assert event.recorded_at == "2026-01-01T10:00:00.000001+00:00"


def test_yaml_of_ruby_is_read_and_its_text_is_kept(tmp_path: Path) -> None:
    data = (
        "---\n:order_id: 7\n:total: !ruby/object:BigDecimal 18:0.123e2\n:paid: true\nnote: ':x'\n"
        ":at: 2026-01-01 10:00:00.000000000 Z\n:n: 90071992547409931234\n:x: 0777\n:s: :open\n"
    )
    metadata = "---\n:correlation_id: c-1\n:remote_ip: 10.0.0.1\n"
    row = ("a", "T", metadata.encode(), data.encode(), AT, None)
    source = made(tmp_path / "in.sqlite", row, streams=(("s", 0, "a"),))

    report = ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert event.data_json == (
        '{"order_id":7,"total":"18:0.123e2","paid":true,"note":":x",'
        '"at":"2026-01-01 10:00:00.000000000 Z","n":90071992547409931234,"x":"0777","s":"open"}'
    )
    assert event.metadata["correlation_id"] == "c-1"
    assert event.source is not None
    assert event.source["yaml"] == {"data": data, "metadata": metadata}
    assert report.opaque == 0


def test_yaml_that_cannot_be_read_is_kept_as_it_is(tmp_path: Path) -> None:
    yaml = "--- {a: [\n"
    source = made(
        tmp_path / "in.sqlite", ("a", "T", None, yaml.encode(), AT, None), streams=(("s", 0, "a"),)
    )

    report = ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert event.data == {"data_encoding": "yaml", "yaml": yaml}
    assert report.opaque == 1
