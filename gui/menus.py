"""The menus at the top of the window, as the table of actions has them."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from gui.actions import MENUS, Actions, Menu
from gui.widgets.lettered_menu import LetteredMenu
from gui.words import said
from gui.workspace import Workspace


class Menus(QObject):
    """Lines between groups, ticks and icons; what cannot be done now is grey and says why.

    Actions are grey only while their menu is open: a key may always be pressed.
    """

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._actions = actions
        self._menus = {name: self._made(window, name) for name in MENUS}
        self.panels = LetteredMenu(said("Panels"), window)
        self._menus["View"].addMenu(self.panels)
        for menu in self._menus.values():
            menu.give_letters()

    @Slot(object)
    def list_panels(self, workspace: Workspace) -> None:
        """Those of the open store, each with a tick while it is in sight."""
        self.panels.clear()
        for panel in workspace.docked:
            self.panels.addAction(workspace.docking.toggle_action(panel.id))

    def __getitem__(self, name: Menu) -> QMenu:
        return self._menus[name]

    def _made(self, window: QMainWindow, name: Menu) -> LetteredMenu:
        menu = LetteredMenu(f"&{MENUS[name]}", window)  # Alt and its first letter
        menu.setToolTipsVisible(True)
        for spec in self._actions.of_menu(name):
            if spec.begins_group:
                menu.addSeparator()
            menu.addAction(self._actions[spec.id])
        menu.setObjectName(name)
        menu.aboutToShow.connect(self._show_states)
        menu.aboutToHide.connect(self._allow)
        window.menuBar().addMenu(menu)
        return menu

    @Slot()
    def _show_states(self) -> None:
        for spec in self._shown():
            self._actions.show_state(spec)

    @Slot()
    def _allow(self) -> None:
        for id_ in self._shown():
            self._actions.allow_again(id_)

    def _shown(self) -> list[str]:
        """The ids of the actions of the menu that opens or closes."""
        menu = self.sender()
        if not isinstance(menu, QMenu):
            return []
        return [it.objectName() for it in menu.actions() if it.objectName()]
