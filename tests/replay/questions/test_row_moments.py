"""When a condition on a row of a view came true: as asking for the row at every position tells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views
from replay.errors import UnknownColumn, UnknownView
from replay.questions import row_moments as module
from replay.questions import view_query
from replay.questions.row_moments import row_moments
from replay.states.condition_fold import asks_for_changes
from replay.states.condition_moments import Which
from replay.views.read_store import ReadStore
from replay.views.sink import KeyValues
from store.errors import WrongFilter
from store.filter.condition import condition
from store.filter.parse import parse_condition
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import catch_up, make_log, open_runner

EVENTS = 60


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


def row_at(store: ReadStore, log: EventReader, view: str, key: KeyValues, at: int) -> Any:
    page = view_query.row(store.db, log, view, key, at=at)
    names = [it.name for it in page.columns]
    return dict(zip(names, page.rows[0].values, strict=True)) if page.rows else None


@pytest.mark.parametrize(
    "where", ["event_count >= 3", "event_count changed", "event_count = 2", "last_position < 0"]
)
def test_the_moments_are_those_of_the_row_at_every_position(
    where: str, log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)  # versions are read in many pages
    tree = parse_condition(where)
    key = view_query.page(store.db, log, "streams", limit=1).rows[0].key
    holds, expected, before, was_held = condition(tree), list[int](), None, False
    for at in range(1, EVENTS + 1):
        after = row_at(store, log, "streams", key, at)
        is_held = holds(before, after)
        if is_held and (asks_for_changes(tree) or not was_held):
            expected.append(at)
        before, was_held = after, is_held

    def found(which: Which, position: int | None = None) -> list[int]:
        told = row_moments(store.db, log, "streams", key, where, which=which, position=position)
        return [it.position for it in told.moments]

    assert found("all") == expected
    assert (found("first"), found("last")) == (expected[:1], expected[-1:])
    middle = EVENTS // 2
    assert found("next", middle) == [it for it in expected if it > middle][:1]
    assert found("previous", middle) == [it for it in expected if it < middle][-1:]


def test_what_cannot_be_asked_is_refused(log: EventReader, store: ReadStore) -> None:
    with pytest.raises(WrongFilter):
        row_moments(store.db, log, "streams", ("x",), "event_count >")
    with pytest.raises(UnknownColumn):
        row_moments(store.db, log, "streams", ("x",), "event_cuont > 1")
    with pytest.raises(UnknownView):
        row_moments(store.db, log, "nothing", ("x",), "event_count > 1")


def test_a_row_that_never_was_has_no_moments(log: EventReader, store: ReadStore) -> None:
    assert row_moments(store.db, log, "streams", ("x",), "event_count > 1").moments == ()
