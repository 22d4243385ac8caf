"""Snapshots shorten a fold and change nothing; one that is stale or altered is not used."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from replay.snapshots import snapshots
from replay.snapshots.snapshots import NEAREST, Snapshot, folded, nearest, save
from replay.states.generic_model import GENERIC
from store.sqlite.connect import connect_memory

SNAPSHOT = Snapshot(
    model=GENERIC.name,
    model_version=GENERIC.version,
    definition=GENERIC.definition,
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
        "UPDATE snapshots SET definition = 'other' WHERE position = 90",
        "UPDATE snapshots SET before = '{}' WHERE position = 90",
    ],
)
def test_one_that_was_altered_or_is_of_another_model_is_passed_over(
    db: sqlite3.Connection, altering: str
) -> None:
    save(db, [SNAPSHOT, replace(SNAPSHOT, position=90, version=60)])

    db.execute(altering)

    assert nearest(db, GENERIC, "order-1", 100) == SNAPSHOT


def test_saving_one_again_leaves_the_first(db: sqlite3.Connection) -> None:
    first = save(db, [SNAPSHOT], clock_us=lambda: 1)
    again = save(db, [SNAPSHOT], clock_us=lambda: 2)

    assert (first, again) == (1, 0)
    assert db.execute("SELECT made_at_us FROM snapshots").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "altering",
    [
        "UPDATE snapshots SET state = '{}'",
        "UPDATE snapshots SET version = 61",
        "UPDATE snapshots SET definition = 'other'",
        "UPDATE snapshots SET state_hash = ''",
    ],
)
def test_saving_one_replaces_what_was_altered_or_is_of_other_code(
    db: sqlite3.Connection, altering: str
) -> None:
    save(db, [SNAPSHOT])
    db.execute(altering)
    assert nearest(db, GENERIC, "order-1", 100) is None

    assert save(db, [SNAPSHOT]) == 1
    assert nearest(db, GENERIC, "order-1", 100) == SNAPSHOT
    assert db.execute("SELECT count(*) FROM snapshots").fetchone() == (1,)


def test_a_state_that_the_model_cannot_read_is_as_none(db: sqlite3.Connection) -> None:
    save(db, [replace(SNAPSHOT, state_json="{no json")])

    assert folded(db, GENERIC, "order-1", 100) is None


def test_it_comes_back_as_a_state_to_fold_on(db: sqlite3.Connection) -> None:
    save(db, [SNAPSHOT])

    found = folded(db, GENERIC, "order-1", 50)

    assert found is not None
    assert (found.position, found.events, str(found.state["total"])) == (40, 33, "0.10")
    assert folded(db, GENERIC, "order-1", 39) is None


def test_the_nearest_is_found_by_an_index(db: sqlite3.Connection) -> None:
    plan = db.execute(f"EXPLAIN QUERY PLAN {NEAREST}", ["generic", "a", 9, "d"]).fetchall()

    assert [row[3] for row in plan] == [
        "SEARCH snapshots USING INDEX sqlite_autoindex_snapshots_1 "
        "(model=? AND stream=? AND position<?)"
    ]
