"""Keys that a focused widget keeps for itself although the window uses them too."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


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
