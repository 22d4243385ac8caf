"""What a list says while it has no rows: what would be here, and what to do about it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QLabel
from shiboken6 import isValid

from gui.look.theme import themes
from store.visible_text import begun, visible_lines

_PLACED: Final = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)


class EmptyWords(QLabel):
    """Lies over the rows of a list, table or tree while there are none. It takes no mouse, and a
    screen reader hears it as the description of the list."""

    def __init__(
        self,
        view: QAbstractItemView,
        words: str = "",
        *,
        is_empty: Callable[[], bool] | None = None,
    ) -> None:
        """`is_empty` is for a view that hides rows: `look()` asks it."""
        super().__init__(view)
        self._view, self._is_empty = view, is_empty or self._has_no_rows
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "dim")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.viewport().installEventFilter(self)
        self.follow(view.model())
        self.say(words)

    def follow(self, model: QAbstractItemModel | None) -> None:
        """Watch the rows of the model that the view has now."""
        if model is not None:
            for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
                signal.connect(self.look)
        self.look()

    def say(self, words: str) -> None:
        """Say this from now on; nothing at all with an empty text."""
        self.setText(visible_lines(begun(words)))
        self.look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PLACED:
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def look(self) -> None:
        """Whether there are rows now."""
        if not isValid(self._view):
            return  # a model that is the view's own empties itself when the view is half gone
        is_said = bool(self.text()) and self._is_empty()
        self._view.setAccessibleDescription(self.text() if is_said else "")
        self._place()
        self.setVisible(is_said)

    def _has_no_rows(self) -> bool:
        model = self._view.model()
        return model is None or not model.rowCount()

    def _place(self) -> None:
        room = themes().current.unit_px
        seen = self._view.viewport().geometry()
        self.setGeometry(seen.adjusted(room, 0, -room, 0))
