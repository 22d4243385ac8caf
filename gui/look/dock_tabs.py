"""Tabs of panels are reached by Tab and turned by the arrow keys, as any bar of tabs."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.own_keys import takes_key
from gui.words import said

_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS: Final = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


class DockTabs(QObject):
    """One filter for the tabs of one window. Of tabs side by side only the one in front is a stop
    of Tab."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._choose: dict[QWidget, Callable[[], None]] = {}

    def add(self, tab: QWidget, title: str, *, choose: Callable[[], None]) -> None:
        """Name a tab, and listen to its keys; `choose()` brings its panel to the front."""
        self._choose[tab] = choose
        tab.setAccessibleName(said("{title}, tab", title=title))
        tab.installEventFilter(self)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Another panel has come to the front."""
        for tab in self._choose:
            is_in_front = bool(tab.property("activeTab"))
            stop = Qt.FocusPolicy.StrongFocus if is_in_front else Qt.FocusPolicy.ClickFocus
            tab.setFocusPolicy(stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            if isinstance(watched, QWidget):
                watched.update()
        elif event.type() == QEvent.Type.ShortcutOverride:
            return takes_key(event, (*_STEPS, *_ENDS))
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return isinstance(watched, QWidget) and self._turn(watched, Qt.Key(event.key()))
        return False

    def _turn(self, tab: QWidget, key: Qt.Key) -> bool:
        """To another tab of the same bar, if the key is for that."""
        beside = sorted(
            (it for it in self._choose if it.parent() is tab.parent() and it.isVisible()),
            key=lambda it: it.x(),
        )
        if tab not in beside:
            return False
        if key in _STEPS:
            to = beside[(beside.index(tab) + _STEPS[key]) % len(beside)]
        elif key in _ENDS:
            to = beside[_ENDS[key]]
        else:
            return False
        self._choose[to]()
        to.setFocus(Qt.FocusReason.TabFocusReason)
        return True
