"""The header of a grid: titles stand over their texts; columns can be chosen, moved, sized."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from gui.look.theme import themes
from gui.widgets.grid.column_fit import Wish, fitted, flexible_wish, stated_wish, widened
from gui.widgets.grid.column_layout import ColumnPlace, arranged
from gui.widgets.grid.grid_painter import PADDING_PX, Column
from gui.widgets.grid.laid_text import cut_text, glyphs_of
from gui.widgets.lettered_menu import LetteredMenu
from gui.words import said

NARROWEST_PX: Final = 24
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class GridHeader(QHeaderView):
    """The first column stays: a row without a number is nobody's.

    `fit_wanted()` when columns are to fit what they hold, `arrange_wanted()` when a person wants
    to choose and add columns, `remove_wanted(id)` of one that was added.
    """

    fit_wanted = Signal()
    arrange_wanted = Signal()
    remove_wanted = Signal(str)

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self._sized: set[str] = set()  # the columns whose width a person chose
        self._remembered: tuple[ColumnPlace, ...] = ()  # of columns that may come later
        self._wishes: dict[str, Wish] = {}  # what was last measured
        self._is_sizing = False
        self.can_arrange = False  # columns come and go
        self.setAccessibleName(said("Columns"))
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(NARROWEST_PX)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer_columns)
        self.sectionResized.connect(self._note_size)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Others, as the model has them now."""
        self._columns = columns
        self.set_widths()

    def learn_columns(self, columns: Sequence[Column]) -> None:
        """The model has one more or one less: the others stay as they are. One that stood in the
        layout that was put back last goes there."""
        known = {it.name for it in self._columns}
        self._columns, self.can_arrange = columns, True
        fresh = [it for it in columns if it.name not in known]
        kept = {it.id: it for it in self._remembered if it.id in {one.name for one in fresh}}
        self._is_sizing = True
        for at, column in enumerate(columns):
            if column in fresh:
                self.resizeSection(at, column.width)
        self._is_sizing = False
        if kept:
            order = [it.id for it in self._remembered]
            places = {it.id: it for it in self.places()} | kept
            self._apply([places[it] for it in arranged(places, order)])
        self.viewport().update()

    def set_widths(self) -> None:
        """The widths that the columns ask for, all shown, in their own order."""
        self._sized.clear()
        self._is_sizing = True
        for at, column in enumerate(self._columns):
            self.setSectionHidden(at, False)
            self.resizeSection(at, column.width)
            self.moveSection(self.visualIndex(at), at)
        self._is_sizing = False
        self.fit(self.viewport().width())
        self.fit_wanted.emit()

    def fit_to(self, wishes: Sequence[Wish], width: int) -> None:
        """Make columns as wide as what they hold, as far as there is room; not those that a person
        sized."""
        if self.count() == len(self._columns) == len(wishes):
            self._wishes = {it.name: wish for it, wish in zip(self._columns, wishes, strict=True)}
            self.fit(width)

    def widen_to(self, wishes: Sequence[Wish], width: int) -> None:
        """As `fit_to`, but nothing gets less than it had, unless another one is short of that."""
        before = [self._wishes.get(it.name) for it in self._columns]
        self.fit_to(widened(wishes, before, width), width)

    def fit(self, width: int) -> None:
        """Give the flexible column the room that is left, unless a person chose its width."""
        has_flexible = any(it.is_flexible for it in self._columns)
        is_stated = any(it.most or it.tight is not None for it in self._columns)
        if self.count() != len(self._columns) or not (has_flexible or is_stated or self._wishes):
            return
        self._is_sizing = True
        self.setStretchLastSection(not has_flexible)
        sizes = fitted([self._wish(at) for at in range(self.count())], width)
        for at, column in enumerate(self._columns):
            if not self.isSectionHidden(at) and column.name not in self._sized:
                self.resizeSection(at, sizes[at])
        self._is_sizing = False

    def places(self) -> list[ColumnPlace]:
        """The columns from left to right."""
        inner = sorted(range(self.count()), key=self.visualIndex)
        return [self._place(at) for at in inner if at < len(self._columns)]

    def lay_out(self, places: Sequence[ColumnPlace]) -> None:
        """Put the columns back as they were left; those that are not there yet, once they come."""
        self._remembered = tuple(places)
        self._apply(places)

    def title_of(self, name: str) -> str:
        """What a column is called; nothing when there is none of this id."""
        return next((it.title for it in self._columns if it.name == name), "")

    def width_of(self, name: str) -> int:
        """How wide a column is."""
        at = next((at for at, it in enumerate(self._columns) if it.name == name), -1)
        return self.sectionSize(at) if at >= 0 else 0

    def show_column_of(self, name: str, *, is_shown: bool) -> None:
        """Show or hide a column by its id; the first one stays."""
        at = next((at for at, it in enumerate(self._columns) if it.name == name), -1)
        if at > 0:
            self.show_column(at, is_shown=is_shown)

    def menu(self) -> QMenu:
        """A tick for each column; the caller deletes it."""
        menu = LetteredMenu(parent=self)
        for at, column in enumerate(self._columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(at))
            action.setEnabled(at > 0)
            action.setData(at)
            action.toggled.connect(self._show_column)
        menu.addSeparator()
        added = [it for it in self._columns if it.is_removable]
        for column in added:
            action = menu.addAction(said("Remove {title}", title=column.title), self._want_removal)
            action.setData(column.name)
        if self.can_arrange:
            menu.addAction(said("Add and arrange columns…"), self.arrange_wanted.emit)
        if self._wishes:
            menu.addAction(said("Fit columns to their content"), self.fit_all)
        menu.addAction(said("Reset columns"), self.set_widths)
        return menu

    @Slot()
    def fit_all(self) -> None:
        """Let every column fit what it holds, also those that a person sized."""
        self._sized.clear()
        self.fit_wanted.emit()

    def sizeHint(self) -> QSize:
        """Qt asks every section for its title; its table needs the height alone."""
        return QSize(self.length(), themes().current.row_px + 2)

    def paintSection(self, painter: QPainter, rect: QRect, at: int) -> None:  # noqa: N802 Qt's
        theme = themes().current
        painter.fillRect(rect, theme["panel"])
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme["line"])
        if at >= len(self._columns):
            return  # the model has a column more than we have heard of
        column = self._columns[at]
        font = theme.ui_font(px=theme.small_px)
        painter.setFont(font)
        painter.setPen(theme["text_dim"])
        room = QRectF(rect).adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        title = cut_text(column.title, room.width() + 2, glyphs_of(font))
        painter.drawText(room, _RIGHT if column.is_right else _LEFT, title)

    def _apply(self, places: Sequence[ColumnPlace]) -> None:
        wanted = {it.id: it for it in places}
        names = [it.name for it in self._columns]
        if not wanted.keys() & set(names):
            return
        self._is_sizing = True
        for to, name in enumerate(arranged(names, wanted)):
            at = names.index(name)
            self.moveSection(self.visualIndex(at), to)
            if (place := wanted.get(name)) is None:
                continue
            self.setSectionHidden(at, at > 0 and not place.is_shown)
            if place.width_px is not None:
                self._sized.add(name)
                self.resizeSection(at, max(place.width_px, NARROWEST_PX))
        self._is_sizing = False
        self.fit(self.viewport().width())

    def _place(self, at: int) -> ColumnPlace:
        name = self._columns[at].name
        is_hidden = self.isSectionHidden(at)
        width = self.sectionSize(at) if name in self._sized and not is_hidden else None
        return ColumnPlace(id=name, is_shown=not is_hidden, width_px=width)

    def _wish(self, at: int) -> Wish:
        column = self._columns[at]
        size = 0 if self.isSectionHidden(at) else self.sectionSize(at)
        if column.name in self._sized or not size:
            return Wish(least=size, most=size)
        if column.is_flexible:
            return flexible_wish(column)
        return self._wishes.get(column.name, stated_wish(column))

    @Slot(int, int, int)
    def _note_size(self, at: int, _old: int, new: int) -> None:
        is_stretched = self.stretchLastSection() and self.visualIndex(at) == self.count() - 1
        if not self._is_sizing and new and not is_stretched and at < len(self._columns):
            self._sized.add(self._columns[at].name)

    @Slot(QPoint)
    def _offer_columns(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(at))

    @Slot(bool)
    def _show_column(self, is_shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.show_column(action.data(), is_shown=is_shown)

    def show_column(self, at: int, *, is_shown: bool) -> None:
        """Show or hide a column; the room that it had or needs is that of the flexible one."""
        self._is_sizing = True
        self.setSectionHidden(at, not is_shown)
        self._is_sizing = False
        self.fit(self.viewport().width())
        self.fit_wanted.emit()

    @Slot()
    def _want_removal(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.remove_wanted.emit(action.data())
