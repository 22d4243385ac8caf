"""The conversation of an event, drawn, and the keys along it."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.causes_view import CausesView
from gui.views.inspector_view import InspectorView
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek
from tests.replay.conference_office import Office


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, CausesView]:
    """B8 was ordered, its seats are reserved."""
    session, workspace = show_store(qtbot, window, office.path)
    workspace.of(InspectorView).tabs.choose("causes")
    seek(qtbot, session, place(office, "order-B8", "OrderPlaced"))
    wait(qtbot, lambda: names(session)[:1] == ["RegisterToConference"])
    return session, workspace.of(CausesView)


def place(office: Office, stream: str, type_: str) -> int:
    return next(it.position for it in office.store.read_stream(stream) if it.type == type_)


def names(session: Session) -> list[str]:
    causes = session.causes.causes
    return [it.name for it in causes.messages] if causes and not session.causes.is_looking else []


def test_the_whole_conversation_is_drawn_from_the_first_cause_down(
    shown: tuple[Session, CausesView], office: Office
) -> None:
    session, view = shown
    causes = session.causes.causes
    assert causes is not None
    rows = {it.name: causes.places[it.id][0] for it in causes.messages}

    assert rows["RegisterToConference"] == 0
    assert rows["OrderPlaced"] < rows["MakeSeatReservation"] < rows["SeatsReserved"]
    assert rows["SeatsReserved"] < rows["MarkSeatsAsReserved"] < rows["OrderReservationCompleted"]
    assert not [it for it in causes.messages if it.stream == "order-A7"]
    told = view.graph.accessibleDescription()
    assert "MakeSeatReservation? leads to SeatsReserved" in told
    placed = next(it for it in office.store.read_stream("order-B8"))
    assert view.graph.here == placed.id
    assert not view.graph.grab().isNull()


def test_a_click_and_the_arrow_keys_go_to_the_event_of_a_box(
    qtbot: QtBot, shown: tuple[Session, CausesView], office: Office
) -> None:
    session, view = shown
    causes = session.causes.causes
    assert causes is not None
    reserved = next(it for it in causes.messages if it.name == "SeatsReserved")

    middle = view.graph.rect_of(reserved.id).center().toPoint()
    qtbot.mouseClick(view.graph, Qt.MouseButton.LeftButton, pos=middle)
    wait(qtbot, lambda: session.selection.as_of == reserved.position)
    wait(qtbot, lambda: view.graph.here == reserved.id)
    view.graph.setFocus()
    qtbot.keyClick(view.graph, Qt.Key.Key_Up)
    qtbot.keyClick(view.graph, Qt.Key.Key_Up)
    qtbot.keyClick(view.graph, Qt.Key.Key_Return)

    wait(qtbot, lambda: session.selection.as_of < (reserved.position or 0))
    assert session.selection.as_of >= place(office, "order-B8", "OrderPlaced")


def test_brackets_go_to_the_effect_and_back_to_the_cause(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, CausesView], office: Office
) -> None:
    session, _ = shown
    started = place(office, "registration-B8", "RegistrationStarted")

    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    wait(qtbot, lambda: session.selection.as_of == started)
    wait(
        qtbot,
        lambda: (
            session.inspector.inspection is not None
            and session.inspector.inspection.position == started
        ),
    )
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)

    wait(qtbot, lambda: session.selection.as_of == place(office, "order-B8", "OrderPlaced"))


def test_a_hidden_tab_asks_for_nothing(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    session, _ = show_store(qtbot, window, office.path)
    seek(qtbot, session, 3)

    assert session.causes.causes is None
