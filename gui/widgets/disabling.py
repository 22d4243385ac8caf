"""Buttons that can do nothing for a while."""

from collections.abc import Collection

from PySide6.QtWidgets import QWidget


def disable(buttons: Collection[QWidget], *, keyboard_to: QWidget) -> None:
    """Disable them. The keyboard goes where a key does no harm: Qt would give it to whatever comes
    next, and the next Space would press that."""
    if any(it.hasFocus() for it in buttons):
        keyboard_to.setFocus()
    for it in buttons:
        it.setEnabled(False)
