"""A form with room for every field, however low the panel is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.words import Words


class ScrolledForm(QScrollArea):
    """Scrolls up and down only: it is as wide as its widest field must be. `about` stands above
    the fields."""

    def __init__(self, name: str, about: str, form: QFormLayout) -> None:
        super().__init__()
        self._page = QWidget()
        self._page.setProperty("role", "panel")
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(Words("dim", about))
        rows.addLayout(form)
        rows.addStretch(1)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._page.minimumSizeHint().width() + bar
        return QSize(width, super().minimumSizeHint().height())
