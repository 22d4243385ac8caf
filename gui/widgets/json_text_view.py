"""JSON text to read: indented and coloured, every character of a value as it came."""

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit

from gui.theme import themes

TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"')
_COLORS: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)
_NAMES: Final = {"key": "text_dim", "text": "text", "number": "accent", "word": "warn"}
_PAIRS: Final = {"{": "}", "[": "]"}


class JsonTextView(QPlainTextEdit):
    """Read-only. Numbers, escapes, the order of keys and repeated keys stay as they are."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._raw = ""
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("role", "plain")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self._colors = _Colors(self.document())
        self._restyle()
        themes().changed.connect(self._restyle)

    def show_json(self, text: str) -> None:
        """Show one document; text that is no JSON is shown as it is."""
        if text != self._raw:
            self._raw = text
            self.setPlainText(indented(text))

    def raw(self) -> str:
        """The text as it was given."""
        return self._raw

    def find_text(self, text: str) -> bool:
        """Select the next place that contains `text`, from the top again after the last."""
        if self.find(text):
            return True
        self.moveCursor(QTextCursor.MoveOperation.Start)
        return self.find(text)

    @Slot()
    def _restyle(self) -> None:
        self.setFont(themes().current.mono_font())
        self._colors.take_colors()


class _Colors(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}

    def take_colors(self) -> None:
        """Colour everything again from the theme in force."""
        for kind, name in _NAMES.items():
            made = QTextCharFormat()
            made.setForeground(themes().current[name])
            self._formats[kind] = made
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 Qt's name
        for found in _COLORS.finditer(text):
            kind = found.lastgroup
            if kind is not None and kind != "text":  # texts have the editor's own colour
                self.setFormat(found.start(), found.end() - found.start(), self._formats[kind])


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
