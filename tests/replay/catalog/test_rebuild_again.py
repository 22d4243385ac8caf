"""What a rebuild is compared with when the log has grown, and which tables it goes on with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from replay.catalog.rebuild import rebuild
from replay.projection import Projection, Rows
from replay.views.view import View, view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 30


class Counted(Struct, frozen=True):
    """One row."""

    type: str
    count: int


def count(rows: Rows[Counted], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    row = rows.get(event.type) or Counted(event.type, 0)
    rows.put(Counted(event.type, row.count + 1))


def counting(version: int) -> View:
    return view_of(
        Projection(
            name="counted",
            version=version,
            title="Counted",
            row=Counted,
            key=("type",),
            apply=count,
        )
    )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    found = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield found
    found.close()


def test_a_view_that_is_behind_is_compared_at_its_own_checkpoint(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = counting(1)
    monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: (view,))
    store, runner = open_runner(log, (view,))
    catch_up(runner)
    store.close()
    append(log.place.path, 12)

    (report,) = rebuild(log, ["counted"])

    assert (report.compared_at, report.events) == (EVENTS, EVENTS + 12)
    assert report.comparison is not None
    assert not report.was_different


def test_tables_that_another_definition_left_are_not_gone_on_with(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version = {it: counting(it) for it in (1, 2)}
    now = [of_version[1]]
    monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: tuple(now))
    rebuild(log, ["counted"], switches=False)
    (again,) = rebuild(log, ["counted"], switches=False)
    assert again.resumed_at == EVENTS

    now[:] = [of_version[2]]
    (other,) = rebuild(log, ["counted"], switches=False)

    assert (other.resumed_at, other.events) == (0, EVENTS)
