"""Panels that dock, float, tab and hide: the only code that knows which library does it."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import PySide6QtAds as ads  # noqa: N813  as its documentation calls it
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from gui.look.dock_tabs import DockTabs

Area = Literal["left", "right", "top", "center", "tab"]  # a tab beside the centre

VERSION_BITS: Final = 0x7FFF_FFFF
_AREAS: Final = {
    "left": ads.LeftDockWidgetArea,
    "right": ads.RightDockWidgetArea,
    "top": ads.TopDockWidgetArea,
    "center": ads.CenterDockWidgetArea,
    "tab": ads.CenterDockWidgetArea,
}
_FLAG = ads.CDockManager.eConfigFlag
_SWITCHES: Final = {
    _FLAG.FocusHighlighting: False,
    _FLAG.DockAreaHasCloseButton: False,
    _FLAG.ActiveTabHasCloseButton: False,
    _FLAG.DockAreaHasTabsMenuButton: False,
    _FLAG.DockAreaHasUndockButton: False,
    _FLAG.OpaqueSplitterResize: True,
    _FLAG.XmlCompressionEnabled: True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Docked:
    """A panel that was made, and where it goes at first."""

    id: str  # stable: saved layouts name it
    title: str
    area: Area
    widget: QWidget


class Docking:
    """The panels of one main window. A panel alone in its place shows no title bar."""

    def __init__(self, window: QMainWindow) -> None:
        for flag, is_on in _SWITCHES.items():
            ads.CDockManager.setConfigFlag(flag, is_on)
        self._manager = ads.CDockManager(window)
        self._manager.setStyleSheet("")
        for it in (self._manager, *self._manager.findChildren(QWidget)):
            # What had a style sheet once is passed over when another palette is handed down.
            it.setAttribute(Qt.WidgetAttribute.WA_StyleSheet, False)
        self._tabs = DockTabs(window)
        self._docks: dict[str, ads.CDockWidget] = {}
        self._version = 0
        self._first_layout = QByteArray()

    def add(self, panels: list[Docked]) -> None:
        """Lay the panels out, around the one in the centre."""
        self._version = _version(panels)
        center = None
        for panel in sorted(panels, key=lambda it: it.area != "center"):
            dock = self._manager.createDockWidget(panel.title)
            dock.setObjectName(panel.id)
            dock.setWidget(panel.widget, ads.CDockWidget.eInsertMode.ForceNoScrollArea)
            beside = center if panel.area in ("top", "tab") else None
            area = self._manager.addDockWidget(_AREAS[panel.area], dock, beside)
            area.setDockAreaFlag(ads.CDockAreaWidget.eDockAreaFlag.HideSingleWidgetTitleBar, True)
            center = area if panel.area == "center" else center
            self._docks[panel.id] = dock
            tab = dock.tabWidget()
            self._tabs.add(tab, panel.title, choose=dock.setAsCurrentTab)
            tab.activeTabChanged.connect(self._tabs.refresh)
        for panel in panels:
            if panel.area == "center":
                self._docks[panel.id].setAsCurrentTab()

    def toggle_action(self, panel_id: str) -> QAction:
        """The menu entry that shows or hides a panel."""
        action: QAction = self._docks[panel_id].toggleViewAction()
        return action

    def show(self, panel_id: str) -> None:
        """Bring a panel into sight."""
        self._docks[panel_id].toggleView(True)
        self._docks[panel_id].raise_()

    def float_panel(self, panel_id: str) -> None:
        """Take a panel out into a window of its own."""
        self._docks[panel_id].setFloating()

    def save(self) -> QByteArray:
        """The layout as bytes."""
        layout: QByteArray = self._manager.saveState(self._version)
        return layout

    def restore(self, layout: QByteArray) -> bool:
        """Put a saved layout back; False, and nothing changed, when it fits no more."""
        return not layout.isEmpty() and self._manager.restoreState(layout, self._version)

    def reset(self) -> None:
        """Put every panel where it was at first."""
        self._manager.restoreState(self._first_layout, self._version)

    def share_out(self, sizes: dict[str, int]) -> None:
        """Give panels their widths (left, right) or heights (top) in pixels; the others share
        what is left. This is the layout that `reset` goes back to."""
        areas = {id_: self._docks[id_].dockAreaWidget() for id_ in sizes}
        for splitter in {it.parentSplitter() for it in areas.values()} - {None}:
            wanted = {
                splitter.indexOf(it): sizes[id_]
                for id_, it in areas.items()
                if it.parentSplitter() is splitter
            }
            splitter.setSizes(_shared(splitter, wanted))
        self._first_layout = self.save()


def _shared(splitter: QSplitter, wanted: dict[int, int]) -> list[int]:
    """The sizes of all parts: those that are wanted, and what is left for the others."""
    is_wide = splitter.orientation() == Qt.Orientation.Horizontal
    room = splitter.width() if is_wide else splitter.height()
    current = splitter.sizes()
    left = max(room - sum(wanted.values()), 1)
    others = max(sum(it for at, it in enumerate(current) if at not in wanted), 1)
    return [wanted.get(at, it * left // others) for at, it in enumerate(current)]


def _version(panels: Iterable[Docked]) -> int:
    """Another one for other panels: a layout knows no place for a panel that came later."""
    places = sorted(f"{it.id} {it.area}" for it in panels)
    return zlib.crc32("\n".join(places).encode()) & VERSION_BITS
