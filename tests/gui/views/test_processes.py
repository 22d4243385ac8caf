"""Process managers in the window: instances, their diagram, the clock, the outbox."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.adjustments_view import AdjustmentsView
from gui.views.processes_view import ProcessesView
from gui.views.traffic_view import TrafficView
from gui.views.unsent_view import UnsentView
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.models.ships import Arrival
from replay.models.ships_registry import SHIP
from replay.processes.dispatch import Dispatcher
from replay.processes.store_clock import StoreClock
from replay.states.model_set import ModelSet, bundled_models, bundled_processes
from replay.typed_model import Effect
from store.beside.outbox import Message
from store.interface import EventWriter
from store.sqlite.store import SqliteStore, open_store
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.issued import issued
from tests.replay.models.test_ships import Fleet
from tests.replay.processes.test_sagas import MODELS, SOLD_OUT, Agency, answering


class Conference:
    """Seats and two orders, one of them just placed; then nobody dispatches."""

    def __init__(self, path: Path) -> None:
        self.store: SqliteStore = open_store(path, create=True)
        self.clock = StoreClock(self.store)
        self.handler = CommandHandler(self.store, bundled_models(), clock_us=self.clock.now_us)
        offer = {"seatType": "ga", "conferenceId": "c", "name": "ga", "price": 1, "quantity": 9}
        self.do("OfferSeats", offer, roles=("organiser",))
        self.dispatcher().settle()
        seats = [{"seatType": "ga", "quantity": 2}]
        self.do("RegisterToConference", {"orderId": "A7", "conferenceId": "c", "seats": seats})
        self.dispatcher().settle()

    def do(self, command: str, data: object, roles: tuple[str, ...] = ()) -> None:
        at_us = self.clock.now_us()
        answered = self.handler.issue(issued(command, data, roles=roles, due_at_us=at_us))
        assert answered.status == "done", answered

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(
            self.store,
            self.handler,
            bundled_processes(),
            gateways=Gateways(),
            clock_us=self.clock.now_us,
        )


@pytest.fixture
def conference(tmp_path: Path) -> Iterator[Conference]:
    conference = Conference(tmp_path / "conf.foldline")
    yield conference
    conference.store.close()


@pytest.fixture
def shown(
    qtbot: QtBot, window: MainWindow, conference: Conference
) -> tuple[Session, ProcessesView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, conference.store.place.path)
    qtbot.keyClick(window, Qt.Key.Key_P)
    wait(qtbot, lambda: session.processes.instance is not None)
    return session, workspace.of(ProcessesView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def test_an_instance_shows_its_state_what_came_in_and_what_went_out(
    shown: tuple[Session, ProcessesView],
) -> None:
    session, view = shown

    (facts,) = session.processes.instances
    assert (facts.stream, facts.state) == (
        "registration-A7",
        "ReservationConfirmationReceived",
    )
    assert facts.pending == 1
    model = view.traffic.model()
    lines = [
        " ".join(model.index(row, at).data() for at in range(4)) for row in range(model.rowCount())
    ]
    assert any(it.startswith("in OrderPlaced") for it in lines)
    assert any(it.startswith("out MakeSeatReservation") and it.endswith("done") for it in lines)
    assert any("out ExpireRegistrationProcess" in it and "due " in it for it in lines)
    assert "in state ReservationConfirmationReceived" in view.diagram.accessibleDescription()


def test_28_minutes_change_nothing_and_one_more_expires_the_order(
    qtbot: QtBot, shown: tuple[Session, ProcessesView], conference: Conference
) -> None:
    session, view = shown
    qtbot.mouseClick(view.advances[1], Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: (it := session.processes.clock) is not None and it.ahead_s == 28 * 60)
    conference.dispatcher().settle()
    assert "OrderExpired" not in [it.type for it in conference.store.read()]

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.advances[0], Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "OrderExpired" in [it.type for it in conference.store.read()])
    wait(qtbot, lambda: session.processes.instances[0].is_over)

    assert session.dispatching.is_running
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    assert not session.dispatching.is_running
    assert "28 min" not in view.clock.full_text()
    assert "29 min ahead" in view.clock.full_text()


def test_a_dispatcher_that_dies_is_started_again(
    qtbot: QtBot, shown: tuple[Session, ProcessesView]
) -> None:
    session, view = shown
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    dispatching = session.dispatching
    wait(qtbot, lambda: dispatching.pid is not None)
    first = dispatching.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    wait(qtbot, lambda: dispatching.pid not in (None, first))

    assert session.dispatching.is_running
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)


def test_a_message_that_waits_can_be_withdrawn(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "ships.foldline"
    store = open_store(path, create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("RegisterPort", {"code": "van", "name": "Vancouver", "country": "CANADA"}))
    handler.issue(issued("RegisterShip", {"code": "king", "name": "King Roy"}))
    arrival = {"ship": "king", "port": "van", "occurred": "2005-11-02"}
    assert handler.issue(issued("ReportArrival", arrival)).status == "done"
    session, workspace = show_store(qtbot, window, path)
    workspace.show_panel(ProcessesView)
    view = workspace.of(ProcessesView)
    view.tabs.choose("outbox")
    wait(qtbot, lambda: len(session.processes.messages) == 1)
    assert view.messages.model().index(0, 0).data() == "waiting"
    at = view.messages.visualRect(view.messages.model().index(0, 0)).center()
    qtbot.mouseClick(view.messages.viewport(), Qt.MouseButton.LeftButton, pos=at)

    qtbot.mouseClick(view.withdraw, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.processes.messages[0].status == "withdrawn")

    ((_, delivery),) = store.beside.outbox.latest(limit=5)
    assert delivery is not None
    assert delivery.status == "withdrawn"
    assert not view.withdraw.isEnabled()
    store.close()


def test_commands_that_wait_are_counted_by_type_and_on_demand_by_stream(
    qtbot: QtBot, shown: tuple[Session, ProcessesView], window: MainWindow, conference: Conference
) -> None:
    session, view = shown
    view.tabs.choose("traffic")
    assert window.workspace is not None
    traffic = window.workspace.of(TrafficView)
    assert not traffic.streams.isVisible()
    seats = {"conferenceId": "c", "seatType": "ga"}
    late = [
        structs.replace(issued("AddSeats", {**seats, "quantity": n}, due_at_us=1), stream="seats-c")
        for n in (1, 2, 3)
    ]
    conference.store.submit(lambda writer: writer.beside.commands.add(late)).result()

    session.processes.refresh()
    wait(qtbot, lambda: [it.waiting for it in session.processes.queues][:1] == [3])
    by_type = {it.of: it for it in session.processes.queues}
    assert by_type["AddSeats"].waiting == 3
    assert by_type["ExpireRegistrationProcess"].timers == 1
    assert [it.of for it in session.processes.queues if it.waiting] == ["AddSeats"]

    traffic.queues.row_chosen.emit(0)
    wait(qtbot, lambda: traffic.streams.count() > 0)
    assert [traffic.streams.text(0, it) for it in (0, 1, 4)] == ["seats-c", "3", "0"]
    traffic.streams.row_activated.emit(0)
    assert session.selection.stream == "seats-c"

    conference.dispatcher().settle()
    session.processes.refresh()
    wait(qtbot, lambda: not session.processes.queues[0].waiting)
    wait(qtbot, lambda: traffic.streams.text(0, 1) == "0")
    assert session.processes.loops == ()


def test_lists_that_are_not_all_there_is_say_so_with_the_whole_count(
    qtbot: QtBot, shown: tuple[Session, ProcessesView], window: MainWindow, conference: Conference
) -> None:
    session, view = shown
    assert window.workspace is not None
    unsent, traffic = window.workspace.of(UnsentView), window.workspace.of(TrafficView)
    process = bundled_processes()[0].model.name
    waiting = [
        structs.replace(issued("AddSeats", {}, actor=process, due_at_us=1), stream=f"seats-{n}")
        for n in range(501)
    ]
    messages = [
        Message(id=f"m-{n}", position=1, gateway="mail", payload_json="{}", release_at_us=1)
        for n in range(501)
    ]

    def write(writer: EventWriter) -> None:
        writer.beside.commands.add(waiting)
        writer.beside.outbox.add(messages)

    conference.store.submit(write).result()
    session.processes.choose_lane("AddSeats")
    session.processes.refresh()

    wait(qtbot, lambda: "of 501" in view.messages_part.text())
    wait(qtbot, lambda: "The longest 500 of 502 are listed." in traffic.streams_part.text())
    wait(qtbot, lambda: "The 500 most overdue of 502 are listed." in unsent.words.text())
    assert view.messages_part.text() == "The newest 500 of 501 are listed."
    assert view.instances_part.text() == ""


def test_the_story_of_an_instance_with_too_many_events_says_by_which_it_goes(
    shown: tuple[Session, ProcessesView],
) -> None:
    session, view = shown
    found = session.processes.instance
    assert found is not None
    assert found.own_count == len(found.own)
    assert view.title.text().endswith("is in the state ReservationConfirmationReceived")

    session.processes.instance = structs.replace(found, own_count=1_203)
    session.processes.instance_changed.emit()

    newest = len(found.own)
    assert f"Based on the newest {newest} of its 1,203 events. Events lists" in view.title.text()


def test_lanes_are_taken_away_and_the_dispatcher_goes_on_without(
    qtbot: QtBot, shown: tuple[Session, ProcessesView], window: MainWindow
) -> None:
    session, view = shown
    assert window.workspace is not None
    traffic = window.workspace.of(TrafficView)
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    view.tabs.choose("traffic")
    dispatching = session.dispatching
    wait(qtbot, lambda: dispatching.pid is not None)
    assert "--no-lanes" not in dispatching.arguments

    box = traffic.lanes
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))

    assert not box.isChecked()
    wait(qtbot, lambda: dispatching.pid is not None)
    assert "--no-lanes" in dispatching.arguments
    assert "Without lanes" in traffic.about.text()
    titles = [
        traffic.queues.grid.model().headerData(it, Qt.Orientation.Horizontal) for it in range(7)
    ]
    assert titles[-1] == "conflicts"
    wait(qtbot, lambda: traffic.queues.count() > 0)
    assert traffic.queues.text(0, 6) == "0"
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)


def test_a_circle_of_rules_is_drawn(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    SOLD_OUT.clear()
    ping, pong = answering("ping", "HotelBooked"), answering("pong", "HotelCancelled")
    models = [MODELS["hotel"], ping.model, pong.model]
    agency = Agency(tmp_path / "circle.foldline", models, [ping, pong])
    agency.handler.issue(issued("BookHotel", {"trip": "7", "part": "hotel"}))
    agency.settle()
    agency.store.close()

    session, workspace = show_store(qtbot, window, agency.path)
    qtbot.keyClick(window, Qt.Key.Key_P)
    workspace.of(ProcessesView).tabs.choose("traffic")
    wait(qtbot, lambda: bool(session.processes.loops))

    told = workspace.of(TrafficView).diagram.accessibleDescription()
    assert "HotelBooked → HotelCancelled by CancelHotel by ping" in told
    assert "HotelCancelled → HotelBooked by BookHotel by pong" in told
    assert "32 events in a row" in workspace.of(TrafficView).reason.text()
    assert (
        workspace.of(TrafficView).loops.text(0, 0)
        == "HotelCancelled → HotelBooked → HotelCancelled"
    )
    workspace.of(TrafficView).loops.row_activated.emit(0)
    assert session.selection.as_of == session.processes.loops[0].position


def test_what_was_sent_wrongly_is_listed_and_followed_when_a_person_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    faulty = replace(SHIP, effects={Arrival: Effect(gateway="customs", message=lambda it: it.ship)})
    others = [it for it in bundled_models().models if it.category != "ship"]
    fleet = Fleet(tmp_path / "ships.foldline", ModelSet([faulty, *others]))
    fleet.ship("king-roy", "vancouver", "2005-11-02")
    assert fleet.deliver() == 1
    fleet.store.close()

    session, workspace = show_store(qtbot, window, fleet.store.place.path)
    qtbot.keyClick(window, Qt.Key.Key_P)
    workspace.of(ProcessesView).tabs.choose("adjustments")
    view = workspace.of(AdjustmentsView)
    wait(qtbot, lambda: view.list.count() == 1)
    assert view.list.text(0, 3) == '"king-roy"'
    assert "vancouver" in view.list.text(0, 4)
    qtbot.mouseClick(view.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.list.count() == 0)

    assert "no adjustment is needed" in view.words.text().lower()
    wait(qtbot, lambda: len(session.processes.messages) == 2)
    assert [it.status for it in session.processes.messages] == ["waiting", "sent"]
    assert '"sent":"king-roy"' in session.processes.messages[0].payload
