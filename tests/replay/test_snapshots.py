"""Snapshots shorten a fold and change nothing; one that is stale or altered is not used."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from replay import snapshots
from replay.fold import fold
from replay.generic_model import GENERIC
from replay.read_store import open_views_to_read
from replay.snapshots import EVERY, NEAREST, Snapshot, folded, nearest, save
from replay.views import all_views
from store.connect import connect_memory, create_log, open_log
from store.events import NEW_STREAM, NewEvent
from store.reader import LogReader
from store.writer import Writer
from tests.replay.logs import catch_up, open_runner

SNAPSHOT = Snapshot(
    model=GENERIC.name,
    model_version=GENERIC.version,
    stream="order-1",
    position=40,
    version=30,
    event_count=33,
    state_json='{"total":0.10}',
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    db = connect_memory()
    db.execute(snapshots.TABLE)
    yield db
    db.close()


def test_the_nearest_one_at_or_before_a_position_is_found(db: sqlite3.Connection) -> None:
    later = replace(SNAPSHOT, position=90, version=60)
    save(db, [SNAPSHOT, later, replace(SNAPSHOT, stream="order-2", position=41)])

    assert nearest(db, GENERIC, "order-1", 39) is None
    assert nearest(db, GENERIC, "order-1", 40) == SNAPSHOT
    assert nearest(db, GENERIC, "order-1", 89) == SNAPSHOT
    assert nearest(db, GENERIC, "order-1", 90) == later
    assert nearest(db, GENERIC, "order-9", 90) is None


@pytest.mark.parametrize(
    "altering",
    [
        "UPDATE snapshots SET state = '{}' WHERE position = 90",
        "UPDATE snapshots SET version = 61 WHERE position = 90",
        "UPDATE snapshots SET position = 91 WHERE position = 90",
        "UPDATE snapshots SET model_version = 2 WHERE position = 90",
        "UPDATE snapshots SET state_hash = '' WHERE position = 90",
    ],
)
def test_one_that_was_altered_or_is_of_another_model_is_passed_over(
    db: sqlite3.Connection, altering: str
) -> None:
    save(db, [SNAPSHOT, replace(SNAPSHOT, position=90, version=60)])

    db.execute(altering)

    assert nearest(db, GENERIC, "order-1", 100) == SNAPSHOT


def test_saving_one_again_leaves_the_first(db: sqlite3.Connection) -> None:
    save(db, [SNAPSHOT], clock_us=lambda: 1)
    save(db, [replace(SNAPSHOT, state_json="{}")], clock_us=lambda: 2)

    assert db.execute("SELECT state, made_at_us FROM snapshots").fetchall() == [
        ('{"total":0.10}', 1)
    ]


def test_it_comes_back_as_a_state_to_fold_on(db: sqlite3.Connection) -> None:
    save(db, [SNAPSHOT])

    found = folded(db, GENERIC, "order-1", 50)

    assert found is not None
    assert (found.position, found.events, str(found.state["total"])) == (40, 33, "0.10")
    assert folded(db, GENERIC, "order-1", 39) is None


def test_the_nearest_is_found_by_an_index(db: sqlite3.Connection) -> None:
    plan = db.execute(f"EXPLAIN QUERY PLAN {NEAREST}", ["generic", "a", 1, 9]).fetchall()

    assert [row[3] for row in plan] == [
        "SEARCH snapshots USING INDEX sqlite_autoindex_snapshots_1 "
        "(model=? AND stream=? AND model_version=? AND position<?)"
    ]


def test_the_projector_saves_one_at_every_five_hundredth_version(tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    events = [NewEvent.of("Moved", {f"field{n % 30}": n}, {}) for n in range(EVERY * 2 + 7)]
    Writer(db).append("ship-1", events, expected=NEW_STREAM)
    db.close()
    log = LogReader(open_log(path))
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()

    views = open_views_to_read(log)
    assert views is not None
    found = views.execute("SELECT stream, version, position, event_count FROM snapshots")
    saved = found.fetchall()
    head = folded(views, GENERIC, "ship-1", log.head())
    whole = fold(GENERIC, log.read_stream("ship-1"))

    assert saved == [("ship-1", n, n, n) for n in (EVERY, 2 * EVERY)]
    assert head is not None
    assert fold(GENERIC, log.read_stream("ship-1", after=head.position), start=head) == whole
    views.close()
    log.close()
