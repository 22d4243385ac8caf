"""The real code folds, projects, rebuilds and asks an overlay as it does a log in a file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import check, rebuild
from replay.history.lint import lint
from replay.projector.catch_up import catch_up
from replay.questions import view_query
from replay.questions.row_trace import rows_written, trace
from replay.questions.view_status import list_views
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshots import folded
from replay.states.field_histories import Axis
from replay.states.model_set import bundled_models
from replay.states.state_at import StateAt
from replay.states.stream_states import StreamStates
from replay.timeline.timeline_index import TimelineIndex
from replay.views.read_store import open_views
from replay.views.search_view import search
from store.interface import EventReader
from tests.contracts.projection import whole
from tests.replay.two_logs import EVENTS, LEFT_OUT, TwoLogs, two_logs

VIEWS = {it.name: it for it in all_views()}
AXES: tuple[Axis, ...] = ("position", "recorded", "occurred")
AROUND = (1, LEFT_OUT - 1, LEFT_OUT, LEFT_OUT + 1, EVENTS // 2, EVENTS)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[TwoLogs]:
    with two_logs(tmp_path) as logs:
        yield logs


def test_a_state_at_any_moment_is_that_of_the_log_without_the_event(logs: TwoLogs) -> None:
    ours, theirs = StreamStates(), StreamStates()

    for position in (*AROUND, *reversed(AROUND)):  # the way back goes by keyframes
        for stream in sorted(logs.plain.stream_names()):
            assert _outcome(ours, logs.overlay, stream, position) == _outcome(
                theirs, logs.plain, stream, position
            )
    for stream in ("big-1", "order-0", "item-3"):
        last = logs.plain.event(LEFT_OUT)
        assert last is not None
        assert ours.as_occurred(logs.overlay, stream, last.occurred_at_us) == theirs.as_occurred(
            logs.plain, stream, last.occurred_at_us
        )
        for axis in AXES:
            mine = ours.field(logs.overlay, stream, ("n",), position=EVENTS - 1, axis=axis)
            other = theirs.field(logs.plain, stream, ("n",), position=EVENTS - 1, axis=axis)
            assert mine == other


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_of_it_has_the_rows_and_the_history_of_the_log_without_the_event(
    logs: TwoLogs, name: str
) -> None:
    assert whole(VIEWS[name], logs.overlay) == whole(VIEWS[name], logs.plain)


def test_its_views_are_checked_rebuilt_and_switched(logs: TwoLogs) -> None:
    catch_up(logs.overlay)
    with closing(open_views(logs.overlay)) as store:
        store.db.execute("UPDATE streams SET event_count = event_count + 1 WHERE stream = 'big-1'")

    was_different = {it.view for it in check(logs.overlay) if it.was_different}
    (report,) = rebuild(logs.overlay, ["streams"])

    assert was_different == {"streams"}
    assert (report.was_different, report.is_switched, report.compared_at) == (True, True, EVENTS)
    assert whole(VIEWS["streams"], logs.overlay) == whole(VIEWS["streams"], logs.plain)


def test_questions_to_its_views_are_answered_as_of_any_position(logs: TwoLogs) -> None:
    answers = [_answers(it) for it in (logs.overlay, logs.plain)]

    assert answers[0] == answers[1]


def test_a_snapshot_of_it_is_a_start_of_its_states(logs: TwoLogs) -> None:
    with closing(open_views(logs.overlay)) as store:
        made = SnapshotDesk(store.db, logs.overlay).create(["big-1"])
        found = StreamStates(snapshot_before=lambda *asked: folded(store.db, *asked)).at(
            logs.overlay, "big-1", EVENTS
        )

    assert made == 1
    assert (found.basis, found.folded) == ("snapshot", 0)
    assert found.state == StreamStates().at(logs.plain, "big-1", EVENTS).state


def test_its_faults_are_found(logs: TwoLogs) -> None:
    models = bundled_models()

    assert list(lint(logs.overlay, models)) == list(lint(logs.plain, models))


def _outcome(
    states: StreamStates, log: EventReader, stream: str, position: int
) -> StateAt[Any] | str:
    """The state, or in what way the model refuses the stream."""
    try:
        return states.at(log, stream, position)
    except Exception as error:  # the payloads are random: a model may trip over any
        return repr(error)


def _answers(log: EventReader) -> list[object]:
    """What is read of the views of a log in the places where the window reads them."""
    catch_up(log)
    with closing(open_views(log)) as store:
        db = store.db
        timeline = TimelineIndex.load(db)
        return [
            [(it.name, it.checkpoint, it.row_count) for it in list_views(db, log)],
            [view_query.page(db, log, "streams", at=it, limit=9).rows for it in AROUND],
            [trace(db, log, "streams", ("big-1",), until=it).writes for it in AROUND],
            [rows_written(db, log, it, views=["streams", "event_types"]) for it in AROUND],
            search(db, log, "Placed 7"),
            [timeline.counts(EDGES, it).tolist() for it in AXES],
            [timeline.extent(it) for it in AXES],
        ]


EDGES = np.array([0.0, 1e15, 1.7e15, 2e15])
