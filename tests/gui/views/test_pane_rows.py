"""Panes at moments that stay, versions that come, rows with their events, where panes differ."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels import written_rows
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.workspace import Workspace
from replay.catalog.rebuild import rebuild
from replay.catalog.reset import forget
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView
from store.opening import open_reader
from store.place import Place
from tests.gui.conftest import fill
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek, settle
from tests.gui.views.test_panes import choose, expired, keys, wait
from tests.replay.conference_office import Office


@pytest.fixture
def workspace(qtbot: QtBot, window: MainWindow, office: Office) -> Workspace:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: bool(session.panes.views) and session.panes.found is not None)
    return workspace


@pytest.fixture
def view(workspace: Workspace) -> PanesView:
    return workspace.of(PanesView)


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return workspace.session


def offered(view: PanesView) -> set[str]:
    return {view.views["left"].itemText(it) for it in range(view.views["left"].count())}


def first(office: Office, type_: str) -> int:
    return next(it.position for it in office.store.read() if it.type == type_)


def type_moment(qtbot: QtBot, view: PanesView, text: str) -> None:
    line = view.heads["left"].exact
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_versions_and_views_that_come_meanwhile_can_be_chosen(
    qtbot: QtBot, view: PanesView, session: Session
) -> None:
    choose(view, "left", "seats_left", "now")
    choose(view, "right", "seats_left", "cursor")
    log = open_reader(session.path)

    rebuild(log, ["seats_left"], switches=False)
    wait(qtbot, lambda: "seats_left__next" in offered(view))
    rebuild(log, ["seats_left"])
    wait(qtbot, lambda: "seats_left__before" in offered(view))
    assert "seats_left__next" not in offered(view)
    built_views.save(
        Place(session.path),
        BuiltView("orders_placed", "stream", (BuiltColumn("events", "count"),), ("OrderPlaced",)),
        taken=frozenset(),
    )
    wait(qtbot, lambda: "orders_placed" in offered(view))

    assert view.views["left"].currentText() == "seats_left"
    assert view.moments["right"].currentData() == "cursor"
    choose(view, "left", "seats_left__before", "now")
    settle(qtbot, session)
    wait(qtbot, lambda: view.words.text().startswith("4 equal · 0 changed"))
    forget(log, "seats_left")
    log.close()
    wait(qtbot, lambda: "there is no view 'seats_left__before'" in session.panes.words)
    assert view.views["left"].currentText() == "seats_left__before"


def test_a_pane_at_an_exact_position_stays_while_the_live_one_takes_writes(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    head = session.selection.head
    view.only.setChecked(False)
    choose(view, "left", "draft_orders", "exact")
    choose(view, "right", "draft_orders", "now")
    wait(qtbot, lambda: view.heads["left"].message.full_text() == f"as of {head}")
    assert view.heads["left"].exact.text() == str(head)

    office.register("C9", general=1)
    wait(qtbot, lambda: "C9" in keys(view, "right"))

    assert keys(view, "left") == ["A7", "B8", "no row"]
    assert view.heads["left"].message.full_text() == f"as of {head}"
    now = office.store.head()
    wait(qtbot, lambda: view.heads["right"].message.full_text() == f"as of {now}")
    assert now > head
    seek(qtbot, session, 1)
    assert view.heads["left"].message.full_text() == f"as of {head}"


def test_an_exact_moment_is_typed_as_a_position_or_a_time(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    choose(view, "left", "draft_orders", "exact")
    settle(qtbot, session)
    event = next(it for it in office.store.read() if it.type == "OrderExpired")

    type_moment(qtbot, view, "@3")
    wait(qtbot, lambda: view.heads["left"].message.full_text() == "as of 3")
    type_moment(qtbot, view, event.recorded_at)
    wait(qtbot, lambda: session.panes.sides["left"].at not in (None, 3))
    at = session.panes.sides["left"].at
    assert at is not None
    assert at >= event.position
    settle(qtbot, session)

    type_moment(qtbot, view, "some day")
    wait(qtbot, lambda: "neither a position nor a time" in view.words.text())

    assert view.words.property("role") == "warn"
    assert session.panes.sides["left"].at == at
    assert view.grids["left"].count() > 0


def test_without_an_a_no_pane_claims_to_show_it(
    qtbot: QtBot, view: PanesView, session: Session
) -> None:
    items = view.moments["left"].model()
    assert isinstance(items, QStandardItemModel)
    assert not items.item(0).isEnabled()
    assert items.item(0).text() == "at A (not set)"

    session.selection.set_anchor(2)
    choose(view, "left", "streams", "anchor")
    wait(qtbot, lambda: view.heads["left"].message.full_text() == "as of 2")
    assert items.item(0).isEnabled()
    session.selection.drop_anchor()
    wait(qtbot, lambda: "A is not set" in view.words.text())

    assert view.grids["left"].count() == 0
    assert session.panes.found is None


def test_after_expiry_the_draft_order_is_still_reserved_and_the_priced_one_is_gone(
    qtbot: QtBot, view: PanesView, session: Session
) -> None:
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    wait(qtbot, lambda: "1 only left" in view.words.text())

    assert session.panes.found is not None
    titles = [it.name for it in session.panes.found.pages[0].columns]
    assert keys(view, "left") == ["A7"]
    assert view.grids["left"].text(0, titles.index("state")) == "ReservationCompleted"
    assert keys(view, "right") == ["no row"]


def test_enter_goes_to_the_event_of_the_side_one_is_on(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    wait(qtbot, lambda: keys(view, "left") == ["A7"] and keys(view, "right") == ["no row"])

    view.grids["left"].go_to_row(0)
    qtbot.keyClick(view.grids["left"].grid, Qt.Key.Key_Return)
    wait(qtbot, lambda: session.selection.as_of == first(office, "OrderReservationCompleted"))
    settle(qtbot, session)
    view.grids["right"].go_to_row(0)
    qtbot.keyClick(view.grids["right"].grid, Qt.Key.Key_Return)
    wait(qtbot, lambda: session.selection.as_of == expired(office))


def test_a_chosen_row_tells_the_events_that_made_it_and_each_leads_there(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "priced_orders", "now")
    wait(qtbot, lambda: keys(view, "left") == ["A7"])
    assert not view.below.isVisible()

    view.grids["left"].grid.row_chosen.emit(0)
    wait(qtbot, lambda: view.history.count() == 2)
    told = [[view.history.text(row, at) for at in range(3)] for row in range(2)]
    assert told == [
        [str(first(office, "OrderReservationCompleted")), "OrderReservationCompleted", "changed"],
        [str(first(office, "OrderPlaced")), "OrderPlaced", "made"],
    ]
    assert "state PendingReservation → ReservationCompleted" in view.history.text(0, 3)
    assert "A7 in draft_orders up to" in view.history_words.text()

    view.history.go_to_row(1)
    qtbot.keyClick(view.history.grid, Qt.Key.Key_Return)
    assert session.selection.as_of == first(office, "OrderPlaced")
    settle(qtbot, session)
    view.grids["right"].grid.row_chosen.emit(0)
    wait(qtbot, lambda: "priced_orders" in view.history_words.text())
    assert view.history.text(0, 1) == "OrderExpired"
    assert view.history.text(0, 2) == "deleted"


def test_an_event_leads_to_each_row_that_it_wrote(
    qtbot: QtBot, workspace: Workspace, session: Session, office: Office
) -> None:
    view, inspector = workspace.of(PanesView), workspace.of(InspectorView)
    workspace.docking.show("events")
    inspector.tabs.choose("event")
    seek(qtbot, session, expired(office))
    written = inspector.written
    wait(qtbot, lambda: session.written_rows.position == expired(office))

    told = {written.text(it, 0): it for it in range(written.count())}
    assert {"priced_orders", "order_fulfilment", "streams", "event_types"} <= told.keys()
    assert [written.text(told["priced_orders"], at) for at in (1, 2)] == ["A7", "deleted"]
    assert "status open → expired" in written.text(told["order_fulfilment"], 2)
    written.go_to_row(told["order_fulfilment"])
    qtbot.keyClick(written.grid, Qt.Key.Key_Return)

    wait(qtbot, lambda: keys(view, "right") == ["A7"])
    assert view.isVisible()
    assert view.views["right"].currentText() == "order_fulfilment"
    assert view.heads["left"].message.full_text() == f"as of {expired(office) - 1}"
    assert view.heads["right"].message.full_text() == f"as of {expired(office)}"
    assert view.grids["left"].text(0, 1) == "≠ open"
    assert view.grids["right"].text(0, 1) == "≠ expired"
    wait(qtbot, lambda: view.grids["right"].grid.current_row() == 0)
    wait(qtbot, lambda: "A7 in order_fulfilment" in view.history_words.text())


def test_first_divergence_shows_both_sides_before_and_after(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "draft_orders", "now")
    qtbot.mouseClick(view.add, Qt.MouseButton.LeftButton)
    choose(view, "third", "priced_orders", "now")

    qtbot.mouseClick(view.part, Qt.MouseButton.LeftButton)
    wait(qtbot, view.go.isVisible)

    assert "right: They never differ" in view.parting.text()
    assert "third: They first differ at" in view.parting.text()
    shown = [[view.parted_rows.text(row, at) for at in range(3)] for row in range(4)]
    assert shown == [
        ["left: draft_orders", "before", "A7"],
        ["left: draft_orders", "after", "A7"],
        ["third: priced_orders", "before", "A7"],
        ["third: priced_orders", "after", "no row"],
    ]
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    assert session.selection.as_of == expired(office)


def test_first_divergence_takes_each_pane_up_to_its_own_moment(
    qtbot: QtBot, view: PanesView, session: Session, office: Office
) -> None:
    before = expired(office) - 1
    seek(qtbot, session, before)
    choose(view, "left", "draft_orders", "cursor")
    choose(view, "right", "priced_orders", "cursor")
    qtbot.mouseClick(view.part, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "They never differ" in view.parting.text())
    assert not view.go.isVisible()

    choose(view, "right", "draft_orders", "now")
    assert view.parting.text() == ""
    qtbot.mouseClick(view.part, Qt.MouseButton.LeftButton)
    wait(qtbot, view.go.isVisible)

    placed = [it.position for it in office.store.read() if it.type == "OrderPlaced"][1]
    assert (
        f"One view at two moments: it first changes after {before}, at {placed}, "
        "OrderPlaced in order-B8, in the row B8." in view.parting.text()
    )
    assert view.parted_rows.text(0, 2) == "no row"
    assert view.parted_rows.text(3, 2) == "B8"


def test_panes_scroll_and_select_together(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "many.foldline"
    fill(path, 300, streams=150)
    session, workspace = show_store(qtbot, window, path)
    workspace.show_panel(PanesView)
    view = workspace.of(PanesView)
    wait(qtbot, lambda: {"streams", "latest_states"} <= offered(view))
    view.only.setChecked(False)
    choose(view, "left", "streams", "now")
    choose(view, "right", "latest_states", "now")
    wait(qtbot, lambda: view.grids["left"].count() == view.grids["right"].count() == 150)
    left, right = (view.grids[it].grid for it in ("left", "right"))

    left.verticalScrollBar().setValue(60)
    assert right.verticalScrollBar().value() == 60
    right.verticalScrollBar().setValue(90)
    assert left.verticalScrollBar().value() == 90

    left.setFocus()
    left.go_to_row(70)
    qtbot.keyClick(left, Qt.Key.Key_Down)
    assert (left.current_row(), right.current_row()) == (71, 71)
    assert left.verticalScrollBar().value() == right.verticalScrollBar().value()
    settle(qtbot, session)
    assert view.grids["left"].text(71, 0) == view.grids["right"].text(71, 0)
    assert view.history_words.text().startswith(f"{view.grids['left'].text(71, 0)} in streams")


def test_an_event_that_wrote_more_rows_of_a_view_than_are_listed_says_so(
    qtbot: QtBot,
    workspace: Workspace,
    session: Session,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(written_rows, "SHOWN", 1)
    inspector, written = workspace.of(InspectorView), session.written_rows
    office.register("C9", general=1, workshop=2)
    office.settle()
    placed = [it.position for it in office.store.read() if it.type == "OrderTotalsCalculated"][-1]
    wait(qtbot, lambda: session.selection.head == office.store.head() and session.status.lag == 0)
    workspace.docking.show("events")
    inspector.tabs.choose("event")
    seek(qtbot, session, placed)

    wait(qtbot, lambda: written.position == placed and written.cut == ("order_lines",))
    told = written.texts()
    assert written.count_words == f"{len(told) - 1}+"
    assert [it[0] for it in told].count("order_lines") == 2
    assert told[-1][2] == (
        f"the first 1 are listed; compare the view at {placed - 1:,} and {placed:,} for all"
    )
