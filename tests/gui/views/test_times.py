"""Times in the window: with their year where there is more than one, on the axis that says most."""

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.viewmodels.first_axis import Spans
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle

HOUR_US = 3_600_000_000


def log_of(tmp_path: Path, *times: str) -> Path:
    """A log of events that occurred at these times and were all recorded in one second."""
    source, path = tmp_path / "events.jsonl", tmp_path / "imported.foldline"
    lines = [
        {
            "stream": f"a-{at}",
            "type": "Set",
            "id": f"e{at}",
            "occurred_at": time,
            "recorded_at": f"2026-03-01T00:00:00.{at}Z",
            "data": {},
        }
        for at, time in enumerate(times)
    ]
    source.write_text("".join(f"{json.dumps(it)}\n" for it in lines))
    ingest(source, into=path)
    return path


def texts(window: MainWindow, column: str) -> list[str]:
    assert window.session is not None
    assert window.workspace is not None
    table = window.session.columns.table
    model = window.workspace.of(EventsView).grid.model()
    at = next(at for at, it in enumerate(table) if it.id == column)
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


def test_a_log_of_several_years_says_which_everywhere(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "years.foldline"
    ingest(FIXTURES / "years.jsonl", into=path)
    session, workspace = open_store(qtbot, window, path)

    qtbot.waitUntil(
        lambda: (
            texts(window, "occurred")
            == [f"{year}-03-14 09:00:00.000" for year in (2024, 2025, 2026)]
        ),
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: texts(window, "recorded")[0][:2] == "20", timeout=PATIENCE_MS)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    seek(qtbot, session, 1)
    qtbot.waitUntil(lambda: "2024-03-14T09:00" in inspector.facts.text(), timeout=PATIENCE_MS)


def test_a_log_of_one_year_leaves_it_out(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, _ = open_store(qtbot, window, store)

    qtbot.waitUntil(lambda: texts(window, "recorded")[299] != "", timeout=PATIENCE_MS)

    assert texts(window, "recorded")[299] == "Mar 08 20:04:59.000"
    assert not session.columns.has_years


def test_the_year_is_there_also_where_only_one_of_the_two_times_is_of_another(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = log_of(tmp_path, "2025-12-31T23:59:59Z", "2025-12-31T23:59:59Z")
    session, _ = open_store(qtbot, window, path)
    qtbot.waitUntil(lambda: session.columns.has_years, timeout=PATIENCE_MS)

    assert session.columns.time_text(0) == "1970-01-01 00:00:00.000"


def test_a_log_that_was_recorded_at_once_opens_on_the_occurred_axis_and_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = log_of(tmp_path, "2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z", "2026-01-15T08:00:00Z")
    session, workspace = open_store(qtbot, window, path)
    view = workspace.of(EventsView)

    qtbot.waitUntil(lambda: session.selection.axis == "occurred", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: view.notice.isVisible(), timeout=PATIENCE_MS)

    assert view.notice.text().startswith("Opened on the occurred axis: 3 events were recorded")
    assert view.notice.text().endswith("occurred over 31 d.")
    session.selection.set_axis("recorded")
    qtbot.waitUntil(lambda: not view.notice.isVisible(), timeout=PATIENCE_MS)
    settle(qtbot, session)
    window.close_store()
    session, _ = open_store(qtbot, window, path)
    settle(qtbot, session)
    assert session.selection.axis == "recorded"  # what a person chose is kept


def test_only_times_that_say_much_more_are_chosen() -> None:
    def at_once(recorded_us: int, occurred_us: int) -> bool:
        return Spans(
            recorded_us=recorded_us, occurred_us=occurred_us, events=9
        ).are_recorded_at_once

    assert at_once(0, HOUR_US)
    assert at_once(5_000_000, 24 * HOUR_US)
    assert not at_once(0, HOUR_US - 1)
    assert not at_once(HOUR_US, 24 * HOUR_US)
    assert not at_once(0, 0)
