"""Pictures of questions and answers: SQL, search, the projector, and a moment that is found."""

from pathlib import Path

from gui.pictures.rest import has_sizes
from gui.pictures.stage import Stage
from gui.views.find_view import FindView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.search_view import SearchView
from gui.views.sql_view import SqlView


def draw_answers(stage: Stage, store: Path) -> None:
    """SQL as a chart, the projector, and a search."""
    window = stage.window("light", (1600, 1000))
    stage.open(window, store)
    workspace = window.workspace
    if workspace is None:
        return
    workspace.show_panel(PanesView)
    workspace.of(PanesView).tabs.choose("sql")
    sql = workspace.of(SqlView)
    sql.statement.setPlainText("SELECT type, count FROM event_types ORDER BY count DESC")
    sql.run.click()
    stage.wait(lambda: "rows in" in sql.message.text())
    sql.tabs.choose("chart")
    stage.keep(window, "sql-chart")
    workspace.show_panel(SearchView)
    workspace.of(SearchView).line.setText("OrderExpired")
    workspace.of(SearchView).box.rested.emit("OrderExpired")  # as after typing
    stage.wait(lambda: workspace.of(SearchView).found.count() > 0)
    stage.keep(window, "search")
    workspace.of(PanesView).tabs.choose("projector")
    stage.wait(lambda: has_sizes(window.session))
    stage.keep(window, "projector")
    window.close()


def draw_find(stage: Stage, store: Path) -> None:
    """The first moment at which a kind of seats had run out."""
    window = stage.window("light", (1600, 1000))
    stage.open(window, store)
    session, workspace = window.session, window.workspace
    if session is not None and workspace is not None:
        workspace.of(InspectorView).tabs.choose("state")
        session.selection.choose_stream("seats-gophercon")
        stage.wait(lambda: session.finding.stream == "seats-gophercon")
        workspace.show_panel(FindView)
        workspace.find_moment("remaining.cqrs-workshop <= 0")
        workspace.of(FindView).look("first")
        stage.wait(lambda: bool(session.finding.words) and not session.finding.is_running)
        stage.keep(window, "find")
    window.close()
