"""An event and what takes it back leave nothing behind, on every view that declares it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.commands.decide import CommandHandler
from replay.commands.undo import undo_of
from replay.projection import Projection
from replay.projections import find_projections
from replay.states.model_set import bundled_models
from replay.views.read_store import open_views
from replay.views.runner import Runner
from replay.views.view import view_of
from store import json_text
from store.opening import open_reader
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import done
from tests.replay.issued import issued

DECLARED = [it for it in find_projections() if it.nets_out]
DONE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("OpenAccount", {"id": "7", "owner": "Ada"}),
    ("PerformDeposit", {"accountNumber": "7", "amount": 100}),
    ("PerformWithdrawal", {"accountNumber": "7", "amount": 30}),
    ("ChangeOwner", {"accountId": "7", "newOwner": "Bob"}),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "a.foldline", create=True)
    yield store
    store.close()


def rows(store: SqliteStore, projection: Projection[Any]) -> list[Any]:
    """As a plain reader sees them, but for the position of the last write."""
    log = open_reader(store.place.path)
    views = open_views(log)
    try:
        runner = Runner(views.db, log, [view_of(projection)])
        while runner.advance():
            pass
        names = ", ".join(projection.row.__struct_fields__)
        return views.db.execute(f"SELECT {names} FROM {projection.name}").fetchall()
    finally:
        views.close()
        log.close()


def test_there_is_one() -> None:
    assert [it.name for it in DECLARED] == ["accounts"]


@pytest.mark.parametrize("projection", DECLARED, ids=lambda it: it.name)
def test_whatever_is_undone_leaves_its_rows_as_they_were(
    store: SqliteStore, projection: Projection[Any]
) -> None:
    handler, undone = CommandHandler(store, bundled_models()), 0
    model = next(it for it in bundled_models().models if it.owns("account-7"))
    for command, data in DONE:
        before = rows(store, projection)
        answered = handler.issue(issued(command, data))
        event = store.reader().event(done(answered).last_position or 0)
        assert event is not None
        typed = bundled_models().reading(model).typed(event)
        if type(typed) not in model.undo:
            continue
        assert rows(store, projection) != before

        back = undo_of(store, bundled_models(), event.position)
        undo = issued(type(back).__name__, json_text.decode(json_text.encode(back)))
        assert handler.issue(structs.replace(undo, causation_id=event.id)).status == "done"
        undone += 1

        assert rows(store, projection) == before
    assert undone == len(model.undo)
