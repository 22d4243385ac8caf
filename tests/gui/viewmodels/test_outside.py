"""The world outside, in the window: what is held and why, and what was answered."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.outside_view import OutsideView
from gui.views.processes_view import ProcessesView
from replay.states.model_set import bundled_models
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.gui.driven_window import PATIENCE_MS, open_store
from tests.replay.models.test_ships import Fleet


@pytest.fixture
def sailed(tmp_path: Path) -> Path:
    """A fleet that asked for a price and told customs."""
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port="los-angeles", occurred="2005-11-03")
    fleet.deliver()
    fleet.store.close()
    return tmp_path / "ships.foldline"


def test_answers_are_listed_and_lead_to_their_event(
    qtbot: QtBot, window: MainWindow, sailed: Path
) -> None:
    session, workspace = open_store(qtbot, window, sailed)
    workspace.show_panel(ProcessesView)
    workspace.of(ProcessesView).tabs.choose("outside")

    qtbot.waitUntil(lambda: workspace.of(OutsideView).answers.count() == 1, timeout=PATIENCE_MS)
    (answer,) = session.outside.answers
    assert answer.request == {"cargo": "refact", "day": "2005-11-03"}
    assert answer.answer == 100
    assert "was held back" in workspace.of(OutsideView).held_words.text()

    session.selection.seek(1)
    workspace.of(OutsideView).answers.row_activated.emit(0)
    assert session.selection.as_of == answer.position


def test_what_an_import_holds_back_is_listed_with_the_reason(
    qtbot: QtBot, window: MainWindow, sailed: Path, tmp_path: Path
) -> None:
    out, copy = tmp_path / "out.jsonl", tmp_path / "copy.foldline"
    export(sailed, out)
    ingest(out, into=copy)
    session, workspace = open_store(qtbot, window, copy)
    workspace.show_panel(ProcessesView)
    workspace.of(ProcessesView).tabs.choose("outside")

    qtbot.waitUntil(lambda: workspace.of(OutsideView).held.count() == 2, timeout=PATIENCE_MS)
    assert [it.payload["port"] for it in session.outside.held] == [
        "san-francisco",
        "los-angeles",
    ]
    assert all("replay" in it.held for it in session.outside.held)
    assert "2 messages" in workspace.of(OutsideView).held_words.text()
