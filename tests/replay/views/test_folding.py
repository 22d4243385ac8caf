"""One folding, two policies: the runner parks a view at the event that a rebuild tells."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from replay.catalog.rebuild import rebuild
from replay.projection import Projection, Rows
from replay.views import checkpoints
from replay.views.view import View, view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import catch_up, make_log, open_runner

EVENTS = 300
BAD = 77


class Counted(Struct, frozen=True):
    """One row; None is not what its column takes."""

    type: str
    count: int


Apply = Callable[[Rows[Counted], RecordedEvent, tuple[str, ...]], None]


def raises(rows: Rows[Counted], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Known at once, and with its event."""
    if event.position == BAD:
        raise ZeroDivisionError("no such number")
    rows.put(Counted(event.type, event.position))


def puts_what_no_column_takes(rows: Rows[Any], event: RecordedEvent, _links: object) -> None:
    """Known when the batch is written, and of none of its events."""
    rows.put(Counted(event.type, None if event.position == BAD else 1))  # type: ignore[arg-type]


def counting(apply: Apply) -> View:
    return view_of(
        Projection(
            name="counted", version=1, title="Counted", row=Counted, key=("type",), apply=apply
        )
    )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    found = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield found
    found.close()


@pytest.mark.parametrize("apply", [raises, puts_what_no_column_takes])
def test_the_runner_parks_at_the_event_that_a_rebuild_tells(
    apply: Apply, log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = counting(apply)
    monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: (view,))
    store, runner = open_runner(log, (view,))

    catch_up(runner)
    (report,) = rebuild(log, ["counted"])

    parked = checkpoints.errors(store.db)["counted"]
    assert (parked.position, parked.attempts) == (BAD, 3)
    assert report.error == f"{parked.message} (at position {BAD})"
    assert runner.checkpoints()["counted"].checkpoint == report.events == BAD - 1
    assert not report.is_switched
    store.close()
