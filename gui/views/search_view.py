"""Search: a line to type words into, and the events that hold them, newest first."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.completion import CompletionViewModel, Offers
from gui.viewmodels.filter_text import WORDS, kind_of_typed, wrong_typed
from gui.viewmodels.pane_texts import short_address
from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.viewmodels.search import SearchViewModel
from gui.viewmodels.shown_columns import ShownColumns
from gui.viewmodels.things import EventThing, Thing
from gui.widgets.dropdown import Dropdown
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (
    said("position"),
    said("recorded"),
    said("stream"),
    said("type"),
    said("summary"),
    said("actor"),
)
NOT_ASKED: Final = said("The events that match are listed here. Type words or a filter above.")
NONE_FOUND: Final = said("No event matches.")
PLACEHOLDER: Final = said("words, or their beginnings, in stream, type or payload; or a filter")


class SearchView(QWidget):
    """Asks as one types, and again whenever the index has got on. Nothing while hidden."""

    def __init__(
        self,
        search: SearchViewModel,
        columns: ShownColumns,
        completion: CompletionViewModel,
        stores: QueryStoresViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Search"))
        self._search, self._stores = search, stores
        self._columns = columns
        self.box = FilterBox(
            said("Words to search for"), PLACEHOLDER, kind=kind_of_typed, wrong=wrong_typed
        )
        self.line = self.box.line
        self.where = Dropdown()
        self.where.setAccessibleName(said("Where to search"))
        self.message = Words("dim")
        self.found = TextGrid(
            said("Events found"),
            empty=NOT_ASKED,
        )
        top, rows = QHBoxLayout(), QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        top.addWidget(self.box, 1)
        top.addWidget(self.where)
        rows.addLayout(top)
        rows.addWidget(self.message)
        rows.addWidget(self.found, 1)
        self.box.rested.connect(self._ask_words)
        self.box.entered.connect(self._ask)
        self.box.offers_wanted.connect(completion.ask)
        completion.offered.connect(self._show_offers)
        self.found.row_activated.connect(search.go_to)
        self.found.row_chosen.connect(search.go_to)
        search.answered.connect(self._show)
        stores.listed.connect(self._list_stores)
        self.where.activated.connect(self._look_there)
        self._list_stores()
        columns.years_shown.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stores.load()
        self._search.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._search.want(False)

    def spots(self) -> list[Spot]:
        """What was found."""
        return [cells_spot(self.found.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        rows = self._search.hits.rows if self._search.hits else ()
        return [EventThing(position=rows[row].position)] if 0 <= row < len(rows) else []

    @Slot()
    def _list_stores(self) -> None:
        """Only where the store has a query store is there a choice."""
        self.where.clear()
        self.where.addItem(said("here"), "")
        for address in self._stores.kept:
            self.where.addItem(short_address(address), address)
        self.where.setVisible(bool(self._stores.kept))
        at = self.where.findData(self._search.source)
        self.where.setCurrentIndex(max(at, 0))
        if at < 0:
            self._search.look_in("")

    @Slot(int)
    def _look_there(self, at: int) -> None:
        self._search.look_in(self.where.itemData(at))

    @Slot(str)
    def _ask_words(self, text: str) -> None:
        """A filter waits for Enter."""
        if kind_of_typed(text) == WORDS:
            self._ask(text)

    @Slot(str)
    def _ask(self, text: str) -> None:
        self._search.ask(text)

    @Slot(object)
    def _show_offers(self, found: Offers) -> None:
        if (self.line.text(), self.line.cursorPosition()) == (found.text, found.cursor):
            self.box.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot()
    def _show(self) -> None:
        hits = self._search.hits
        self.message.say(self._search.words)
        self.found.say_when_empty(NOT_ASKED if hits is None else NONE_FOUND)
        found = [
            TextRow(
                texts=(
                    f"{it.position:,}",
                    self._columns.time_text(it.recorded_at_us),
                    it.stream,
                    it.type,
                    it.summary,
                    it.actor,
                )
            )
            for it in (hits.rows if hits else ())
        ]
        self.found.show_rows(TITLES, found)


PANEL: Final = TabPanel(
    id="search",
    title=said("Search"),
    parent="views",
    order=2,
    make=lambda it: SearchView(it.search, it.columns, it.completion, it.query_stores),
    begin=lambda it: it.line.setFocus(),
)
