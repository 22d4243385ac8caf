"""A button that names what is ticked."""

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from gui.widgets.checks_button import ChecksButton


def actions(button: ChecksButton) -> list[QAction]:
    return list(button.menu().actions())


def test_it_names_what_is_ticked_and_offers_the_rest(qtbot: QtBot) -> None:
    button = ChecksButton("Roles", nothing="no role")
    qtbot.addWidget(button)
    assert button.text() == "no role ▾"

    button.show_texts(["a", "b", "c"], ["a", "c"])

    assert (button.text(), button.accessibleName()) == ("a, c ▾", "Roles: a, c")
    assert [(it.text(), it.isChecked()) for it in actions(button)] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]


def test_a_tick_is_told_and_shown_once_the_owner_says_so(qtbot: QtBot) -> None:
    button = ChecksButton("Roles", nothing="no role")
    qtbot.addWidget(button)
    button.show_texts(["a", "b"], ["a"])

    with qtbot.waitSignal(button.ticked) as told:
        actions(button)[1].trigger()
    assert told.args == ["b", True]
    assert button.text() == "a ▾"

    with qtbot.waitSignal(button.ticked) as told:
        actions(button)[0].trigger()
    assert told.args == ["a", False]
