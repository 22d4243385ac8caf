"""Which columns the event table has, in which order and how wide; all of it by keys too."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.field_column import field_column
from gui.viewmodels.found_fields import FoundFieldsViewModel
from gui.viewmodels.shown_columns import ShownColumns
from gui.widgets.grid.column_layout import ColumnPlace
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.grid_header import GridHeader
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.search_field import SearchField
from gui.widgets.words import Words
from gui.words import said

STEP_PX: Final = 10
_ID: Final = int(Qt.ItemDataRole.UserRole)
HELP: Final = said(
    "Space shows or hides a column. Alt+↑ ↓ moves it, Alt+← → resizes it, and Delete removes it."
)
FULL: Final = said("No more columns can be added. Remove one first.")


class ColumnsDialog(KeyedDialog):
    """What is changed is changed at once."""

    def __init__(
        self,
        header: GridHeader,
        columns: ShownColumns,
        fields: FoundFieldsViewModel,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Columns"))
        self.setAccessibleName(said("Columns"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 560)
        self._header = header
        self._columns = columns
        self._fields = fields
        self._is_filling = False
        self.list = QListWidget()
        self.list.setAccessibleName(said("Columns from left to right"))
        self.search = SearchField(said("Find a field"), said("find a field"))
        self.found = CountedList(
            said("Fields that are not columns yet"),
            is_mono=True,
            empty=said("The fields of the events are listed here. Enter makes one a column."),
        )
        self.message = Words("dim", HELP)
        self._lay_out()
        self._connect()
        self._fill("")
        self._show_fields()
        fields.look()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        sides = QHBoxLayout()
        for title, parts in (
            (said("Columns"), [self.list]),
            (said("Fields found in the events. Enter adds one"), [self.search, self.found]),
        ):
            side = QVBoxLayout()
            side.addWidget(QLabel(title))
            for it in parts:
                side.addWidget(it)
            sides.addLayout(side, 1)
        rows.addLayout(sides, 1)
        rows.addWidget(self.message)
        close = QPushButton(said("Close"))
        close.clicked.connect(self.accept)
        rows.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self._fields.found.connect(self._show_fields)
        self.search.searched.connect(self.found.set_filter)
        self.found.key_activated.connect(self._add)
        self.list.itemChanged.connect(self._show_or_hide)
        for keys, act in (
            ("Alt+Up", self._move_up),
            ("Alt+Down", self._move_down),
            ("Alt+Left", self._narrow),
            ("Alt+Right", self._widen),
            ("Delete", self._remove),
        ):
            QShortcut(QKeySequence(keys), self.list, act)

    def _fill(self, chosen: str) -> None:
        """The columns as they stand in the header."""
        self._is_filling = True
        self.list.clear()
        for place in self._header.places():
            item = QListWidgetItem(self._header.title_of(place.id))
            item.setData(_ID, place.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state = Qt.CheckState.Checked if place.is_shown else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.list.addItem(item)
            if place.id == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._is_filling = False

    @Slot()
    def _show_fields(self) -> None:
        fields = [it for it in self._fields.fields if not self._columns.has(it.id)]
        self.found.set_items(
            [CountedItem(key=it.id, text=it.id, count="#" if it.is_number else "") for it in fields]
        )

    @Slot(str)
    def _add(self, id_: str) -> None:
        field = next((it for it in self._fields.fields if it.id == id_), None)
        if field is not None:
            is_there = self._columns.add(field_column(field.path, is_number=field.is_number))
            self.message.say(HELP if is_there else FULL)
            self._fill(id_)
            self._show_fields()

    @Slot()
    def _remove(self) -> None:
        self._columns.remove(self._chosen())
        self._fill("")
        self._show_fields()

    @Slot(QListWidgetItem)
    def _show_or_hide(self, item: QListWidgetItem) -> None:
        if not self._is_filling:
            is_shown = item.checkState() == Qt.CheckState.Checked
            self._header.show_column_of(item.data(_ID), is_shown=is_shown)
            self._fill(item.data(_ID))

    @Slot()
    def _move_up(self) -> None:
        self._move(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        places, at = self._header.places(), self.list.currentRow()
        if 0 <= at + step < len(places):
            places.insert(at + step, places.pop(at))
            self._apply(places)

    @Slot()
    def _narrow(self) -> None:
        self._size(-STEP_PX)

    @Slot()
    def _widen(self) -> None:
        self._size(STEP_PX)

    def _size(self, by: int) -> None:
        chosen = self._chosen()
        width = self._header.width_of(chosen) + by
        places = [
            ColumnPlace(id=it.id, is_shown=it.is_shown, width_px=width) if it.id == chosen else it
            for it in self._header.places()
        ]
        self._apply(places)

    def _apply(self, places: list[ColumnPlace]) -> None:
        self._header.lay_out(places)
        self._fill(self._chosen())

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(_ID))
