"""An event that came late says so in the list, and where it belongs."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.itemmodels.event_model import EventModel
from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from tests.gui.driven_window import PATIENCE_MS, open_store, settle
from tests.gui.views.two_times_store import rates_in


def test_a_late_event_is_marked_and_its_row_tells_where_it_belongs(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session, workspace = open_store(qtbot, window, rates_in(tmp_path))
    model = workspace.of(EventsView).grid.model()
    assert isinstance(model, EventModel)
    summary = next(at for at, it in enumerate(session.columns.table) if it.id == "summary")

    def summaries() -> dict[str, str]:
        rows = range(model.rowCount())
        return {str(model.index(it, 0).data()): str(model.index(it, summary).data()) for it in rows}

    qtbot.waitUntil(lambda: summaries()["3"].startswith("late"), timeout=PATIENCE_MS)
    assert "percent" in summaries()["3"]
    settle(qtbot, session)
    assert [summaries()[it].startswith("late") for it in "12"] == [False, False]
    row = next(it for it in range(3) if model.index(it, 0).data() == "3")
    assert "after the event at 1" in model.row_tip(row)
    assert model.row_tip(1 - row if row < 2 else 0) == ""
