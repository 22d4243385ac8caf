"""Views side by side in the window, where they first differ, and questions in SQL."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.pane_side import Which
from gui.views.build_view import BuildView
from gui.views.kept_views_view import KeptViewsView
from gui.views.lab_view import LabView
from gui.views.panes_view import PanesView
from gui.widgets.grid.text_grid import TextGrid
from replay.projections import find_projections
from store.place import Place
from store.sqlite.connect import connect
from tests.gui.driven_window import PATIENCE_MS, seek
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, PanesView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: bool(session.panes.views) and session.panes.found is not None)
    return session, workspace.of(PanesView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def choose(view: PanesView, which: Which, name: str, moment: str) -> None:
    views, moments = view.views[which], view.moments[which]
    assert views.findText(name) >= 0, f"{name} is not offered yet: wait for the list of views"
    views.setCurrentText(name)
    moments.setCurrentIndex(moments.findData(moment))
    views.activated.emit(views.currentIndex())


def keys(view: PanesView, which: Which) -> list[str]:
    return [view.grids[which].text(it, 0) for it in range(view.grids[which].count())]


def expired(office: Office) -> int:
    return next(it.position for it in office.store.read() if it.type == "OrderExpired")


def test_two_views_stand_side_by_side_and_the_expired_order_is_only_left(
    qtbot: QtBot, shown: tuple[Session, PanesView]
) -> None:
    session, view = shown
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    wait(qtbot, lambda: "1 only left" in view.words.text())

    assert view.grids["left"].text(0, 0) == "A7"
    assert view.grids["right"].text(0, 0) == "no row"
    assert session.panes.words.startswith("1 equal · 0 changed · 1 only left · 0 only right")
    view.only.click()
    wait(qtbot, lambda: view.grids["left"].count() == 2)


def test_behind_another_tab_the_panes_ask_for_nothing_and_before_it_they_catch_up(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    wait(qtbot, lambda: "1 only left" in view.words.text())
    asked: list[str] = []
    session.tasks.measured.connect(lambda key, _ms: asked.append(key))
    view.tabs.choose("projector")

    office.register("C9", general=1)
    office.settle()
    head = office.store.head()
    wait(qtbot, lambda: session.selection.head == head and session.status.lag == 0)
    wait(qtbot, lambda: "types" in asked)  # the navigator, which is in sight, has heard of it
    wait(qtbot, lambda: session.tasks.is_idle)
    assert "panes" not in asked

    view.tabs.choose("compare")
    wait(qtbot, lambda: "panes" in asked)
    wait(
        qtbot,
        lambda: (
            session.panes.found is not None
            and {it.as_of for it in session.panes.found.pages} == {head}
        ),
    )


def test_first_divergence_names_the_event_and_goes_there(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")

    qtbot.mouseClick(view.part, Qt.MouseButton.LeftButton)
    wait(qtbot, view.go.isVisible)
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)

    assert "OrderExpired in order-A7, in the row A7" in view.parting.text()
    assert session.selection.as_of == expired(office)


def test_a_pane_follows_the_cursor_and_marks_what_changed(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    choose(view, "left", "seats_left", "now")
    choose(view, "right", "seats_left", "cursor")
    before = next(it.position for it in office.store.read() if it.type == "SeatsReserved") - 1

    seek(qtbot, session, before)
    wait(qtbot, lambda: view.grids["right"].count() == 1)

    row = [view.grids["left"].text(0, it) for it in range(3)]
    assert row == ["conf", "general", "≠ 98"]
    assert view.grids["right"].text(0, 2) == "≠ 100"


def test_what_cannot_be_compared_is_told_in_place(
    qtbot: QtBot, shown: tuple[Session, PanesView]
) -> None:
    _session, view = shown

    choose(view, "left", "seats_left", "now")
    choose(view, "right", "streams", "now")
    wait(qtbot, lambda: "keys of different shapes" in view.words.text())

    assert view.grids["left"].count() == 0


def test_a_view_is_built_without_code_tried_and_kept(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView]
) -> None:
    session, view = shown
    assert window.workspace is not None
    build = window.workspace.of(BuildView)
    view.tabs.choose("build")
    qtbot.keyClicks(build.name, "order_events")
    build.group.setText("conferenceId")
    name, fold, _field = build.columns[0]
    qtbot.keyClicks(name, "orders")
    fold.setCurrentIndex(fold.findData("count"))
    qtbot.keyClicks(build.types, "OrderPlaced")

    qtbot.mouseClick(build.preview, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "1 row as of now" in build.message.text() and build.save.isEnabled())
    assert [build.rows.text(0, it) for it in range(2)] == ["conf", "2"]

    qtbot.mouseClick(build.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "order_events" in session.panes.views and build.save.isEnabled())
    view.tabs.choose("compare")
    choose(view, "left", "order_events", "now")
    choose(view, "right", "order_events", "now")
    view.only.setChecked(False)
    wait(qtbot, lambda: view.grids["left"].count() == 1)
    assert view.grids["left"].text(0, 1) == "2"

    build.name.setText("streams")
    qtbot.mouseClick(build.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "with this name already exists" in build.message.text())

    build.name.setText("order_events")
    qtbot.mouseClick(build.remove, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "order_events is removed" in build.message.text())
    wait(qtbot, lambda: "order_events" not in tables(session.path))


def tables(store: Path) -> set[str]:
    db = connect(Place(store).views, read_only=True)
    found = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    db.close()
    return found


def test_a_filter_of_a_built_view_is_told_under_the_character_that_is_wrong(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView]
) -> None:
    _session, view = shown
    assert window.workspace is not None
    build = window.workspace.of(BuildView)
    view.tabs.choose("build")
    qtbot.keyClicks(build.name, "big_orders")
    qtbot.keyClicks(build.columns[0][0], "orders")
    qtbot.keyClicks(build.where.line, "type = OrderTotalsCalculated and total > ")

    qtbot.mouseClick(build.preview, Qt.MouseButton.LeftButton)

    assert build.where.message.text() == "↑ expected a value here"
    assert build.where.line.cursorPosition() == len(build.where.text())
    assert "rows as of now" not in build.message.text()
    qtbot.keyClicks(build.where.line, "250")
    assert build.where.message.isHidden()
    qtbot.mouseClick(build.preview, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "1 row as of now" in build.message.text() and build.save.isEnabled())
    assert build.rows.text(0, 0) == "order-B8"


def test_a_paused_projector_leaves_the_views_behind_and_says_so(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    assert window.workspace is not None
    kept = window.workspace.of(KeptViewsView)
    view.tabs.choose("projector")
    wait(qtbot, lambda: kept.list.count() > 5)
    assert [kept.list.text(it, 2) for it in range(kept.list.count())] == ["0"] * kept.list.count()

    qtbot.mouseClick(kept.pause, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: kept.pause.text() == "Resume")
    office.register("C9", general=1)
    wait(qtbot, lambda: "2 events behind" in kept.words.text())
    assert "is paused" in kept.words.text()

    qtbot.mouseClick(kept.pause, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "is updating the views: 0 events behind" in kept.words.text())
    assert session.status.lag == 0


def test_one_view_is_rebuilt_and_found_to_have_been_wrong(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView], office: Office
) -> None:
    assert window.workspace is not None
    kept = window.workspace.of(KeptViewsView)
    shown[1].tabs.choose("projector")
    wait(qtbot, lambda: kept.list.count() > 5)
    qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)
    assert kept.message.text() == "Select a view first."
    db = connect(Place(office.path).views)
    db.execute("UPDATE streams SET event_count = 77 WHERE stream = 'seats-conf'")
    db.close()
    names = [kept.list.text(it, 0) for it in range(kept.list.count())]
    kept.list.go_to_row(names.index("streams"))

    qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "streams rebuilt from" in kept.message.text())

    assert "it did not match the log: row seats-conf, written at position " in kept.message.text()
    assert "event_count is 77, the log gives " in kept.message.text()
    assert ", hash " in kept.message.text()


def test_the_lab_tells_which_views_end_otherwise(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView]
) -> None:
    lab = show_lab(window, shown[1])
    lab.shares["duplicate"].setValue(100)

    run_lab(qtbot, lab)
    words = {
        lab.verdicts.text(it, 1): lab.verdicts.text(it, 0) for it in range(lab.verdicts.count())
    }
    assert "differ" in words["streams"]
    assert words["draft_orders"] == "same"

    lab.guard.setCurrentIndex(lab.guard.findData("ids"))
    run_lab(qtbot, lab)
    count = len(find_projections())
    assert f"{count} of {count} views end up the same" in lab.message.text()


def test_the_lab_lists_what_each_consumer_noticed_and_leads_to_the_event(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    lab = show_lab(window, view)
    lost = expired(office)
    lab.shares["duplicate"].setValue(0)
    qtbot.keyClicks(lab.exact["drop"], f"{lost}, x")
    qtbot.keyClicks(lab.exact["swap"], "2")

    run_lab(qtbot, lab)
    names = [lab.verdicts.text(it, 1) for it in range(lab.verdicts.count())]
    choose_row(qtbot, lab.verdicts, names.index("seats_left"))
    unheard = [lab.findings.text(it, 4) for it in range(lab.findings.count())]
    choose_row(qtbot, lab.verdicts, names.index("priced_orders"))

    texts = [lab.findings.text(0, it) for it in range(7)]
    assert texts == ["gap", str(lost), str(lost), str(lost + 1), "yes", "OrderExpired", "order-A7"]
    assert [lab.findings.text(1, it) for it in range(4)] == ["between streams", "2", "2", "3"]
    assert unheard[0] == "no"
    assert lab.verdicts.text(names.index("priced_orders"), 2) == str(lost)

    lab.findings.row_activated.emit(1)
    assert session.selection.as_of == 2
    lab.verdicts.row_activated.emit(names.index("priced_orders"))
    assert session.selection.as_of == lost


def test_the_lab_crashes_where_it_is_told_to_and_an_outbox_heals_it(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView]
) -> None:
    lab = show_lab(window, shown[1])
    lab.shares["duplicate"].setValue(0)
    lab.crash.setValue(5)
    lab.crash_at.setCurrentText("before publish")

    run_lab(qtbot, lab)
    count = len(find_projections())
    assert f"{count} of {count} views end up the same" in lab.message.text()
    assert "published only after a restart" in lab.findings_summary.text()

    lab.crash_at.setCurrentText("before publish, no outbox")
    run_lab(qtbot, lab)
    assert f"{count} of {count}" not in lab.message.text()
    assert lab.findings.text(0, 0) == "gap"


def test_the_lab_says_when_an_event_is_not_there(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView]
) -> None:
    lab = show_lab(window, shown[1])
    lab.exact["drop"].setText("999999")

    run_lab(qtbot, lab)

    assert "There is no event 999,999" in lab.message.text()
    assert lab.run.isEnabled()


def show_lab(window: MainWindow, view: PanesView) -> LabView:
    assert window.workspace is not None
    view.tabs.choose("lab")
    return window.workspace.of(LabView)


def run_lab(qtbot: QtBot, lab: LabView) -> None:
    qtbot.mouseClick(lab.run, Qt.MouseButton.LeftButton)
    wait(qtbot, lab.run.isEnabled)


def choose_row(qtbot: QtBot, grid: TextGrid, row: int) -> None:
    """As a person does with the keyboard, from the next row."""
    beside, key = (row - 1, Qt.Key.Key_Down) if row else (row + 1, Qt.Key.Key_Up)
    grid.go_to_row(beside)
    qtbot.keyClick(grid.grid, key)


def test_a_third_pane_is_set_against_the_first_and_taken_away(
    qtbot: QtBot, shown: tuple[Session, PanesView]
) -> None:
    session, view = shown
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    assert not view.boxes["third"].isVisible()
    assert not view.remove.isEnabled()

    qtbot.mouseClick(view.add, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "third: " in view.words.text())
    choose(view, "third", "order_fulfilment", "now")
    wait(qtbot, lambda: "A7" in keys(view, "left") and "A7" in keys(view, "third"))
    at = keys(view, "left").index("A7")
    assert keys(view, "third")[at] == "A7"
    assert keys(view, "right")[at] == "no row"

    qtbot.mouseClick(view.remove, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "third" not in view.words.text())
    assert list(session.panes.sides) == ["left", "right"]
    assert not view.boxes["third"].isVisible()
