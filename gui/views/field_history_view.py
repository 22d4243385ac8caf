"""The history of the chosen field: where it is a number as a curve, and every change as a list."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.itemmodels.field_rows_model import FieldRowsModel
from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.blame import BlameViewModel
from gui.viewmodels.field_rows import TITLES, FieldRowsViewModel
from gui.viewmodels.things import EventThing, Thing
from gui.widgets.chart.lazy_curve import LazyCurve
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.words import Words
from gui.words import counted, said

WIDTHS: Final = (76, 170, 150, 176, 90)
TIGHT: Final = (56, 96, 76, 84, 48)  # enough where all are in sight then
NOTHING: Final = said("Select a field in the State tab to list all its changes here.")
UNCHANGED: Final = said("No event has changed it.")


class FieldHistoryView(QWidget):
    """Enter or a double click on a change goes there. Nothing is drawn while it is hidden."""

    def __init__(
        self, blame: BlameViewModel, rows: FieldRowsViewModel, selection: Selection
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("History of the field"))
        self._blame, self._rows = blame, rows
        self.words = Words("dim", NOTHING)
        self.curve = LazyCurve(said("History of the number"))
        columns = tuple(
            Column(title=it, width=width, tight=tight, is_mono=at != 2, is_right=at == 0)
            for at, (it, width, tight) in enumerate(zip(TITLES, WIDTHS, TIGHT, strict=True))
        )
        self.grid = GridView(
            said("Changes of the field"),
            columns,
            fits=True,
            empty=said("The events that changed the field are listed here."),
        )
        self._model = FieldRowsModel(rows, most=GridView.most_rows())
        self.grid.setModel(self._model)
        self._lay_out()
        blame.answered.connect(self._show)
        selection.as_of_changed.connect(self._move_curve)
        self.curve.x_chosen.connect(blame.go_to_x)
        self.grid.row_activated.connect(rows.go_to)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def spots(self) -> list[Spot]:
        """The changes."""
        return [cells_spot(self.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        position = self._rows.position(row)
        return [] if position is None else [EventThing(position=position)]

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 0)
        self.words.setContentsMargins(12, 0, 12, 0)
        rows.addWidget(self.words)
        rows.addWidget(self.curve)
        rows.addWidget(self.grid, 1)

    @Slot()
    def _show(self) -> None:
        words, count = self._blame.words, self._rows.count
        if words is None:
            self.words.say(NOTHING)
        else:
            changes = counted("{count:,} change", "{count:,} changes", count)
            self.words.say(f"{words.title}: {changes if count else UNCHANGED}")
        if not self.isVisible():
            return
        self.curve.show_line(self._blame.curve, cursor=self._blame.curve_cursor)
        self.grid.go_to_row(self._rows.current_row)

    @Slot()
    def _move_curve(self) -> None:
        self.curve.move_cursor(self._blame.curve_cursor)


PANEL: Final = TabPanel(
    id="history",
    title=said("History"),
    parent="inspector",
    order=0,
    make=lambda it: FieldHistoryView(it.blame, it.field_rows, it.selection),
    begin=lambda it: it.grid.setFocus(),
)
