"""The rows of an answer in SQL are those of a view where its key is among their columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.questions.row_source import row_source
from replay.views.read_store import ReadStore
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import catch_up, make_log, open_runner


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", 40))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


def test_a_row_is_known_by_the_key_and_the_position_it_is_as_of(
    log: EventReader, store: ReadStore
) -> None:
    now = row_source(store.db, log, {"streams"}, ("category", "stream"))
    then = row_source(store.db, log, {"streams"}, ("stream", "_position", "event_count"))

    assert now is not None
    assert now.key(("order", "order-1")) == ("order-1",)
    assert now.position(("order", "order-1")) is None
    assert then is not None
    assert then.position(("order-1", 30, 2)) == 30
    assert then.position(("order-1", "thirty", 2)) is None
    assert "event_count" in then.columns


@pytest.mark.parametrize(
    ("views", "columns"),
    [
        ({"streams"}, ("category",)),
        ({"streams", "event_types"}, ("stream", "type")),
        (set(), ("stream",)),
        ({"search"}, ("rowid",)),
        ({"nobody"}, ("stream",)),
    ],
)
def test_other_rows_are_of_no_view(
    views: set[str], columns: tuple[str, ...], log: EventReader, store: ReadStore
) -> None:
    assert row_source(store.db, log, views, columns) is None
