"""The keys of one window: chosen by a person, kept, and shown wherever an action is."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.dialogs.keys_dialog import KeysDialog
from gui.key_bindings import KeyBindings
from gui.settings import Settings
from gui.widgets.tips import action_of, show_key
from gui.workspace import Workspace


class WindowKeys(QObject):
    """Listens to the bindings, which are made of what the settings keep."""

    def __init__(self, window: QWidget, actions: Actions, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self.bindings = KeyBindings(actions.specs, settings.keys(), keep=settings.set_keys)
        self.bindings.changed.connect(self._show)
        self._show()

    def show_dialog(self) -> KeysDialog:
        """Every key there is, to be looked at and changed."""
        dialog = KeysDialog(self._actions.specs, self.bindings, self._window)
        dialog.open()
        return dialog

    def watch(self, workspace: Workspace) -> None:
        """Tell the tips of a store's panels, and of those that are made later."""
        workspace.panel_made.connect(self.show_in)
        self.show_in(workspace)

    @Slot(QWidget)
    def show_in(self, part: QWidget) -> None:
        """Tell the tips of a part that was made just now."""
        for widget in part.findChildren(QWidget):
            if action := action_of(widget):
                show_key(widget, self.bindings.shown(action))

    @Slot()
    def _show(self) -> None:
        self._actions.set_keys(self.bindings.keys)
        self.show_in(self._window)
