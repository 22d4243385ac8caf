"""Which commands the window offers for a stream, and what it says of them."""

from pytestqt.qtbot import QtBot

from gui.session import Session
from gui.views.commands_view import EVERY_MODEL, NO_COMMANDS, CommandsView
from store.events import NewEvent
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import wait


def test_a_stream_without_a_model_is_told_so_and_offers_the_commands_of_every_model(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    assert EVERY_MODEL not in view.about.text()
    bank.append("meter-1", [NewEvent.of("Read", {"litres": 3})], expected=None)
    wait(qtbot, lambda: session.selection.head == 3)

    session.selection.choose_stream("meter-1")

    wait(qtbot, lambda: EVERY_MODEL in view.about.text())
    choices = [view.choice.itemText(at) for at in range(view.choice.count())]
    assert {"OpenAccount", "RegisterShip"} <= set(choices)


def test_models_without_commands_are_told_as_that(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    session.commands.offers, session.commands.form.offer = (), None

    session.commands.chosen.emit()

    assert view.about.text() == NO_COMMANDS
