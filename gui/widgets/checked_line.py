"""A line that is checked when it is left: what is wrong stands under the character it concerns."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.words import Words


class CheckedLine(QWidget):
    """`wrong(text)` gives a place and what is wrong there, or None; it must be quick."""

    def __init__(self, name: str, wrong: Callable[[str], tuple[int, str] | None]) -> None:
        super().__init__()
        self._wrong = wrong
        self.line = _Line()
        self.line.setAccessibleName(name)
        self.line.setFont(themes().current.mono_font())
        self.message = Words("error")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(self.line)
        rows.addWidget(self.message)
        self.setFocusProxy(self.line)
        self.line.editingFinished.connect(self.check)
        self.line.textEdited.connect(self._forget)

    def text(self) -> str:
        """What stands there."""
        return self.line.text()

    @Slot()
    def check(self) -> bool:
        """Whether the text is right; otherwise say what is not, with the cursor at the place."""
        found = self._wrong(self.line.text())
        if found is None:
            self._forget()
            return True
        at, problem = found
        self.line.setCursorPosition(at)
        self.message.setIndent(min(self.line.cursor_x(), self.width() // 2))
        self.message.say(f"↑ {problem}")
        self.line.setAccessibleDescription(f"character {at + 1}: {problem}")
        return False

    @Slot()
    def _forget(self) -> None:
        self.message.say("")
        self.line.setAccessibleDescription("")


class _Line(QLineEdit):
    def cursor_x(self) -> int:
        """Where the cursor is, from the left edge."""
        return self.cursorRect().center().x()
