"""The panels of one store, each made when it is first in sight or asked for.

What is in no sight follows one at a time, between which the window serves hands and eyes, as soon
as an event is shown: so a store is in sight without waiting for thirty panels, and a moment later
all of them are there, with the counts in their titles.
"""

import sys
from functools import partial
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panel import AnyPanel, Panel, TabPanel, W
from gui.panels import panels
from gui.session import Session
from gui.widgets.underline_tabs import UnderlineTabs

STEP_MS: Final = 20  # between two panels that nobody waits for
PATIENCE_STEPS: Final = 100  # after which they are made though no event is shown yet


@runtime_checkable
class CatchesUp(Protocol):
    """A panel that hears of changes, and not of what was before it was made."""

    def catch_up(self) -> None:
        """Show what there is by now."""


class PanelPlace(QWidget):
    """Where a panel is or will be. `seen()` when it first comes into sight."""

    seen = Signal()

    def __init__(self, panel: AnyPanel) -> None:
        super().__init__()
        self.setAccessibleName(panel.title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._is_seen = False

    def put(self, widget: QWidget) -> None:
        """The panel has been made."""
        self._column.addWidget(widget)
        self.setFocusProxy(widget)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._is_seen:
            self._is_seen = True
            self.seen.emit()
        super().showEvent(event)


class PanelPlaces(QObject):
    """Lives as long as the workspace. `made(widget)` for each panel. GUI thread."""

    made = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._steps = session, 0
        self._panels = {it.id: it for it in panels()}
        self.docked = tuple(it for it in self._panels.values() if isinstance(it, Panel))
        self.places: dict[str, PanelPlace] = {}
        self._made: dict[str, QWidget] = {}
        for panel in self._panels.values():
            place = self.places[panel.id] = PanelPlace(panel)
            place.seen.connect(partial(self.panel_of, panel.id))
        self._making = QTimer(self, interval=STEP_MS)
        self._making.timeout.connect(self._make_next)

    @property
    def is_whole(self) -> bool:
        """Whether all panels have been made."""
        return len(self._made) == len(self._panels)

    def begin(self) -> None:
        """From now on make what is in no sight, too."""
        self._making.start()

    def end(self) -> None:
        """The store is about to be closed. A page whose panel was never made belongs to nobody."""
        self._making.stop()
        for place in self.places.values():
            if place.parent() is None:
                place.deleteLater()

    def of(self, kind: type[W]) -> W:
        """The panel of this class. Raises KeyError when its file declares none."""
        widget = self.panel_of(id_of(kind))
        if not isinstance(widget, kind):
            raise KeyError(kind.__name__)
        return widget

    def panel_of(self, panel_id: str) -> QWidget:
        """The panel that declares this id. Raises KeyError when there is none."""
        widget = self._made.get(panel_id)
        return self._make(self._panels[panel_id]) if widget is None else widget

    def is_made(self, panel_id: str) -> bool:
        """Whether it stands already."""
        return panel_id in self._made

    def tabs_of(self, panel_id: str) -> UnderlineTabs:
        """The pages of a panel. Raises TypeError when it has none."""
        tabs = getattr(self.panel_of(panel_id), "tabs", None)
        if not isinstance(tabs, UnderlineTabs):
            raise TypeError(f"the panel {panel_id} has no tabs for others to be in")
        return tabs

    def parent_of_tab(self, tab: str) -> str | None:
        """Which docked panel has a page of this id, one of its own or one that was declared."""
        for it in self.docked:
            tabs = getattr(self.panel_of(it.id), "tabs", None)
            if isinstance(tabs, UnderlineTabs) and tabs.has(tab):
                return it.id
        return None

    def _make(self, panel: AnyPanel) -> QWidget:
        widget = self._made[panel.id] = panel.make(self._session)
        self.places[panel.id].put(widget)
        if isinstance(panel, Panel):
            self._add_pages(panel.id)
        elif panel.retitled is not None:
            tabs = self.tabs_of(panel.parent)
            panel.retitled(widget).connect(partial(tabs.set_title, panel.id))
        if isinstance(widget, CatchesUp):
            widget.catch_up()
        self.made.emit(widget)
        return widget

    def _add_pages(self, parent: str) -> None:
        """Behind those that the panel itself has."""
        for it in self._panels.values():
            if isinstance(it, TabPanel) and it.parent == parent:
                self.tabs_of(parent).add(it.id, it.title, self.places[it.id])

    @Slot()
    def _make_next(self) -> None:
        self._steps += 1
        if self._session.inspector.inspection is None and self._steps < PATIENCE_STEPS:
            return
        for panel_id in self._panels:
            if panel_id not in self._made:
                self.panel_of(panel_id)
                return
        self._making.stop()


def id_of(kind: type[QWidget]) -> str:
    """Of the panel that the file of a class declares. Raises KeyError when it declares none."""
    panel: AnyPanel | None = getattr(sys.modules[kind.__module__], "PANEL", None)
    if panel is None:
        raise KeyError(kind.__name__)
    return panel.id
