"""Live events move nothing under the hand: neither marks nor lanes nor lists."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.navigator_view import NavigatorView
from gui.views.time_view import TimeView
from gui.workspace import Workspace
from store.events import NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from tests.gui.conftest import SECOND_US, START_US
from tests.gui.driven_window import is_counted, open_store, seek, settle
from tests.gui.widgets.time_panel_kit import x_of

DAY_S = 86_400
ARRIVING = 400
PAUSE_S = 120


def append(path: Path, events: Iterable[tuple[str, int]]) -> None:
    """Type and second of each, as another program would append them."""
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        for at, (type_, second) in enumerate(events):
            event = NewEvent.of(
                type_,
                {"count": at},
                {"user": f"actor-{type_}"},
                recorded_at_us=START_US + second * SECOND_US,
                recorded_offset_min=0,
            )
            writer.append_inside(f"order-{type_}-{at % 7}", [event], expected=None)
    db.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two busy days with eight idle ones between them."""
    path = tmp_path / "live.foldline"
    create_log(path)
    types = ("Placed", "Placed", "Placed", "Paid", "Paid", "Sent")
    hours = [at * PAUSE_S for at in range(300)] + [9 * DAY_S + at * PAUSE_S for at in range(300)]
    append(path, [(types[at % 6], second) for at, second in enumerate(hours)])
    return path


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, log: Path) -> tuple[Session, Workspace]:
    session, workspace = open_store(qtbot, window, log)
    session.selection.set_axis("recorded")
    settle(qtbot, session)
    return session, workspace


def arrive(qtbot: QtBot, window: MainWindow, session: Session, log: Path) -> None:
    """Events of the rarest type and of a new one, five weeks later."""
    later = 35 * DAY_S
    append(log, [("Sent" if at % 4 else "Refunded", later + at) for at in range(ARRIVING)])
    qtbot.waitUntil(lambda: session.selection.head == 600 + ARRIVING)
    qtbot.waitUntil(lambda: is_counted(window, log))
    qtbot.waitUntil(lambda: "Refunded" in [it.name for it in session.navigator.types])
    settle(qtbot, session)


def zoom(qtbot: QtBot, session: Session, workspace: Workspace) -> None:
    """The second busy day, with the end of the idle days before it."""
    panel = workspace.of(TimeView).panel
    begin = START_US + 8 * DAY_S * SECOND_US
    panel.show_range(begin, begin + 1.5 * DAY_S * SECOND_US)
    settle(qtbot, session)


def lanes(session: Session) -> list[str]:
    return [it.name for it in session.timeline.lanes]


def listed(workspace: Workspace) -> tuple[list[str], ...]:
    view = workspace.of(NavigatorView)
    return tuple(it.keys_in_sight() for it in (view.streams, view.types, view.actors))


def test_marks_and_lanes_stay_where_they_are(
    qtbot: QtBot, window: MainWindow, log: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    seek(qtbot, session, 450)
    zoom(qtbot, session, workspace)
    panel = workspace.of(TimeView).panel
    moments = [START_US + (9 * DAY_S + at * PAUSE_S) * SECOND_US for at in range(300)]
    before, names = [x_of(panel, it) for it in moments], lanes(session)
    in_sight = panel.viewport()

    arrive(qtbot, window, session, log)

    assert panel.viewport() == in_sight
    assert np.allclose([x_of(panel, it) for it in moments], before, atol=0.01)
    assert lanes(session)[: len(names)] == names == ["Placed", "Paid", "Sent"]
    assert lanes(session)[len(names) :] == ["Refunded"]


def test_gaps_are_those_of_all_events_once_everything_is_shown_again(
    qtbot: QtBot, window: MainWindow, log: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    zoom(qtbot, session, workspace)
    arrive(qtbot, window, session, log)

    panel = workspace.of(TimeView).panel
    panel.frame_all()

    ends = [START_US + day * DAY_S * SECOND_US for day in (10, 34)]
    assert panel.viewport().start <= START_US
    assert panel.viewport().end >= START_US + (35 * DAY_S + ARRIVING - 1) * SECOND_US
    assert x_of(panel, ends[1]) - x_of(panel, ends[0]) < 80


def test_lists_that_go_by_counts_keep_their_rows(
    qtbot: QtBot, window: MainWindow, log: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    qtbot.waitUntil(lambda: bool(workspace.of(NavigatorView).actors.keys_in_sight()))
    before = listed(workspace)

    arrive(qtbot, window, session, log)
    qtbot.waitUntil(lambda: len(session.people.actors) == 4)

    for rows, rows_before in zip(listed(workspace), before, strict=True):
        assert rows[: len(rows_before)] == rows_before
    assert workspace.of(NavigatorView).types.keys_in_sight()[:3] == ["Placed", "Paid", "Sent"]


def test_a_filtered_list_stays_scrolled_where_it_is_and_counts_what_is_new_in_it(
    qtbot: QtBot, window: MainWindow, log: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    view = workspace.of(EventsView)
    append(log, [("Placed", 30 * DAY_S)])
    qtbot.waitUntil(lambda: session.selection.head == 601)
    session.filter.set_typed("type = Sent")
    qtbot.waitUntil(lambda: session.events.count == 100 and not session.events.is_filtering)
    settle(qtbot, session)
    assert view.news.text() == ""
    view.grid.verticalScrollBar().setValue(20)
    rows = [session.events.position(row) for row in range(*view.grid.visible_rows())]

    arrive_after(qtbot, window, session, log)

    qtbot.waitUntil(lambda: session.events.count == 100 + ARRIVING * 3 // 4)
    assert [session.events.position(row) for row in range(*view.grid.visible_rows())] == rows
    assert view.news.text() == f"{ARRIVING * 3 // 4} new events"


def arrive_after(qtbot: QtBot, window: MainWindow, session: Session, log: Path) -> None:
    later = 35 * DAY_S
    append(log, [("Sent" if at % 4 else "Refunded", later + at) for at in range(ARRIVING)])
    qtbot.waitUntil(lambda: session.selection.head == 601 + ARRIVING)
    settle(qtbot, session)


def test_a_list_by_another_time_stays_where_it_is_when_rows_come_between(
    qtbot: QtBot, window: MainWindow, log: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    view = workspace.of(EventsView)
    session.selection.set_axis("occurred")
    qtbot.waitUntil(lambda: session.events.order is not None)
    seek(qtbot, session, 500)
    view.grid.verticalScrollBar().setValue(300)
    first, last = view.grid.visible_rows()
    seen = [session.events.position(row) for row in range(first, last)]

    db = open_log(log, writable=True)
    writer = Writer(db)
    with writer.transaction():
        for at in range(50):
            event = NewEvent.of("Placed", {}, occurred_at_us=START_US - at * SECOND_US)
            writer.append_inside("order-old", [event], expected=None)
    db.close()
    qtbot.waitUntil(lambda: session.events.count == 650 and session.events.row_of(seen[0]) > first)
    settle(qtbot, session)

    first, last = view.grid.visible_rows()
    assert [session.events.position(row) for row in range(first, last)] == seen
    assert session.events.position(view.grid.current_row()) == 500
