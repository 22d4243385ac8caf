"""What can be done with a cell, a fact or a value that one points at: menus of the event table and
of the inspector."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from gui.session import Session
from gui.viewmodels.event_columns import EVENT_COLUMNS
from gui.viewmodels.narrowing import Term, term_of_fact, term_of_path, term_of_row, terms_of
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.widgets.lettered_menu import LetteredMenu
from replay.history.event_texts import FORMATS
from replay.questions.breakpoint import EventBreakpoint
from store import json_text
from store.filter.tokens import path_of
from store.filter.tree import DATA, METADATA
from store.visible_text import visible

MOST_LETTERS: Final = 48  # of a value in a menu


class EventMenu(QObject):
    """Lives as long as the panels. The menus open by mouse, by the menu key, and by an action.

    `break_wanted(text, scope)` when a breakpoint is to be gone on with, `moment_wanted(condition)`
    when it is to be asked when the state came to be so.
    """

    break_wanted = Signal(str, str)
    moment_wanted = Signal(str)

    def __init__(self, session: Session, events: EventsView, inspector: InspectorView) -> None:
        super().__init__(events)
        self._session, self._events, self._inspector = session, events, inspector
        self._menu: QMenu | None = None
        events.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        events.grid.customContextMenuRequested.connect(self._show_for_cell)
        inspector.state.menu_opens.connect(self._add_value)
        inspector.facts.menu_opens.connect(self._add_fact)
        inspector.data.menu_opens.connect(partial(self._add_text, DATA))
        inspector.metadata.menu_opens.connect(partial(self._add_text, METADATA))

    @Slot()
    def show_for_row(self) -> None:
        """Open the menu of the row that has the keyboard."""
        grid = self._events.grid
        box = grid.visualRect(grid.currentIndex())
        self._show(grid.current_row(), "", box.bottomLeft())

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

    @Slot(object)
    def _add_value(self, menu: QMenu) -> None:
        """To the menu of the state."""
        menu.addSeparator()
        menu.addAction("Filter by this value", partial(self.narrow_by_value, is_left_out=False))
        menu.addAction("Leave out this value", partial(self.narrow_by_value, is_left_out=True))
        menu.addAction("Break when this changes", partial(self._break_on_field, " changed"))
        menu.addAction("Break on a condition…", partial(self._break_on_field, " "))

    @Slot(object, str, str)
    def _add_fact(self, menu: QMenu, label: str, value: str) -> None:
        """To the menu of a line of the Event tab."""
        term = term_of_fact(label, value)
        if term is not None:
            menu.addSeparator()
            self._add_term(menu, term)
            position = self._session.selection.as_of
            act = partial(self._session.narrowing.conversation, position)
            menu.addAction("Only this &conversation", act)

    def _add_text(self, root: str, menu: QMenu, path: tuple[str | int, ...]) -> None:
        """To the menu of the text of an event's data or metadata, of the value in the line."""
        inspection = self._session.inspector.inspection
        event = inspection.event if inspection is not None else None
        if event is None:
            return
        value = event.data if root == DATA else event.metadata
        term = term_of_path(value, path, root)
        if term is None:
            return
        menu.addSeparator()
        self._add_term(menu, term)
        menu.addAction("&Copy the value", partial(_copy, term))
        menu.addAction("Copy as a &filter", partial(QApplication.clipboard().setText, term.text))
        menu.addAction(f"Brea&k on {_words(term)}", partial(self._break_on, term))
        if root == DATA:
            act = partial(self.moment_wanted.emit, term.condition)
            menu.addAction("Fi&nd when the state had this value…", act)

    def _break_on(self, term: Term) -> None:
        """At once on a fact; a value of the payload is gone on with first."""
        if len(term.field) == 1:
            self._session.breakpoints.add(EventBreakpoint(where=term.text))
        else:
            self.break_wanted.emit(term.text, "event")

    def _break_on_field(self, claim: str) -> None:
        """Of the state that is shown; the items of a list are one field."""
        names = [it for it in self._inspector.state.current_path() or () if isinstance(it, str)]
        if names:
            self.break_wanted.emit(f"{path_of(names)}{claim}", "stream")

    def _terms(self, position: int) -> list[Term]:
        """All of the event, where the inspector has it."""
        inspection = self._session.inspector.inspection
        event = inspection.event if inspection is not None else None
        return terms_of(event) if event is not None and event.position == position else []

    def narrow_by_value(self, *, is_left_out: bool) -> None:
        """By the value of the state that is chosen in the tree."""
        tree, inspection = self._inspector.state, self._session.inspector.inspection
        path = tree.current_path()
        if path is None or inspection is None or inspection.state is None:
            return
        term = term_of_path(inspection.state.state, path)
        if term is not None:
            act = self._session.narrowing.without if is_left_out else self._session.narrowing.only
            act(term)


def _copy(term: Term) -> None:
    text = term.value if isinstance(term.value, str) else json_text.encode(term.value)
    QApplication.clipboard().setText(text)


def _words(term: Term) -> str:
    text = visible(term.text).replace("&", "&&")
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
