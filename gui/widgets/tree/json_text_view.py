"""JSON text to read: indented and coloured, every character of a value as it came."""

import re
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from gui.look.theme import themes
from gui.widgets.chip import Chip
from gui.widgets.tree.json_lines import Path, path_of_line
from gui.widgets.tree.json_pieces import Piece, beginning, indented, pieces
from gui.widgets.tree.json_words import path_text
from gui.words import counted, said
from store.visible_text import visible, visible_lines

_COLORS: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)

_NAMES: Final = {"key": "text_dim", "number": "accent", "word": "warn"}
EDGE_PX: Final = 8


class JsonTextView(QPlainTextEdit):
    """Read-only. Numbers, escapes, the order of keys and repeated keys stay as they are.

    Of a long document the beginning is shown, and of a long value too, until somebody asks for all
    of it; that is laid out a piece at a time.

    Where it `offers_columns` its menu asks by `column_wanted(path)` for a column of the value in
    the line. `menu_opens(menu, path)` is for whoever has more to do with that value. `empty` is
    what stands there while there is no document.
    """

    column_wanted = Signal(object)
    menu_opens = Signal(object, object)

    def __init__(self, name: str, *, empty: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(empty)
        self._raw, self._lines = "", [""]  # as they came, of what is shown
        self._line_of = array("L", [0])  # the JSON line of each block, where lines are broken
        self._pieces: Iterator[Piece] | None = None
        self._wanted = ""  # to be found once all is shown
        self.more = Chip(said("Show all of {name}", name=name))
        self.more.setParent(self)
        self.more.clicked.connect(self.show_all)
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._lay_out_more)
        self.offers_columns = False
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("role", "plain")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self._round = 0  # blocks that were coloured carry it
        self._restyle()
        self.updateRequest.connect(self._color_visible)
        themes().changed.connect(self._restyle)

    def show_json(self, text: str) -> None:
        """Show one document; text that is no JSON is shown as it is. Characters that cannot be
        seen are written as JSON escapes."""
        if text != self._raw:
            self._raw, self._wanted = text, ""
            self._stop()
            found = beginning(text)
            self._lines = found.text.split("\n")
            self._line_of = array("L", range(len(self._lines)))
            self.setPlainText(visible_lines(found.text))
            self.more.set_text(
                said(
                    "Show all {count}",
                    count=counted("{count:,} character", "{count:,} characters", len(text)),
                )
                if found.is_cut
                else ""
            )
            self._place_more()

    @property
    def is_cut(self) -> bool:
        """Whether something of the document is not shown, or not yet."""
        return bool(self.more.text()) or self._pieces is not None

    @Slot()
    def show_all(self) -> None:
        """Lay all of it out, a piece a turn; lines that are too long go on in the next one."""
        if self._pieces is None and self.is_cut:
            self.more.set_text("")
            self.clear()
            self._lines, self._line_of = [], array("L", [0])
            self._pieces = pieces(self._raw)
            self._turns.start()

    @Slot()
    def _lay_out_more(self) -> None:
        piece = None if self._pieces is None else next(self._pieces, None)
        if piece is None:
            self._stop()
            if self._wanted:
                self.find_text(self._wanted)
            return
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(visible_lines(piece.text))
        self._line_of.extend(piece.lines)

    def _stop(self) -> None:
        self._turns.stop()
        self._pieces = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_more()

    def _place_more(self) -> None:
        size, area = self.more.sizeHint(), self.viewport().geometry()
        left, top = area.right() - size.width() - EDGE_PX, area.bottom() - size.height() - EDGE_PX
        self.more.setGeometry(max(left, 0), max(top, 0), size.width(), size.height())

    def raw(self) -> str:
        """The text as it was given."""
        return self._raw

    def find_text(self, text: str) -> bool:
        """Select the next place that contains `text`, from the top again after the last. What is in
        a part that is not shown is selected once all is."""
        if self.find(text):
            return True
        if self.is_cut and text in self._raw:
            self._wanted = text
            self.show_all()
            return True
        self.moveCursor(QTextCursor.MoveOperation.Start)
        return self.find(text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.setTextCursor(self.cursorForPosition(event.pos()))
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the text, and with the value in the line of the cursor."""
        menu = self.createStandardContextMenu()
        if self.more.text():
            menu.addAction(self.more.text(), self.show_all)
        path = self.current_path()
        if self.offers_columns and path:
            menu.addSeparator()
            action = menu.addAction(visible(said("Show {path} as a column", path=path_text(path))))
            action.setData(path)
            action.triggered.connect(self._want_column)
        if path:
            self.menu_opens.emit(menu, path)
        return menu

    def current_path(self) -> Path:
        """Of the value in the line of the cursor; empty for the whole document."""
        block = self.textCursor().blockNumber()
        lines = self._lines or indented(self._raw).split("\n")
        return path_of_line(lines, self._line_of[min(block, len(self._line_of) - 1)])

    @Slot()
    def _want_column(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.column_wanted.emit(action.data())

    @Slot()
    def _restyle(self) -> None:
        self.setFont(themes().current.mono_font())
        self._round += 1
        self._color_visible()

    @Slot()
    def _color_visible(self) -> None:
        """Colour the lines in sight; a highlighter would walk through all of them."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= self.viewport().height():
            if block.userState() != self._round:
                block.setUserState(self._round)
                block.layout().setFormats(_colored(block.text()))
            top += self.blockBoundingRect(block).height()
            block = block.next()


def _colored(text: str) -> list[QTextLayout.FormatRange]:
    """The parts of one line that have a colour of their own."""
    theme, ranges = themes().current, []
    for found in _COLORS.finditer(text):
        name = _NAMES.get(found.lastgroup or "")
        if name is None:  # texts have the editor's own colour
            continue
        made = QTextLayout.FormatRange()
        made.start, made.length = found.start(), found.end() - found.start()
        made.format = _format(theme[name].name())
        ranges.append(made)
    return ranges


@lru_cache
def _format(color: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    return made
