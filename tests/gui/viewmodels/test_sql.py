"""Questions in SQL in the window: read-only, stopped, drawn, and saved by name."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.panes_view import PanesView
from gui.views.sql_view import SqlView
from replay.questions import saved_questions
from store.place import Place
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, SqlView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    workspace.of(PanesView).tabs.choose("sql")
    wait(qtbot, lambda: session.status.lag == 0)
    return session, workspace.of(SqlView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def ask(qtbot: QtBot, view: SqlView, statement: str) -> None:
    view.statement.setPlainText(statement)
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: " in " in view.message.text() and view.run.isEnabled())


def test_sql_is_answered_and_explained(qtbot: QtBot, shown: tuple[Session, SqlView]) -> None:
    _session, view = shown
    view.statement.setPlainText("SELECT order_id, state FROM draft_orders ORDER BY 1")

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.answer.count() == 2)

    assert [view.answer.text(it, 0) for it in range(2)] == ["A7", "B8"]
    assert "2 rows in" in view.message.text()
    assert "draft_orders" in view.plan.text()


def test_events_are_asked_beside_the_views(qtbot: QtBot, shown: tuple[Session, SqlView]) -> None:
    _session, view = shown

    ask(
        qtbot,
        view,
        "SELECT json_extract(data, '$.total') FROM event_log WHERE type LIKE '%Totals%'",
    )

    assert [view.answer.text(it, 0) for it in range(2)] == ["199.0", "398.0"]


def test_a_long_value_is_shown_by_its_beginning(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    _session, view = shown

    ask(qtbot, view, "SELECT hex(zeroblob(100000)), zeroblob(3), NULL")

    assert [len(view.answer.text(0, it)) for it in range(3)] == [2_001, 6, 0]


@pytest.mark.parametrize(
    ("statement", "told"),
    [("DELETE FROM streams", "read-only here"), ("SELEC", "rejected the query")],
)
def test_sql_that_writes_or_is_wrong_is_told(
    qtbot: QtBot, shown: tuple[Session, SqlView], statement: str, told: str
) -> None:
    session, view = shown
    ask(qtbot, view, "SELECT stream FROM streams")
    view.statement.setPlainText(statement)

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: told in view.message.text())

    assert session.sql.result is None
    assert view.answer.count() == 0
    view.statement.setPlainText("SELECT count(*) FROM streams")
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "1 row in" in view.message.text())
    assert int(view.answer.text(0, 0)) > 0


def test_sql_that_runs_for_ever_is_stopped_and_the_window_lives(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    _session, view = shown
    view.statement.setPlainText(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    )

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, view.stop.isEnabled)
    qtbot.mouseClick(view.stop, Qt.MouseButton.LeftButton)
    view.statement.setPlainText("SELECT 42 AS answer")
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.answer.count() == 1)

    assert view.answer.text(0, 0) == "42"


def test_an_answer_is_drawn_as_bars_as_a_line_or_not_at_all(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    _, view = shown
    view.tabs.choose("chart")

    ask(qtbot, view, "SELECT type, count FROM event_types ORDER BY count DESC")
    assert view.chart.isVisible()
    assert "values, highest 4 count" in view.chart.accessibleDescription()
    ask(qtbot, view, "SELECT _position, event_count FROM streams_history ORDER BY _position")
    assert "event_count" in view.chart.accessibleDescription()
    ask(qtbot, view, "SELECT order_id, total FROM priced_orders WHERE total > 250")
    assert "1 value, highest 398 total" in view.chart.accessibleDescription()
    assert view.answer.text(0, 1) == "398.00"
    ask(qtbot, view, "SELECT 'a', NULL UNION ALL VALUES ('b', '0.50'), ('c', -1.5)")
    assert "2 values, highest 0.5" in view.chart.accessibleDescription()
    for nothing in ("'1e400'", "x'00'", "'7 apples'", "NULL"):
        ask(qtbot, view, f"SELECT 'a', {nothing}")
        assert not view.chart.isVisible()
    ask(qtbot, view, "SELECT order_id FROM draft_orders")
    assert not view.chart.isVisible()
    assert "a column of numbers" in view.chart_words.text()


def test_an_answer_that_is_old_says_by_how_much(
    qtbot: QtBot, shown: tuple[Session, SqlView], office: Office
) -> None:
    session, view = shown
    session.kept_views.pause()
    wait(qtbot, lambda: session.kept_views.is_paused)
    before, shows = office.store.head(), session.selection.head
    office.register("C9", general=1)
    lacks = office.store.head() - before
    assert lacks > 0
    assert before == shows

    ask(qtbot, view, "SELECT count(*) FROM streams")
    assert f"stale: streams is as of {before}, {lacks} events behind" in view.message.text()
    session.kept_views.resume()
    wait(qtbot, lambda: session.selection.head > before and session.status.lag == 0)
    ask(qtbot, view, "SELECT count(*) FROM streams")
    assert "old" not in view.message.text()


def test_positions_of_an_answer_are_a_lane_that_leads_to_the_events(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    session, view = shown
    view.tabs.choose("lane")
    ask(qtbot, view, "SELECT 1 AS one")
    assert "a column named position" in view.lane_words.text()

    ask(qtbot, view, "SELECT _position FROM streams_history WHERE stream = 'order-A7'")
    marks = session.sql.positions()
    assert len(marks) > 2
    assert f"{len(marks)} of " in view.lane_words.text()
    assert view.lane.y() < view.lane.height()  # at the top of its page
    place = QPoint(round(view.lane.x_of(marks[1])), 20)
    qtbot.mouseClick(view.lane, Qt.MouseButton.LeftButton, pos=place)
    assert session.selection.as_of == marks[1]
    qtbot.keyClick(view.lane, Qt.Key.Key_Right)
    assert session.selection.as_of == marks[2]


def test_a_question_is_saved_asked_again_and_forgotten(
    qtbot: QtBot, shown: tuple[Session, SqlView], office: Office
) -> None:
    _, view = shown
    statement = "SELECT count(*) AS orders FROM draft_orders"
    view.statement.setPlainText(statement)
    qtbot.keyClicks(view.name, "how many orders")
    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.saved.currentData() == "how many orders")
    assert saved_questions.load(Place(office.path)) == {"how many orders": statement}

    view.statement.clear()
    view.saved.activated.emit(view.saved.currentIndex())
    wait(qtbot, lambda: view.answer.count() == 1 and view.answer.text(0, 0) == "2")

    wait(qtbot, view.forget.isEnabled)
    qtbot.mouseClick(view.forget, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.saved.findData("how many orders") < 0)
    view.name.clear()
    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "needs a name" in view.message.text())


def test_every_row_of_an_answer_is_drawn(qtbot: QtBot, shown: tuple[Session, SqlView]) -> None:
    session, view = shown

    ask(
        qtbot,
        view,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
        "SELECT i, 2 * i FROM n",
    )

    drawn = session.sql.drawn()
    assert (len(drawn.xs), drawn.values[-1]) == (2_500, 5_000.0)


def test_a_cell_of_a_view_s_row_says_which_event_set_it(
    qtbot: QtBot, shown: tuple[Session, SqlView]
) -> None:
    """One click; a cell of a row that is of no view says nothing."""
    session, view = shown
    ask(qtbot, view, "SELECT order_id, state, 1 AS one FROM draft_orders ORDER BY 1")

    click_cell(qtbot, view, 0, 1)
    wait(qtbot, lambda: "state of A7 in draft_orders" in view.cell.text())

    assert "OrderReservationCompleted · " in view.cell.text()
    qtbot.mouseClick(view.cell.go, Qt.MouseButton.LeftButton)
    assert f"OrderReservationCompleted · {session.selection.as_of:,} ·" in view.cell.text()
    click_cell(qtbot, view, 0, 2)
    wait(qtbot, lambda: not view.cell.isVisible())
    ask(qtbot, view, "SELECT count(*) FROM draft_orders")
    click_cell(qtbot, view, 0, 0)
    assert not view.cell.isVisible()


def click_cell(qtbot: QtBot, view: SqlView, row: int, column: int) -> None:
    grid = view.answer.grid
    box = grid.visualRect(grid.model().index(row, column))
    place = QPoint(box.left() + 4, box.center().y())
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
