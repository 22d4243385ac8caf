"""What happened to a log is told by its kind, and the first failing position is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.beside.answers import Answer
from store.beside.outbox import Delivery, Message
from store.events import NewEvent
from store.sqlite.chain import event_bytes
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.integrity import VerifyReport, verify
from store.sqlite.writer import Writer
from tests.older_logs import make_older_log

FACTS = """
SELECT e.position, s.name, e.version, t.name, e.id, e.recorded_at_us, e.recorded_offset_min,
       e.recorded_max_us, e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
WHERE e.position = ?
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Twenty events in two streams, the ninth linked, a message and an answer beside them."""
    path = tmp_path / "log.foldline"
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer = Writer(db)
        for at in range(1, 11):
            links = ("cart-1",) if at == 5 else ()
            events = [
                NewEvent.of("Noted", {"word": f"a{at}"}, links=links),
                NewEvent.of("Noted", {"word": f"b{at}"}),
            ]
            writer.append(f"note-{at % 2}", events, expected=None)
        with writer.transaction():
            message = Message(
                id="m-1", position=20, gateway="mail", payload_json="{}", release_at_us=1
            )
            writer.beside.outbox.add([message])
            writer.beside.outbox.record(
                Delivery(message_id="m-1", attempt=1, status="sent", answer="ok", at_us=2)
            )
            writer.beside.answers.keep(
                [
                    Answer(
                        event_id="e", gateway="g", request_json="{}", answer_json="1", asked_at_us=1
                    )
                ]
            )
    return path


def changed(log: Path, *statements: str) -> VerifyReport:
    """What is found after a program took the guards away, did this, and put them back."""
    with closing(connect(log)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        found = triggers.fetchall()
        for name, _ in found:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in found:
            db.execute(sql)
    return verify(log)


def kinds(report: VerifyReport) -> list[tuple[str, int | None]]:
    return [(it.kind, it.position) for it in report.problems]


def test_a_sound_log_says_how_much_is_chained(log: Path) -> None:
    report = verify(log)

    assert report.is_sound
    assert (report.events, report.first_position) == (20, None)
    assert (report.unchained_events, report.beside_rows, report.unchained_rows) == (0, 4, 0)


CHANGES = {
    "a changed payload": (
        ['UPDATE events SET data = \'{"word":"zz"}\' WHERE position = 7'],
        [("changed", 7)],
    ),
    "a changed time": (
        ["UPDATE events SET occurred_at_us = 5 WHERE position = 7"],
        [("changed", 7)],
    ),
    "a link taken away": (["DELETE FROM links"], [("changed", 9)]),
    "a link put in": (["INSERT INTO links SELECT 2, 4"], [("changed", 4)]),
    "a checksum": (["UPDATE events SET checksum = 1 WHERE position = 7"], [("changed", 7)]),
    "a chain": (["UPDATE events SET chain = zeroblob(32) WHERE position = 7"], [("chain", 7)]),
    "a chain taken away": (["UPDATE events SET chain = NULL WHERE position = 7"], [("chain", 7)]),
    "rows in each other's place": (
        [
            "UPDATE events SET position = -1 WHERE position = 7",
            "UPDATE events SET position = 7 WHERE position = 11",
            "UPDATE events SET position = 11 WHERE position = -1",
        ],
        [("reordered", 7), ("reordered", 11)],
    ),
    "a row at the end taken away": (
        ["DELETE FROM events WHERE position = 20"],
        [("missing", 20)],
    ),
    "a message rewritten": (
        ["UPDATE outbox SET payload = '[]'"],
        [("changed", None)],
    ),
    "a delivery taken away": (["DELETE FROM outbox_deliveries"], [("missing", None)]),
    "an answer put in": (
        ["INSERT INTO answers VALUES ('f', 'g', '{}', '2', 1)"],
        [("added", None)],
    ),
    "an entry of the chain taken away": (
        ["DELETE FROM beside_chain WHERE number = 2"],
        [("missing", None), ("added", None)],
    ),
    "an entry of the chain changed": (
        ["UPDATE beside_chain SET chain = zeroblob(32) WHERE number = 4"],
        [("chain", None)],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_told_by_its_kind(log: Path, change: str) -> None:
    statements, expected = CHANGES[change]

    report = changed(log, *statements)

    assert kinds(report) == expected
    positions = [position for _, position in expected if position is not None]
    assert report.first_position == min(positions, default=None)


def test_a_row_taken_out_of_the_middle_is_missed_and_the_rest_is_sound(log: Path) -> None:
    report = changed(log, "DELETE FROM events WHERE position = 7")

    assert [it for it in kinds(report) if it[1]] == [("missing", 7)]
    assert {kind for kind, _ in kinds(report)} == {"missing", "version"}


def test_a_forger_who_writes_fitting_checksums_is_found_by_the_chain(log: Path) -> None:
    def forge(db: sqlite3.Connection) -> None:
        db.execute('UPDATE events SET data = \'{"word":"zz"}\' WHERE position = 7')
        from zlib import crc32

        content = event_bytes(*db.execute(FACTS, [7]).fetchone())
        db.execute("UPDATE events SET checksum = ? WHERE position = 7", [crc32(content)])

    unguarded(log, forge)

    assert ("chain", 7) in kinds(verify(log))


def unguarded(log: Path, work: Callable[[sqlite3.Connection], None]) -> None:
    with closing(connect(log)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        found = triggers.fetchall()
        for name, _ in found:
            db.execute(f"DROP TRIGGER {name}")
        work(db)
        for _, sql in found:
            db.execute(sql)


def test_a_dropped_trigger_and_an_altered_one_are_told(log: Path) -> None:
    with closing(connect(log)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("DROP TRIGGER events_refuse_delete")
        db.execute(
            "CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events BEGIN SELECT 1; END"
        )

    report = verify(log)

    assert sorted(it.text for it in report.problems) == [
        "the trigger events_refuse_delete was changed",
        "the trigger events_refuse_update is missing",
    ]
    assert {it.kind for it in report.problems} == {"guard"}


def test_an_index_that_differs_from_its_table_is_told(log: Path) -> None:
    with closing(connect(log)) as db:
        page = db.execute("PRAGMA page_size").fetchone()[0]
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'events_by_id'"
        root = db.execute(sql).fetchone()[0]
        (id_,) = db.execute("SELECT id FROM events WHERE position = 7").fetchone()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(log.read_bytes())
    at = content.index(id_.encode(), (root - 1) * page, root * page)
    content[at] ^= 1
    log.write_bytes(content)

    report = verify(log)

    assert report.problems[0].text == "the index by id differs from the events"
    assert {it.kind for it in report.problems} == {"index"}


def test_events_of_before_the_chain_are_told_and_covered_by_a_checksum(tmp_path: Path) -> None:
    path = make_older_log(tmp_path / "old.foldline", 3, words=["one", "two"], commands=["c1"])
    open_log(path, writable=True).close()

    report = verify(path)

    assert report.is_sound
    assert (report.unchained_events, report.unchained_rows) == (2, 4)
    assert kinds(changed(path, "UPDATE events SET data = '[]' WHERE position = 2")) == [
        ("changed", 2)
    ]
    assert ("missing", None) in kinds(changed(path, "DELETE FROM commands"))


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_log_of_an_older_schema_is_checked_as_it_is(tmp_path: Path, version: int) -> None:
    path = make_older_log(tmp_path / "old.foldline", version, words=["one", "two"])

    report = verify(path)

    assert (report.problems, report.events, report.unchained_events) == ((), 2, 2)
