"""The second time of the occurred axis: off by default, two read-outs, the states as known then."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.inspector_view import InspectorView
from gui.views.time_view import TimeView
from gui.widgets.time.transport_bar import TransportBar
from gui.workspace import Workspace
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle
from tests.gui.views.two_times_store import STREAM, rates_in

GRID = {  # (the event at the cursor, how much was known): the rate then, as it was known; by hand
    (1, "2026-08-01"): {"percent": 5},
    (3, "2026-08-01"): {"percent": 5},  # what occurred on July 15 was not known yet
    (3, "2026-10-02"): {"percent": 6, "by": "ada"},
    (2, "2026-09-15"): {"percent": 7},
    (2, "2026-10-02"): {"percent": 7, "by": "ada"},
}


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> tuple[Session, Workspace]:
    session, workspace = open_store(qtbot, window, rates_in(tmp_path))
    settle(qtbot, session)
    session.selection.choose_stream(STREAM)
    return session, workspace


def test_it_is_off_until_it_is_switched_on_in_the_axis_menu(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    bar = workspace.of(TimeView).transport
    assert bar.known.isHidden()

    _choose_axis(bar, "both")
    qtbot.waitUntil(lambda: not bar.known.isHidden(), timeout=PATIENCE_MS)

    assert (session.selection.axis, session.selection.known) == ("occurred", 3)
    assert bar.axis.current == "both"
    assert bar.known.text() == "known 3 · 2026-10-01 00:00:00.000 ▾"
    _choose_axis(bar, "occurred")
    assert bar.known.isHidden()
    assert (session.selection.axis, session.selection.known) == ("occurred", None)
    assert bar.axis.current == "occurred"


def test_a_grid_of_dates_shows_the_states_as_they_were_known(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    _choose_axis(workspace.of(TimeView).transport, "both")
    for (position, known), expected in GRID.items():
        session.two_times.know(known)
        seek(qtbot, session, position)
        settle(qtbot, session)

        assert _state(session) == expected, (position, known)

    assert (
        "as known at 3, 2026-10-01 00:00:00.000" in workspace.of(InspectorView).state_words.text()
    )


def test_diff_and_history_speak_of_the_same_knowledge(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    inspector = workspace.of(InspectorView)
    session.two_times.know("2")
    qtbot.waitUntil(lambda: session.selection.known == 2, timeout=PATIENCE_MS)
    seek(qtbot, session, 1)
    session.selection.anchor_here()
    seek(qtbot, session, 2)
    session.blame.choose(("percent",))
    inspector.tabs.choose("diff")
    settle(qtbot, session)

    assert "as known at 2" in inspector.diff_words.text()
    assert session.blame.words is not None
    assert "as known at 2" in session.blame.words.place
    assert session.blame.history is not None
    assert list(session.blame.history.positions) == [1, 2]


def test_the_choices_of_the_read_out(qtbot: QtBot, shown: tuple[Session, Workspace]) -> None:
    session, workspace = shown
    bar = workspace.of(TimeView).transport
    _choose_axis(bar, "both")
    seek(qtbot, session, 2)
    assert not bar.known.anchor_action.isEnabled()
    known = []
    for choice in ("cursor", "all"):
        bar.known.wanted.emit(choice)
        known.append(session.selection.known)
    seek(qtbot, session, 1)
    session.selection.anchor_here()
    assert bar.known.anchor_action.isEnabled()
    bar.known.anchor_action.trigger()
    assert [*known, session.selection.known] == [2, 3, 1]
    settle(qtbot, session)


def test_a_moment_that_is_none_is_told_and_changes_nothing(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, _ = shown
    failures: list[Exception] = []
    session.two_times.failed.connect(failures.append)
    session.two_times.know_all()

    session.two_times.know("soon")
    qtbot.waitUntil(lambda: bool(failures), timeout=PATIENCE_MS)

    assert "neither a position nor a time" in str(failures[0])
    assert session.selection.known == 3
    settle(qtbot, session)


@pytest.mark.parametrize("width", [1280, 1500])
def test_both_times_are_readable_and_the_known_one_is_a_line(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, Workspace], width: int
) -> None:
    session, workspace = shown
    window.resize(width, 800)
    view = workspace.of(TimeView)
    bar = view.transport
    _choose_axis(bar, "both")
    qtbot.waitUntil(lambda: not bar.known.isHidden(), timeout=PATIENCE_MS)
    session.two_times.know("2")
    seek(qtbot, session, 2)

    for readout in (bar.position, bar.time, bar.known):
        assert readout.isVisible()
        assert readout.width() >= readout.sizeHint().width()
        assert bar.rect().contains(readout.geometry().translated(_offset(readout, bar)))
    assert bar.time.text() == "2026-09-01 00:00:00.000"
    assert bar.known.text() == "known 2 · 2026-09-01 00:00:00.000 ▾"
    assert view.panel.scene.known is not None

    _choose_axis(bar, "occurred")
    assert bar.known.isHidden()
    assert view.panel.scene.known is None
    settle(qtbot, session)


def _offset(part: QWidget, bar: TransportBar) -> QPoint:
    parent = part.parentWidget()
    assert parent is not None
    return parent.mapTo(bar, QPoint(0, 0))


def _choose_axis(bar: TransportBar, axis: str) -> None:
    bar.axis.chosen.emit(axis)


def _state(session: Session) -> Any:
    inspection = session.inspector.inspection
    assert inspection is not None
    assert inspection.state is not None
    return inspection.state.state
