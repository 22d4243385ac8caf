"""The event table and the inspector as places of menus: the chosen row, the chosen value."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from gui.offers.doors import Doors
from gui.offers.state_entries import narrow
from gui.offers.thing_menus import ThingMenus
from gui.viewmodels.narrowing import term_of_fact, term_of_path
from gui.viewmodels.things import FieldThing, TermThing
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.states_view import StatesView
from gui.words import said
from store.filter.tree import DATA, METADATA

AT_CURSOR: Final = 1  # of the states side by side


class EventMenu(QObject):
    """Lives as long as the panels. Adds to the menus that trees and facts make themselves."""

    def __init__(
        self, doors: Doors, menus: ThingMenus, events: EventsView, inspector: InspectorView
    ) -> None:
        super().__init__(events)
        self._doors, self._menus, self._events, self._inspector = doors, menus, events, inspector
        inspector.state.menu_opens.connect(self._add_value)
        inspector.diff.menu_opens.connect(self._add_compared)
        inspector.facts.menu_opens.connect(self._add_fact)
        inspector.data.menu_opens.connect(partial(self._add_text, DATA))
        inspector.order_wanted.connect(self._put_in_order)
        inspector.metadata.menu_opens.connect(partial(self._add_text, METADATA))

    @Slot()
    def show_for_row(self) -> None:
        """Open the menu of the row of the event table that keys move."""
        spot = self._menus.spot_of(self._events.grid)
        if spot is not None:
            self._menus.open_for(spot)

    def narrow_by_value(self, *, is_left_out: bool) -> None:
        """By the value of the state that is chosen in the tree."""
        narrow(self._doors, self._inspector.state.current_path(), is_left_out=is_left_out)

    @Slot(int)
    def _put_in_order(self, position: int) -> None:
        """A late event: what if it had come in order."""
        self._doors.ask_correct(position, "late")

    @Slot(object)
    def _add_value(self, menu: QMenu) -> None:
        """To the menu of the state."""
        path = self._inspector.state.current_path()
        if path is not None:
            self._menus.add_to(menu, [FieldThing(path=path)])

    @Slot(object)
    def _add_compared(self, menu: QMenu) -> None:
        """To the menu of the difference from A: it shows the state at the cursor."""
        path = self._inspector.diff.current_path()
        if path is not None:
            self._menus.add_to(menu, [FieldThing(path=path)])

    def watch_states(self, view: StatesView) -> None:
        """States side by side have the menus of states, each with the values that it shows."""
        for at, tree in enumerate(view.trees):
            tree.menu_opens.connect(partial(self._add_side, view, at))

    def _add_side(self, view: StatesView, at: int, menu: QMenu) -> None:
        path = view.trees[at].current_path()
        if path is None:
            return
        if at == AT_CURSOR:
            self._menus.add_to(menu, [FieldThing(path=path)])
            return
        term = term_of_path(self._doors.session.state_sides.sides[at].state, path)
        if term is not None:
            self._menus.add_to(menu, [TermThing(term=term)])

    @Slot(object, str, str)
    def _add_fact(self, menu: QMenu, label: str, value: str) -> None:
        """To the menu of a line of the Event tab."""
        term = term_of_fact(label, value)
        if term is not None:
            self._menus.add_to(menu, [TermThing(term=term)])
            position = self._doors.session.selection.as_of
            narrowing = self._doors.session.narrowing
            menu.addAction(
                said("Only this &conversation"), lambda: narrowing.conversation(position)
            )

    def _add_text(self, root: str, menu: QMenu, path: tuple[str | int, ...]) -> None:
        """To the menu of the text of an event's data or metadata, of the value in the line."""
        inspection = self._doors.session.inspector.inspection
        event = inspection.event if inspection is not None else None
        if event is None:
            return
        term = term_of_path(event.data if root == DATA else event.metadata, path, root)
        if term is not None:
            self._menus.add_to(menu, [TermThing(term=term)])
