"""From a value of a state to the event that gave it, and the audit trail of a stream as a file."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.selection import Axis
from gui.views.inspector_view import InspectorView
from store.events import NewEvent
from store.opening import open_store as open_log_to_write
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle

FACTS = {"user": "ada", "command": "Move", "correlation_id": "talk-1"}
HARBOURS = (("Oslo", 30), ("Bergen", 10), ("Bergen", 20))  # and the hour at which it occurred


@pytest.fixture
def voyages(tmp_path: Path) -> Path:
    """A ship whose harbour is set by the second event, which occurred first of all."""
    path = tmp_path / "voyages.foldline"
    store = open_log_to_write(path, create=True)
    for number, (harbour, hour) in enumerate(HARBOURS):
        event = NewEvent.of(
            "Moved",
            {"at": {"harbour": harbour}, "n": number},
            {**FACTS, "user": f"user {number}"},
            occurred_at_us=hour * 3_600_000_000,
            occurred_offset_min=0,
        )
        store.append("ship-1", [event], expected=number)
    store.append("ship-2", [NewEvent.of("Moved", {"n": 9}, FACTS)], expected=0)
    store.close()
    return path


@pytest.mark.parametrize(("axis", "position"), [("recorded", 2), ("occurred", 1)])
def test_a_key_and_the_menu_go_to_the_event_that_gave_a_value(
    qtbot: QtBot, window: MainWindow, voyages: Path, axis: Axis, position: int
) -> None:
    """Row A14. On the occurred axis the harbour is what the event that occurred last says."""
    session, workspace = open_store(qtbot, window, voyages)
    session.selection.choose_stream("ship-1")
    session.selection.set_axis(axis)
    seek(qtbot, session, 1 if axis == "occurred" else 3)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("state")
    assert inspector.state.go_to(("at", "harbour"))
    (entry,) = (it for it in inspector.state.menu().actions() if "set this value" in it.text())

    with qtbot.waitSignal(session.inspector.origin_found, timeout=PATIENCE_MS) as found:
        if axis == "occurred":
            entry.trigger()
        else:
            inspector.state.setFocus()
            qtbot.keyClick(inspector.state, Qt.Key.Key_O)
    settle(qtbot, session)

    assert found.args == [position]
    assert session.selection.as_of == position
    assert inspector.tabs.chosen() == "event"
    told = inspector.facts.text()
    assert all(it in told for it in (f"user {position - 1}", "Move", "talk-1"))


def test_what_no_event_has_given_is_said(qtbot: QtBot, window: MainWindow, voyages: Path) -> None:
    session, _ = open_store(qtbot, window, voyages)
    session.selection.choose_stream("ship-1")
    seek(qtbot, session, 3)

    with qtbot.waitSignal(session.inspector.failed, timeout=PATIENCE_MS) as failed:
        session.inspector.find_origin(("at", "depth"))

    assert str(failed.args[0]) == "no event has set at.depth of ship-1"


def test_the_audit_trail_of_the_stream_in_sight_is_written_to_a_file(
    qtbot: QtBot,
    window: MainWindow,
    voyages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, _ = open_store(qtbot, window, voyages)
    session.selection.choose_stream("ship-1")
    seek(qtbot, session, 3)
    out = tmp_path / "audit.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))

    window.actions_["export audit"].trigger()
    qtbot.waitUntil(lambda: "Audit trail of 3" in window.status.job.text(), timeout=PATIENCE_MS)

    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [(it["position"], it["who"], it["command"]) for it in rows] == [
        (str(number), f"user {number - 1}", "Move") for number in (1, 2, 3)
    ]
