"""A field to search with that offers what can stand at its cursor."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from gui.widgets.offers_popup import OffersPopup, corner_of, replace_word
from gui.widgets.search_field import SearchField


class OfferingField(SearchField):
    """`offers_wanted(text, cursor)` while one types, and on ↓ or Ctrl+Space."""

    offers_wanted = Signal(str, int)

    def __init__(self, name: str, placeholder: str, *, pause_ms: int = 120) -> None:
        super().__init__(name, placeholder, pause_ms=pause_ms)
        self._offers = OffersPopup(
            self, insert=partial(replace_word, self), corner=partial(corner_of, self)
        )
        self._offers.chosen.connect(self._want_offers)
        self.textEdited.connect(self._want_offers)

    def offered(self) -> list[str]:
        """The texts that are offered now."""
        return self._offers.texts()

    def offer(self, start: int, offers: Sequence[tuple[str, str]]) -> None:
        """Offer (text, detail) in place of the word that begins at `start`; none closes it."""
        if self.hasFocus():
            self._offers.show_offers(start, offers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == (Qt.Key.Key_Space if has_control else Qt.Key.Key_Down):
            self._want_offers()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _want_offers(self) -> None:
        self.offers_wanted.emit(self.text(), self.cursorPosition())
