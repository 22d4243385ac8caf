"""Acting as somebody: a name and roles, which rule out what is for others, kept for each store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.commands_view import CommandsView
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office

OFFER = {"seatType": "party", "conferenceId": "conf", "name": "Party", "price": 50, "quantity": 1}


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, CommandsView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    session.selection.choose_stream("seattype-party")
    qtbot.keyClick(window, Qt.Key.Key_C)
    wait(qtbot, lambda: session.commands.model_title == "Seat type")
    session.commands.choose("OfferSeats")
    return session, workspace.of(CommandsView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def role(view: CommandsView, name: str) -> QAction:
    return next(it for it in view.roles.menu().actions() if it.text() == name)


def test_whoever_opens_a_store_has_every_role_of_a_person(
    qtbot: QtBot, shown: tuple[Session, CommandsView], office: Office
) -> None:
    session, view = shown
    assert view.roles.text() == "organiser ▾"
    assert [it.text() for it in view.roles.menu().actions()] == [
        "organiser",
        "process",
        "read only",
    ]
    assert view.issue.isEnabled()

    session.commands.issue(OFFER)
    wait(qtbot, lambda: session.commands.result is not None)

    assert session.commands.result is not None
    assert session.commands.result.kind == "done"
    assert office.types("seattype-party")[-1] == "SeatUpdated"


def test_without_its_role_a_command_is_off_and_says_which_it_is_for(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown

    role(view, "organiser").trigger()
    wait(qtbot, lambda: not view.issue.isEnabled())

    assert view.roles.text() == "no role ▾"
    assert view.why_not.text() == "OfferSeats needs the role organiser."
    session.commands.preview(OFFER)
    wait(qtbot, lambda: session.commands.result is not None)
    assert session.commands.result is not None
    assert session.commands.result.title == (
        'Would be refused: OfferSeats needs the role organiser — rule "authorisation"'
    )

    role(view, "organiser").trigger()
    wait(qtbot, view.issue.isEnabled)
    assert view.why_not.text() == ""


def test_who_may_only_read_can_issue_nothing(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    _session, view = shown
    view.actor.setText("grace")
    view.actor.editingFinished.emit()

    role(view, "read only").trigger()
    wait(qtbot, lambda: view.why_not.text() == "grace has read-only access.")

    assert not view.issue.isEnabled()


def test_a_command_carries_the_name_of_whoever_acts(
    qtbot: QtBot, shown: tuple[Session, CommandsView], office: Office
) -> None:
    session, view = shown
    assert view.actor.placeholderText() == session.commands.acting.login != ""

    view.actor.setText("grace")
    view.actor.editingFinished.emit()
    session.commands.issue(OFFER)
    wait(qtbot, lambda: session.commands.result is not None)

    last = next(office.store.read_stream("seattype-party", reverse=True, limit=1))
    assert last.metadata["user"] == "grace"


def test_who_acts_in_a_store_is_remembered(
    qtbot: QtBot,
    window: MainWindow,
    shown: tuple[Session, CommandsView],
    office: Office,
    store: Path,
) -> None:
    _session, view = shown
    view.actor.setText("grace")
    view.actor.editingFinished.emit()
    role(view, "process").trigger()

    other, _ = show_store(qtbot, window, store)
    assert (other.commands.acting.actor, other.commands.acting.roles) == ("", ())
    again, workspace = show_store(qtbot, window, office.path)
    again.selection.choose_stream("seattype-party")
    qtbot.keyClick(window, Qt.Key.Key_C)
    wait(qtbot, lambda: again.commands.model_title == "Seat type")

    assert workspace.of(CommandsView).actor.text() == "grace"
    assert workspace.of(CommandsView).roles.text() == "organiser, process ▾"
