"""A rebuild proves that a view is what the log says, or names what is not, and mends it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import Progress, RebuildReport, check, rebuild
from replay.errors import RebuildReplaced, UnknownView
from replay.projections import event_types
from replay.questions.certificate import certify
from replay.views.read_store import ReadStore
from replay.views.row_buffer import RowBuffer
from replay.views.sink import Flushed
from replay.views.view import View, view_of
from store.errors import Cancelled
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import connect
from store.sqlite.store import open_store
from tests.contracts.projection import whole
from tests.replay.logs import append, catch_up, heard_by, make_log, open_runner

EVENTS = 400
VIEWS = all_views()
NAMES = tuple(view.name for view in VIEWS)
OVERDRAWN = NewEvent.of("WithdrawalPerformed", {"accountId": "9", "amount": 501})


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    path = make_log(tmp_path / "a.foldline", EVENTS - 1, seed=14, heard=heard_by(VIEWS))
    with closing(open_store(path)) as store:  # what breaks a rule
        store.append("account-9", [OVERDRAWN], expected=ANY_VERSION)
    log = open_reader(path)
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, VIEWS)
    catch_up(runner)
    yield store
    store.close()


@pytest.mark.parametrize("view", VIEWS, ids=NAMES)
def test_an_untouched_view_is_equal_to_its_rebuild(
    view: View, log: EventReader, store: ReadStore
) -> None:
    before = whole(view, log)

    (report,) = rebuild(log, [view.name])

    assert report.comparison is not None
    assert report.comparison.is_equal
    assert not report.was_different
    assert report.digest == report.comparison.digest_stored == report.comparison.digest_folded
    assert (report.events, report.compared_at, report.is_switched) == (EVENTS, EVENTS, True)
    assert report.row_count > 0
    assert whole(view, log) == before
    assert not any("__next" in name for name in names_of_tables(store.db))


def test_all_views_are_rebuilt_when_none_is_named(log: EventReader, store: ReadStore) -> None:
    assert store.is_in_place()

    reports = rebuild(log)

    assert [report.view for report in reports] == list(NAMES)
    assert all(report.is_switched and not report.was_different for report in reports)


@pytest.mark.parametrize(
    ("view", "tampering", "table", "key"),
    [
        (
            "streams",
            "UPDATE streams SET event_count = 99 WHERE stream = 'big-1'",
            "streams",
            ("big-1",),
        ),
        ("streams", "DELETE FROM streams WHERE stream = 'big-1'", "streams", ("big-1",)),
        (
            "event_types",
            "UPDATE event_types_writes SET count = count + 1 WHERE _write = (SELECT min(_write) "
            "FROM event_types_writes WHERE _row = (SELECT _row FROM event_types "
            "WHERE type = 'Paid'))",
            "event_types_writes",
            ("Paid",),
        ),
        (
            "latest_states",
            """UPDATE latest_states SET state = '{"forged":true}' WHERE stream = 'order-0'""",
            "latest_states",
            ("order-0",),
        ),
        ("timeline", "UPDATE timeline SET event_count = 255 WHERE step = 0", "timeline", (0,)),
    ],
)
def test_a_cell_that_was_tampered_with_is_named_and_the_log_wins(
    view: str, tampering: str, table: str, key: tuple[object], log: EventReader, store: ReadStore
) -> None:
    it = next(one for one in VIEWS if one.name == view)
    honest = whole(it, log)
    store.db.execute(tampering)

    (checked,) = check(log, [view])
    still_tampered = whole(it, log)
    (report,) = rebuild(log, [view])

    for found in (checked, report):
        assert found.was_different
        assert found.comparison is not None
        assert found.comparison.difference_count == 1
        (difference,) = found.comparison.differences
        assert (difference.table, difference.key) == (table, key)
        (cell,) = difference.cells or (None,)
        assert cell is None or cell.stored != cell.folded
    assert not checked.is_switched
    assert still_tampered != honest
    assert whole(it, log) == honest


def test_views_whose_tables_were_dropped_are_made_again_as_they_were(
    log: EventReader, store: ReadStore
) -> None:
    before = [whole(view, log) for view in VIEWS]
    for view in VIEWS:
        for table in view.tables:
            store.db.execute(f'DROP TABLE "{view.name}{table.suffix}"')

    reports = rebuild(log)

    assert [(it.events, it.error, it.is_switched) for it in reports] == [
        (EVENTS, None, True) for _ in VIEWS
    ]
    assert [whole(view, log) for view in VIEWS] == before


@pytest.mark.parametrize(
    ("tampering", "named", "text"),
    [
        (
            "UPDATE streams SET event_count = 99 WHERE stream = 'big-1'",
            ("event_count", 99),
            "row big-1, written at position {at:,}: event_count is 99, the log gives {was}",
        ),
        (
            "UPDATE streams_writes SET last_type = 'Wrong' WHERE _write = (SELECT max(_write) "
            "FROM streams_writes WHERE _row = (SELECT _row FROM streams WHERE stream = 'big-1'))",
            ("last_type", "Wrong"),
            "history of row big-1, written at position {at:,}: "
            "last_type is Wrong, the log gives {was}",
        ),
        (
            "UPDATE streams SET _first_position = 0 WHERE stream = 'big-1'",
            ("position of the first write", 0),
            "row big-1, written at position {at:,}: "
            "position of the first write is 0, the log gives {was}",
        ),
    ],
)
def test_the_certificate_names_row_column_both_values_and_position(
    tampering: str, named: tuple[str, object], text: str, log: EventReader, store: ReadStore
) -> None:
    at = store.db.execute("SELECT _position FROM streams WHERE stream = 'big-1'").fetchone()[0]
    store.db.execute(tampering)

    (proof,) = certify(log, ["streams"]).views

    (difference,) = proof.differences
    (cell,) = difference.cells
    assert (difference.key, cell.column, cell.stored) == (("big-1",), *named)
    assert (difference.position, proof.first_difference) == (at, at)
    assert proof.what == text.format(at=at, was=cell.folded)
    assert proof.incremental != proof.rebuilt


def test_the_digest_covers_the_history_too(log: EventReader, store: ReadStore) -> None:
    (honest,) = certify(log, ["streams"]).views
    store.db.execute("UPDATE streams_writes SET event_count = 0 WHERE _write = 65536 * 5")

    (proof,) = certify(log, ["streams"]).views

    assert honest.incremental == honest.rebuilt == proof.rebuilt != proof.incremental
    assert proof.first_difference == 5


def test_a_deletion_that_was_forged_is_told_by_its_key(log: EventReader, store: ReadStore) -> None:
    store.db.execute("UPDATE event_types SET type = 'Forged' WHERE type = 'Paid'")
    store.db.execute("INSERT INTO event_types_deleted VALUES ('Gone', 1, 999)")

    (report,) = check(log, ["event_types"])

    assert report.comparison is not None
    assert [it.text.partition(":")[2] for it in report.comparison.differences] == [
        " the log does not give it",
        " it is missing",
        " the log does not give it",
    ]
    assert report.comparison.differences[-1].text.startswith("deletion of row 999")


def test_a_row_that_no_event_made_is_named(log: EventReader, store: ReadStore) -> None:
    store.db.execute("INSERT INTO event_types VALUES ('Invented', 1, 1, 1, 1, 1, 1, 1, 1, 0, 999)")

    (report,) = check(log, ["event_types"])

    assert report.comparison is not None
    (it,) = report.comparison.differences
    assert (it.key, it.cells) == (("Invented",), ())
    assert it.text.endswith("row Invented, written at position 1: the log does not give it")
    assert report.comparison.digest_stored != report.comparison.digest_folded


def test_only_the_first_differences_are_told_but_all_are_counted(
    log: EventReader, store: ReadStore
) -> None:
    store.db.execute("UPDATE streams SET version = version + 1")

    (report,) = check(log, ["streams"])

    assert report.comparison is not None
    assert report.comparison.difference_count == report.row_count > 10
    assert len(report.comparison.differences) == 10


def test_a_view_that_was_never_built_is_built(log: EventReader) -> None:
    (report,) = rebuild(log, ["streams"])

    assert (report.comparison, report.compared_at, report.events) == (None, 0, EVENTS)
    assert report.is_switched
    db = connect(log.place.views)
    assert db.execute("SELECT count(*) FROM streams").fetchone()[0] == report.row_count
    db.close()


def test_the_live_view_serves_and_advances_while_it_is_rebuilt(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    live, keeper = open_runner(log, VIEWS)
    catch_up(keeper)
    seen = []

    def go_on(progress: Progress) -> None:
        seen.append(
            (progress.events, live.db.execute("SELECT sum(count) FROM event_types").fetchone()[0])
        )
        append(log.place.path, 10)
        catch_up(keeper)

    (report,) = rebuild(log, ["event_types"], on_progress=go_on)
    append(log.place.path, 5)
    catch_up(keeper)

    assert [events for events, _ in seen[:4]] == [100, 200, 300, 400]
    assert [count for _, count in seen[:3]] == [400, 410, 420]
    assert not report.was_different
    total = live.db.execute("SELECT sum(count) FROM event_types").fetchone()[0]
    assert total == log.head() == keeper.checkpoints()["event_types"].checkpoint
    live.close()


def test_a_cancelled_rebuild_leaves_no_trace(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    before, tables = whole(VIEWS[0], log), names_of_tables(store.db)
    told: list[Progress] = []

    with pytest.raises(Cancelled):
        rebuild(log, [VIEWS[0].name], on_progress=told.append, is_cancelled=lambda: len(told) == 2)

    assert whole(VIEWS[0], log) == before
    assert names_of_tables(store.db) == tables
    assert [it.events for it in told] == [100, 200]


def test_a_second_rebuild_takes_the_place_of_the_first(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    inner: list[RebuildReport] = []

    def begin_another(progress: Progress) -> None:
        if progress.events == 200 and not inner:
            inner.extend(rebuild(log, ["streams"]))

    with pytest.raises(RebuildReplaced, match="'streams'"):
        rebuild(log, ["streams"], on_progress=begin_another)

    assert inner[0].is_switched
    assert not inner[0].was_different
    assert "streams__next" not in names_of_tables(store.db)


def test_a_rebuild_whose_file_was_deleted_ends(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)

    with pytest.raises(RebuildReplaced):
        rebuild(log, ["streams"], on_progress=lambda _: log.place.views.unlink(missing_ok=True))

    assert not store.is_in_place()


def test_a_projection_that_fails_leaves_the_live_view_serving(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.db.execute("SELECT * FROM event_types").fetchall()

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("no such number")

    broken = view_of(replace(event_types.PROJECTION, apply=fail))
    monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: (broken,))

    (report,) = rebuild(log, ["event_types"])

    assert report.error == "ZeroDivisionError: no such number (at position 1)"
    assert not report.is_switched
    assert store.db.execute("SELECT * FROM event_types").fetchall() == before


def test_a_rebuilt_view_is_no_longer_parked_in_a_running_projector(
    log: EventReader,
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    failing = view_of(replace(event_types.PROJECTION, apply=fail))
    mended = view_of(event_types.PROJECTION)
    store, runner = open_runner(log, (replace(failing, definition=mended.definition),))
    catch_up(runner)
    assert runner.is_parked("event_types")

    rebuild(log, ["event_types"])
    runner.advance()

    assert not runner.is_parked("event_types")
    assert runner.checkpoints()["event_types"].checkpoint == EVENTS
    store.close()


def test_a_file_or_disk_in_the_way_blames_no_projection(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = sqlite3.OperationalError("database or disk is full")

    def fail(_self: object, _until: object) -> Flushed:
        raise full

    monkeypatch.setattr(RowBuffer, "flush", fail)

    with pytest.raises(sqlite3.OperationalError, match="full"):
        rebuild(log, ["streams"])
    assert store.db.execute("SELECT count(*) FROM streams").fetchone() != (0,)


def test_without_readable_views_there_is_nothing_to_compare_with(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.open_views_to_read", lambda _log: None)

    (report,) = rebuild(log, ["streams"])

    assert (report.comparison, report.is_switched, store.is_in_place()) == (None, True, True)


def test_a_name_without_a_view_is_refused(log: EventReader) -> None:
    with pytest.raises(UnknownView, match="'nothing'"):
        rebuild(log, ["streams", "nothing"])


def names_of_tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
