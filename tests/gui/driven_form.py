"""The form of a command, filled in as a person does it."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gui.session import Session
from gui.views.commands_view import CommandsView
from gui.widgets.form.parts import ValuePart
from tests.gui.driven_window import PATIENCE_MS


def wait(qtbot: QtBot, is_so: Callable[[], bool]) -> None:
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def choose(qtbot: QtBot, view: CommandsView, name: str) -> None:
    view.choice.setCurrentIndex(view.choice.findText(name))
    view.choice.activated.emit(view.choice.currentIndex())
    wait(qtbot, lambda: name in view.choice.currentText())


def part(view: CommandsView, name: str) -> ValuePart:
    found = dict(view.form.parts())[(name,)]
    assert isinstance(found, ValuePart)
    return found


def type_into(qtbot: QtBot, view: CommandsView, name: str, text: str) -> None:
    editor = part(view, name).editor
    assert isinstance(editor, QLineEdit)
    editor.setCompleter(None)  # type: ignore[arg-type]  # a popup needs a keyboard to grab
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)


def result_kind(session: Session) -> str:
    return session.commands.result.kind if session.commands.result else ""
