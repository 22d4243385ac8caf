"""Back and forward through the places a person has been."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from gui.selection import Place, Selection

KEPT: Final = 100
SETTLED_MS: Final = 800  # moves closer together than this are one journey, such as a drag


class HistoryViewModel(QObject):
    """Remembers where the cursor rested. `changed()` when back or forward come or go."""

    changed = Signal()

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self._places: list[Place] = []
        self._index = -1
        self._is_travelling = False
        self._since_move = QElapsedTimer()
        selection.as_of_changed.connect(self._remember)
        selection.stream_changed.connect(self._remember)

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier place."""
        return self._index > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether `back` was used and nothing else since."""
        return self._index < len(self._places) - 1

    @Slot()
    def back(self) -> None:
        """To the place before this one."""
        if self.can_go_back:
            self._go(self._index - 1)

    @Slot()
    def forward(self) -> None:
        """Undo a step back."""
        if self.can_go_forward:
            self._go(self._index + 1)

    def _go(self, index: int) -> None:
        self._is_travelling = True
        self._index = index
        place = self._places[index]
        self._selection.choose_stream(place.stream)
        self._selection.seek(place.position)
        self._is_travelling = False
        self.changed.emit()

    @Slot()
    def _remember(self) -> None:
        if self._is_travelling or self._selection.is_following:
            return
        is_same_journey = self._since_move.isValid() and self._since_move.elapsed() < SETTLED_MS
        self._since_move.start()
        del self._places[self._index + 1 :]
        if is_same_journey and self._places:
            self._places.pop()
        self._places = [*self._places, self._selection.place][-KEPT:]
        self._index = len(self._places) - 1
        self.changed.emit()
