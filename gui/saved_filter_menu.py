"""The menu of saved filters at the end of the box above the events."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu

from gui.look.icons import icon
from gui.look.theme import themes
from gui.session import Session
from gui.views.events_view import EventsView
from gui.widgets.lettered_menu import LetteredMenu
from gui.words import said
from store.visible_text import visible


class SavedFilterMenu(QObject):
    """Lives as long as the panels."""

    def __init__(self, session: Session, events: EventsView) -> None:
        super().__init__(events)
        self._session, self._events = session, events
        self._menu: QMenu | None = None
        trailing = QLineEdit.ActionPosition.TrailingPosition
        self.action = events.where.line.addAction(_bookmark(), trailing)
        self.action.setToolTip(said("Saved filters"))
        self.action.triggered.connect(self.show)
        themes().changed.connect(self._restyle)

    @Slot()
    def show(self) -> None:
        """Open the menu below the box."""
        line = self._events.where.line
        self.menu().popup(line.mapToGlobal(QPoint(line.width() - 240, line.height())))

    def menu(self) -> QMenu:
        """Those that are saved, and what can be done with what is set."""
        if self._menu is not None:
            self._menu.deleteLater()
        menu, saved = LetteredMenu(parent=self._events), self._session.saved_filters
        self._menu = menu
        for name in saved.names:
            menu.addAction(_plain(name), partial(saved.apply, name))
        menu.addSeparator()
        keep = menu.addAction(said("&Save this filter…"), self.ask_name)
        keep.setEnabled(self._session.filter.is_set)
        forget = menu.addMenu(said("&Forget"))
        forget.setEnabled(bool(saved.names))
        for name in saved.names:
            forget.addAction(_plain(name), partial(saved.forget, name))
        return menu

    @Slot()
    def ask_name(self) -> QInputDialog:
        """Ask for a name, and save under it."""
        dialog = QInputDialog(self._events)
        dialog.setWindowTitle(said("Save this filter"))
        dialog.setLabelText(said("Name"))
        dialog.setTextValue(self._session.saved_filters.suggested)
        dialog.textValueSelected.connect(self._session.saved_filters.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    @Slot()
    def _restyle(self) -> None:
        self.action.setIcon(_bookmark())


def _bookmark() -> QIcon:
    return icon("bookmark", themes().current["text_faint"])


def _plain(name: str) -> str:
    return visible(name).replace("&", "&&")
