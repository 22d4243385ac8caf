"""A small upper-case header above its content."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.elided_label import ElidedLabel
from gui.words import said

FOLD_PX: Final = 24  # a hand hits it


class Section(QWidget):
    """One titled part of a panel; the title is also the accessible name.

    One that folds has an arrow before its title, which hides and shows its content: `turned(is
    open)`.
    """

    turned = Signal(bool)

    def __init__(self, title: str, content: QWidget | None = None, *, folds: bool = False) -> None:
        super().__init__()
        theme = themes().current
        self._fold = QToolButton()
        self._is_open = True
        self._fold.setAutoRaise(True)
        self._fold.setArrowType(Qt.ArrowType.DownArrow)
        self._fold.setFixedSize(FOLD_PX, FOLD_PX)
        if not folds:  # else it is shown with its parent: alone it would open a window
            self._fold.hide()
        self._fold.clicked.connect(self._turn)
        self._title, self._count = ElidedLabel(role="section"), ElidedLabel(role="faint")
        self._content: QWidget | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.unit_px)
        self._rows.addLayout(self._header(theme.padding_px, theme.unit_px * 2))
        self.set_title(title)
        self.set_count("")
        if content is not None:
            self.set_content(content)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Show the content, or the header alone."""
        self._is_open = is_open
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self._fold.setArrowType(arrow)
        high = QSizePolicy.Policy.Preferred if is_open else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, high)
        if self._content is not None:
            self._content.setVisible(is_open)
        self._name_fold()

    def set_title(self, title: str) -> None:
        """Write the header; it is shown in capitals."""
        self.setAccessibleName(title)
        self._name_fold()
        self._title.set_text(title.upper())

    def set_count(self, text: str) -> None:
        """A faint number beside the header; "" hides it."""
        self._count.set_text(text)
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
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight)
        header.setContentsMargins(side_px, top_px, side_px, 0)
        header.addWidget(self._fold)
        header.addWidget(self._title)
        header.addWidget(self._count, 1)  # of what the title leaves
        header.addStretch(0)  # without a count, what is left
        return header

    @Slot()
    def _turn(self) -> None:
        self.set_open(not self._is_open)
        self.turned.emit(self._is_open)

    def _name_fold(self) -> None:
        verb = said("Hide") if self._is_open else said("Show")
        self._fold.setAccessibleName(f"{verb} {self.accessibleName()}")
