"""The header of a grid: titles stand over their texts; columns can be chosen, moved, sized."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from gui.look.theme import themes
from gui.widgets.grid.grid_painter import PADDING_PX, Column

NARROWEST_PX: Final = 24
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class GridHeader(QHeaderView):
    """The first column stays: a row without a number is nobody's."""

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self._is_fitting = True
        self._is_sizing = False
        self.setAccessibleName("Columns")
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

    def set_widths(self) -> None:
        """The widths that the columns ask for, all shown, in their own order."""
        self._is_sizing = True
        for at, column in enumerate(self._columns):
            self.setSectionHidden(at, False)
            self.resizeSection(at, column.width)
            self.moveSection(self.visualIndex(at), at)
        self._is_sizing = False
        self._is_fitting = True
        self.fit(self.viewport().width())

    def fit(self, width: int) -> None:
        """Give the flexible column the room that is left, unless a person chose the widths."""
        flexible = [at for at, column in enumerate(self._columns) if column.is_flexible]
        if not flexible or not self._is_fitting or self.count() != len(self._columns):
            return
        taken = sum(self.sectionSize(at) for at in range(self.count()) if at != flexible[0])
        self._is_sizing = True
        self.setStretchLastSection(False)
        self.resizeSection(flexible[0], max(width - taken, self._columns[flexible[0]].width))
        self._is_sizing = False

    def keep_widths(self) -> None:
        """The widths were chosen by a person: leave them."""
        self._is_fitting = False

    def menu(self) -> QMenu:
        """A tick for each column; the caller deletes it."""
        menu = QMenu(self)
        for at, column in enumerate(self._columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(at))
            action.setEnabled(at > 0)
            action.setData(at)
            action.toggled.connect(self._show_column)
        menu.addSeparator()
        menu.addAction("Reset columns", self.set_widths)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), themes().current.row_px + 2)

    def paintSection(self, painter: QPainter, rect: QRect, at: int) -> None:  # noqa: N802 Qt's
        theme = themes().current
        column = self._columns[at]
        painter.fillRect(rect, theme["panel"])
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme["line"])
        font = theme.ui_font(px=theme.small_px)
        painter.setFont(font)
        painter.setPen(theme["text_dim"])
        room = QRectF(rect).adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        title = self.fontMetrics().elidedText(
            column.title, Qt.TextElideMode.ElideRight, int(room.width()) + 2
        )
        painter.drawText(room, _RIGHT if column.is_right else _LEFT, title)

    @Slot()
    def _note_size(self) -> None:
        if not self._is_sizing:
            self.keep_widths()

    @Slot(QPoint)
    def _offer_columns(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(at))

    @Slot(bool)
    def _show_column(self, is_shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.setSectionHidden(action.data(), not is_shown)
