"""A snapshot by other code of a model is never used, whatever its version says."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.own.user_models import load_models
from replay.snapshots import snapshot_file, snapshot_policy
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.snapshots.snapshots import folded
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.views.read_store import ReadStore
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.logs import catch_up, open_runner
from tests.replay.workers.test_worker_process import model_file

STREAM = "counter-1"
OTHER_CODE = "other code of the model"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "counts.foldline", create=True)
    store.append(STREAM, [NewEvent.of("Counted", {"by": 2}) for _ in range(50)], expected=0)
    yield store
    store.close()


@pytest.fixture
def views(store: SqliteStore) -> Iterator[ReadStore]:
    views, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    yield views
    views.close()


@pytest.fixture
def before(tmp_path: Path) -> ModelSet:
    return ModelSet(load_models(model_file(tmp_path, "pass")))


@pytest.fixture
def after(tmp_path: Path, before: ModelSet) -> ModelSet:
    """The same file, one line of `evolve` edited, its version left as it was."""
    path = model_file(tmp_path, "pass")
    text = path.read_text("utf-8")
    path.write_text(text.replace("state.total + event.by", "state.total - event.by"), "utf-8")
    return ModelSet(load_models(path))


def states(models: ModelSet, views: ReadStore) -> StreamStates:
    return StreamStates(models=models, snapshot_before=partial(folded, views.db))


def test_after_an_edit_of_evolve_the_snapshot_is_skipped_and_the_state_is_right(
    store: SqliteStore, views: ReadStore, before: ModelSet, after: ModelSet
) -> None:
    log = store.reader()
    SnapshotDesk(views.db, log, models=before).create([STREAM])

    old = states(before, views).at(log, STREAM, log.head())
    new = states(after, views).at(log, STREAM, log.head())

    assert (old.basis, old.folded, old.state) == ("snapshot", 0, {"total": 100})
    assert (new.basis, new.folded, new.state) == ("beginning", 50, {"total": -100})


def test_the_list_and_the_check_say_why(
    store: SqliteStore, views: ReadStore, before: ModelSet, after: ModelSet
) -> None:
    SnapshotDesk(views.db, store.reader(), models=before).create([STREAM])
    desk = SnapshotDesk(views.db, store.reader(), models=after)

    (info,) = desk.all_with_savings()
    (checked,) = desk.verify()

    assert (info.standing, info.model_version, info.saves_ms) == (OTHER_CODE, 1, None)
    assert checked.difference == f"it is never used: {OTHER_CODE}"


def test_making_it_again_puts_it_right(
    store: SqliteStore, views: ReadStore, before: ModelSet, after: ModelSet
) -> None:
    log = store.reader()
    SnapshotDesk(views.db, log, models=before).create([STREAM])
    desk = SnapshotDesk(views.db, log, models=after)

    assert desk.create([STREAM]) == 1

    assert [it.standing for it in desk.all()] == ["usable"]
    found = states(after, views).at(log, STREAM, log.head())
    assert (found.basis, found.state) == ("snapshot", {"total": -100})


def test_those_that_are_made_by_themselves_are_made_anew(
    store: SqliteStore, views: ReadStore, before: ModelSet, after: ModelSet
) -> None:
    log = store.reader()
    snapshot_policy.save(store.place, "counter", 20)
    keep(views, store, before)
    assert standings(views, store, before) == {20: "usable", 40: "usable"}
    assert standings(views, store, after) == {20: OTHER_CODE, 40: OTHER_CODE}

    keep(views, store, after)

    assert standings(views, store, after) == {20: "usable", 40: "usable"}
    found = states(after, views).at(log, STREAM, log.head())
    assert (found.basis, found.folded, found.state) == ("snapshot", 10, {"total": -100})


def test_a_file_carries_the_code_along_and_other_code_refuses_it(
    store: SqliteStore, views: ReadStore, before: ModelSet, after: ModelSet, tmp_path: Path
) -> None:
    log, file = store.reader(), tmp_path / "saved.jsonl"
    desk = SnapshotDesk(views.db, log, models=before)
    desk.create([STREAM])
    snapshot_file.export(views.db, log, file)
    desk.delete_all()

    refused = snapshot_file.import_(views.db, log, file, models=after)
    taken = snapshot_file.import_(views.db, log, file, models=before)

    assert refused.added == 0
    assert "other code of the model 'counter'" in refused.refused[0]
    assert (taken.added, taken.refused) == (1, ())
    assert [it.standing for it in desk.all()] == ["usable"]


def keep(views: ReadStore, store: SqliteStore, models: ModelSet) -> None:
    keeper = SnapshotKeeper(views.db, store.reader(), states=StreamStates(models=models))
    while keeper.advance():
        continue


def standings(views: ReadStore, store: SqliteStore, models: ModelSet) -> dict[int, str]:
    found = SnapshotDesk(views.db, store.reader(), models=models).all()
    return {it.version: it.standing for it in found}
