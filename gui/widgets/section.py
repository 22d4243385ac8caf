"""A small upper-case header above its content."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.look.theme import themes


class Section(QWidget):
    """One titled part of a panel; the title is also the accessible name."""

    def __init__(self, title: str, content: QWidget | None = None) -> None:
        super().__init__()
        theme = themes().current
        self._title, self._count = QLabel(), QLabel()
        self._title.setProperty("role", "section")
        self._count.setProperty("role", "faint")
        self._content: QWidget | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.unit_px)
        self._rows.addLayout(self._header(theme.padding_px, theme.unit_px * 2))
        self.set_title(title)
        self.set_count("")
        if content is not None:
            self.set_content(content)

    def set_title(self, title: str) -> None:
        """Write the header; it is shown in capitals."""
        self.setAccessibleName(title)
        self._title.setText(title.upper())

    def set_count(self, text: str) -> None:
        """A faint number beside the header; "" hides it."""
        self._count.setText(text)
        self._count.setVisible(bool(text))

    def set_content(self, content: QWidget) -> None:
        """Put `content` below the header; what was there is deleted."""
        if self._content is not None:
            self._rows.removeWidget(self._content)
            self._content.deleteLater()
        self._content = content
        self._rows.addWidget(content, 1)

    def _header(self, side_px: int, top_px: int) -> QHBoxLayout:
        header = QHBoxLayout()
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        header.setContentsMargins(side_px, top_px, side_px, 0)
        header.addWidget(self._title)
        header.addStretch(1)
        header.addWidget(self._count, 0, Qt.AlignmentFlag.AlignRight)
        return header
