"""Keys that a focused widget keeps for itself although the window uses them too."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QTabBar, QWidget

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PRESS: Final = (Qt.Key.Key_Space,)
_TURN: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


def takes_key(event: QEvent, keys: Collection[Qt.Key]) -> bool:
    """Accept a ShortcutOverride of one of `keys` without modifiers, so that it arrives here as
    a key press and no shortcut of the window is run.
    """
    if not isinstance(event, QKeyEvent) or event.key() not in keys:
        return False
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    event.accept()
    return True


def presses_button(event: QKeyEvent, focused: QWidget | None) -> bool:
    """Enter presses the button that has the keyboard, as Space does; one that is held once."""
    is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not isinstance(focused, QAbstractButton) or event.key() not in _ENTER or not is_plain:
        return False
    if not event.isAutoRepeat():
        focused.click()
    return True


def takes_control_key(event: QEvent, focused: QWidget | None) -> bool:
    """The same for what a button or a bar of tabs needs, when it has the keyboard: without these
    keys nobody could press the one or turn the other by keyboard.
    """
    if isinstance(focused, QAbstractButton):
        return takes_key(event, _PRESS)
    return isinstance(focused, QTabBar) and takes_key(event, _TURN)
