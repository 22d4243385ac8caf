"""The event table and the inspector as places of menus: the chosen row, the chosen value."""

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from gui.offers.doors import Doors
from gui.offers.state_entries import narrow
from gui.offers.thing_menus import ThingMenus
from gui.viewmodels.narrowing import term_of_fact, term_of_path
from gui.viewmodels.things import FieldThing, TermThing
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
<<<<<<< HEAD
from gui.widgets.lettered_menu import LetteredMenu
from replay.history.event_texts import FORMATS
from replay.questions.breakpoint import EventBreakpoint
from store import json_text
from store.filter.tokens import path_of
=======
>>>>>>> 6c4c087 (menus: a right click anywhere offers what can be done there, the same everywhere)
from store.filter.tree import DATA, METADATA


class EventMenu(QObject):
    """Lives as long as the panels. Adds to the menus that trees and facts make themselves."""

    def __init__(
        self, doors: Doors, menus: ThingMenus, events: EventsView, inspector: InspectorView
    ) -> None:
        super().__init__(events)
        self._doors, self._menus, self._events, self._inspector = doors, menus, events, inspector
        inspector.state.menu_opens.connect(self._add_value)
        inspector.facts.menu_opens.connect(self._add_fact)
        inspector.data.menu_opens.connect(partial(self._add_text, DATA))
        inspector.metadata.menu_opens.connect(partial(self._add_text, METADATA))

    @Slot()
    def show_for_row(self) -> None:
        """Open the menu of the row of the event table that keys move."""
        spot = self._menus.spot_of(self._events.grid)
        if spot is not None:
            self._menus.open_for(spot)

<<<<<<< HEAD
    @Slot(QPoint)
    def _show_for_cell(self, at: QPoint) -> None:
        grid, columns = self._events.grid, self._session.columns.table
        row, column = grid.rowAt(at.y()), grid.columnAt(at.x())
        id_ = columns[column].id if 0 <= column < len(columns) else ""
        self._show(row if row >= 0 else grid.current_row(), id_, at)

    def _show(self, row: int, column: str, at: QPoint) -> None:
        menu = self.menu(row, column)
        if menu is not None:
            menu.popup(self._events.grid.viewport().mapToGlobal(at))

    def menu(self, row: int, column: str = "") -> QMenu | None:
        """What can be done with a row, first of all with one of its cells."""
        shown = self._session.events.row(row) if row >= 0 else None
        if shown is None:
            return None
        if self._menu is not None:
            self._menu.deleteLater()
        menu = self._menu = LetteredMenu(parent=self._events)
        if (term := term_of_row(shown, column)) is not None:
            self._add_term(menu, term)
        menu.addAction(
            "Only this &conversation", partial(self._session.narrowing.conversation, shown.position)
        )
        terms = self._terms(shown.position) or [
            it for its in EVENT_COLUMNS if (it := term_of_row(shown, its.id)) is not None
        ]
        narrowing = self._session.narrowing
        only, without = menu.addMenu("&Filter by"), menu.addMenu("&Leave out")
        for it in terms:
            only.addAction(_words(it), partial(narrowing.only, it))
            without.addAction(_words(it), partial(narrowing.without, it))
        stops = menu.addMenu("Brea&k on")
        for it in terms:
            stops.addAction(_words(it), partial(self._break_on, it))
        copied, saved = menu.addMenu("Copy &rows as"), menu.addMenu("&Save rows as")
        for format_ in FORMATS:
            copied.addAction(format_, partial(self.copy_rows, format_))
            saved.addAction(f"{format_}…", partial(self._ask_file, format_))
        return menu

    def copy_rows(self, format_: str) -> None:
        """The rows that are selected, to the clipboard."""
        if (chosen := self._events.grid.selected_range()) is not None:
            self._session.row_copies.copy_as(*chosen, format_)

    def _ask_file(self, format_: str) -> None:
        dialog = QFileDialog(self._events, f"Save rows as {format_}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self.save_rows, format_))
        dialog.open()

    def save_rows(self, format_: str, path: str) -> None:
        """The rows that are selected, into a file."""
        if (chosen := self._events.grid.selected_range()) is not None:
            self._session.row_copies.save_as(*chosen, format_, Path(path))

    def _add_term(self, menu: QMenu, term: Term) -> None:
        narrowing = self._session.narrowing
        menu.addAction(f"Filter &by {_words(term)}", partial(narrowing.only, term))
        menu.addAction(f"Leave &out {_words(term)}", partial(narrowing.without, term))
=======
    def narrow_by_value(self, *, is_left_out: bool) -> None:
        """By the value of the state that is chosen in the tree."""
        narrow(self._doors, self._inspector.state.current_path(), is_left_out=is_left_out)
>>>>>>> 6c4c087 (menus: a right click anywhere offers what can be done there, the same everywhere)

    @Slot(object)
    def _add_value(self, menu: QMenu) -> None:
        """To the menu of the state."""
        path = self._inspector.state.current_path()
        if path is not None:
            self._menus.add_to(menu, [FieldThing(path=path)])

    @Slot(object, str, str)
    def _add_fact(self, menu: QMenu, label: str, value: str) -> None:
        """To the menu of a line of the Event tab."""
        term = term_of_fact(label, value)
        if term is not None:
            self._menus.add_to(menu, [TermThing(term=term)])
            position = self._doors.session.selection.as_of
            narrowing = self._doors.session.narrowing
            menu.addAction("Only this &conversation", lambda: narrowing.conversation(position))

    def _add_text(self, root: str, menu: QMenu, path: tuple[str | int, ...]) -> None:
        """To the menu of the text of an event's data or metadata, of the value in the line."""
        inspection = self._doors.session.inspector.inspection
        event = inspection.event if inspection is not None else None
        if event is None:
            return
        term = term_of_path(event.data if root == DATA else event.metadata, path, root)
        if term is not None:
            self._menus.add_to(menu, [TermThing(term=term)])
