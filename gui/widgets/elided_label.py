"""A label of one line that cuts its text with … and tells all of it on hover."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.widgets.elision import elided
from gui.widgets.tips import set_tip
from store.visible_text import begun, visible


class ElidedLabel(QLabel):
    """Takes any width it is given. `role` is a role of the style sheet (dim, faint, …)."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__()
        self._full, self._mode = "", mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.set_text(text)

    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full

    def set_text(self, text: str) -> None:
        """Show a text; line breaks become spaces."""
        full = visible(begun(" ".join(text.split("\n"))))
        if full == self._full and self.text():
            return
        self._full = full
        self.setAccessibleName(self._full)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 3, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        width = (
            self.fontMetrics().horizontalAdvance(self._full) + 1
        )  # it is rounded, and may be short
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cut()

    def _cut(self) -> None:
        shown = elided(self._full, QFontMetricsF(self.font()), max(self.width(), 1), self._mode)
        self.setText(shown)
        set_tip(self, self._full if shown != self._full else "")
