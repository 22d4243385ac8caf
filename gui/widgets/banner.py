"""A strip above a panel: what happened, to what, and what to do about it."""

from typing import Final, Literal

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.icons import icon, pixmap
from gui.look.theme import themes
from gui.words import said
from store.visible_text import begun, visible_lines

Tone = Literal["error", "warn"]

EDGE_PX: Final = 3
ICON_PX: Final = 16
TINT: Final = 0.10  # how much of the tone lies over the panel


class Banner(QWidget):
    """Hidden until there is a problem, and once a person closes it (Esc or ×)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._tone: Tone = "error"
        self._details = ""
        self._icon, self._happened, self._to_do = QLabel(), QLabel(), QLabel()
        self._copy, self._close = QPushButton(said("Copy details")), QToolButton()
        self._set_up()
        self._lay_out()
        self.hide()
        themes().changed.connect(self._restyle)

    def show_problem(
        self, happened: str, *, to_do: str = "", details: str = "", tone: Tone = "error"
    ) -> None:
        """Show one problem in place of what was shown; `details` can be copied."""
        self._tone, self._details = tone, details
        happened, to_do = visible_lines(begun(happened)), visible_lines(begun(to_do))
        self._happened.setText(happened)
        self._to_do.setText(to_do)
        self._to_do.setVisible(bool(to_do))
        self._copy.setVisible(bool(details))
        self.setAccessibleDescription(f"{happened} {to_do}".strip())
        self._restyle()
        self.show()

    @property
    def details(self) -> str:
        """What can be copied of the problem."""
        return self._details

    @Slot()
    def dismiss(self) -> None:
        """Close it, as a person would."""
        self.hide()

    def withdraw(self, happened: str) -> None:
        """Close it where it still shows this: it is not so any more."""
        if self._happened.text() == visible_lines(begun(happened)):
            self.dismiss()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme["panel"])
        painter.setOpacity(TINT)
        painter.fillRect(self.rect(), theme[self._tone])
        painter.setOpacity(1.0)
        painter.fillRect(QRect(0, 0, EDGE_PX, self.height()), theme[self._tone])

    def _set_up(self) -> None:
        selectable = (
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        for label, name in (
            (self._happened, said("What happened")),
            (self._to_do, said("What to do")),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(selectable)
            label.setAccessibleName(name)
        self._to_do.setProperty("role", "dim")
        self._copy.setAccessibleName(said("Copy details"))
        self._close.setAccessibleName(said("Dismiss"))
        self._close.setToolTip(said("Dismiss"))
        self._copy.clicked.connect(self._copy_details)
        self._close.clicked.connect(self.dismiss)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _lay_out(self) -> None:
        theme, top = themes().current, Qt.AlignmentFlag.AlignTop
        words = QVBoxLayout()
        words.setSpacing(theme.unit_px // 2)
        words.addWidget(self._happened)
        words.addWidget(self._to_do)
        row = QHBoxLayout(self)
        row.setContentsMargins(
            theme.padding_px, theme.unit_px * 2, theme.unit_px * 2, theme.unit_px * 2
        )
        row.setSpacing(theme.unit_px * 2)
        row.addWidget(self._icon, 0, top)
        row.addLayout(words, 1)
        row.addWidget(self._copy, 0, top)
        row.addWidget(self._close, 0, top)

    @Slot()
    def _copy_details(self) -> None:
        parts = (self._happened.text(), self._to_do.text(), self._details)
        QApplication.clipboard().setText("\n".join(part for part in parts if part))

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        self._icon.setPixmap(pixmap("triangle-alert", theme[self._tone], ICON_PX))
        self._close.setIcon(icon("x", theme["text_dim"]))
        self.update()
