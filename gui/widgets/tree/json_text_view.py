"""JSON text to read: indented and coloured, every character of a value as it came."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from gui.look.theme import themes
from gui.widgets.tree.json_lines import Path, path_of_line
from gui.widgets.tree.json_words import path_text
from store.visible_text import visible, visible_lines

TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"')
_COLORS: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)

_NAMES: Final = {"key": "text_dim", "number": "accent", "word": "warn"}
_PAIRS: Final = {"{": "}", "[": "]"}


class JsonTextView(QPlainTextEdit):
    """Read-only. Numbers, escapes, the order of keys and repeated keys stay as they are.

    Where it `offers_columns` its menu asks by `column_wanted(path)` for a column of the value in
    the line. `menu_opens(menu, path)` is for whoever has more to do with that value.
    """

    column_wanted = Signal(object)
    menu_opens = Signal(object, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._raw = ""
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
            self._raw = text
            self.setPlainText(visible_lines(indented(text)))

    def raw(self) -> str:
        """The text as it was given."""
        return self._raw

    def find_text(self, text: str) -> bool:
        """Select the next place that contains `text`, from the top again after the last."""
        if self.find(text):
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
        path = self.current_path()
        if self.offers_columns and path:
            menu.addSeparator()
            action = menu.addAction(visible(f"Show {path_text(path)} as a column"))
            action.setData(path)
            action.triggered.connect(self._want_column)
        if path:
            self.menu_opens.emit(menu, path)
        return menu

    def current_path(self) -> Path:
        """Of the value in the line of the cursor; empty for the whole document."""
        lines = indented(self._raw).split("\n")
        return path_of_line(lines, self.textCursor().blockNumber())

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


def indented(text: str) -> str:
    """JSON over lines, two spaces a level; the tokens themselves are not touched."""
    return "".join(_lines(TOKENS.findall(text)))


def _lines(tokens: list[str]) -> Iterator[str]:
    """Each token with the white space it needs around it."""
    depth = 0
    for at, token in enumerate(tokens):
        follower = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in _PAIRS:
            yield token
            if follower != _PAIRS[token]:
                depth += 1
                yield "\n" + "  " * depth
        elif token in "}]":
            is_empty = at > 0 and _PAIRS.get(tokens[at - 1]) == token
            if not is_empty:
                depth = max(depth - 1, 0)
                yield "\n" + "  " * depth
            yield token
        elif token == ",":
            yield ",\n" + "  " * depth
        else:
            yield ": " if token == ":" else token
