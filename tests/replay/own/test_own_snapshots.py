"""Snapshots of a person's own models are made by themselves, where their code runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.own.own_snapshots import OwnSnapshots
from replay.snapshots import snapshot_policy
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.typed_model import Event, State, TypedModel
from replay.views.read_store import ReadStore, open_views
from replay.workers.worker_messages import KeepSnapshots
from replay.workers.worker_process import CommandWorker
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.own_models import model_text


class Counted(Event, frozen=True):
    """Counted on."""

    by: int


class Total(State, frozen=True):
    """How much it is."""

    total: int = 0


OWN: TypedModel[Total] = TypedModel(
    name="counter",
    title="Counter",
    version=1,
    category="counter",
    state=Total,
    events=(Counted,),
    commands=(),
    evolve=lambda state, event: Total(state.total + event.by),
    decide=lambda _state, _command, _situation: [],
    stream_of=lambda _command: "counter-1",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "counters.foldline", create=True)
    for n in range(60):
        counted = NewEvent.of("Counted", {"by": n})
        store.append("counter-1" if n % 2 else "other-1", [counted], expected=None)
    snapshot_policy.save(store.place, "counter", 10)
    snapshot_policy.save(store.place, "generic", 15)
    yield store
    store.close()


@pytest.fixture
def views(store: SqliteStore) -> Iterator[ReadStore]:
    views = open_views(store.reader())
    yield views
    views.close()


def saved(views: ReadStore) -> list[tuple[str, str, int]]:
    return views.db.execute(
        "SELECT model, stream, event_count FROM snapshots ORDER BY model, stream, position"
    ).fetchall()


def test_only_streams_of_the_own_models_are_saved_as_often_as_is_said(
    store: SqliteStore, views: ReadStore
) -> None:
    own = OwnSnapshots(store.place, [OWN])
    while own.advance():
        continue

    assert saved(views) == [("counter", "counter-1", it) for it in (10, 20, 30)]
    own.close()


def test_it_stands_beside_the_one_in_the_projector_and_neither_begins_anew(
    store: SqliteStore, views: ReadStore
) -> None:
    own, others = OwnSnapshots(store.place, [OWN]), SnapshotKeeper(views.db, store.reader())
    for _ in range(2):
        while own.advance() or others.advance():
            continue
    both = saved(views)
    assert ("generic", "other-1", 15) in both
    assert ("counter", "counter-1", 10) in both

    views.db.execute("DELETE FROM snapshots")
    while own.advance() or others.advance():
        continue
    assert saved(views) == []  # what was thrown away is made again only where the log goes on

    for n in range(10):
        store.append("counter-1", [NewEvent.of("Counted", {"by": n})], expected=None)
    while own.advance():
        continue
    assert saved(views) == [("counter", "counter-1", 40)]
    own.close()


def test_a_views_file_that_was_thrown_away_is_followed(store: SqliteStore) -> None:
    own = OwnSnapshots(store.place, [OWN])
    assert not own.advance()  # there is none yet, and none is made for this

    first = open_views(store.reader())
    while own.advance():
        continue
    first.close()
    first.path.unlink()
    again = open_views(store.reader())
    while own.advance():
        continue

    assert len(saved(again)) == 3
    again.close()
    own.close()


def test_the_process_of_the_models_makes_them_when_asked(
    store: SqliteStore, views: ReadStore, tmp_path: Path
) -> None:
    path = tmp_path / "counter.py"
    path.write_text(model_text(), "utf-8")
    worker = CommandWorker(store.place, [path])
    try:
        while worker.ask(KeepSnapshots()):
            continue
    finally:
        worker.close()

    assert [it[:2] for it in saved(views)] == 3 * [("counter", "counter-1")]


def test_without_a_model_of_ones_own_there_is_nothing_to_do(
    store: SqliteStore, views: ReadStore
) -> None:
    worker = CommandWorker(store.place)
    try:
        assert worker.ask(KeepSnapshots()) is False
    finally:
        worker.close()
    assert saved(views) == []
