"""A card that explains a part of a window, beside it, while the window can be used."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.words import Words
from gui.words import said

WIDTH_PX: Final = 320
GAP_PX: Final = 10
LINE_PX: Final = 2


class Callout(QFrame):
    """Lies over its window, beside the part that it speaks of, which is outlined.

    `next_wanted()`, `back_wanted()`, `end_wanted()`; Esc ends. What is below goes on taking mouse
    and keys.
    """

    next_wanted = Signal()
    back_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self._window = window
        self.setAccessibleName(name)
        self.setProperty("role", "callout")
        self._target: QWidget | None = None
        self._outline = _Outline(window)
        self.count, self.title, self.text = QLabel(), QLabel(), Words()
        self.next, self.back = QPushButton(said("Next")), QPushButton(said("Back"))
        self.end = QPushButton(said("End tour"))
        self._lay_out()
        self.next.clicked.connect(self.next_wanted)
        self.back.clicked.connect(self.back_wanted)
        self.end.clicked.connect(self.end_wanted)
        window.installEventFilter(self)

    def show_step(self, at: int, of: int, *, title: str, text: str, target: QWidget) -> None:
        """Step `at` of `of`, from 1, about `target`, a part of the window."""
        self._watch(target)
        self.count.setText(said("{at} of {value}", at=at, value=of))
        self.title.setText(title)
        self.text.say(text)
        self.setAccessibleDescription(f"{title}. {text}")
        self.back.setEnabled(at > 1)
        self.next.setText(said("Done") if at == of else said("Next"))
        self.show()
        self.place()
        self.next.setFocus()

    def leave(self) -> None:
        """Go away, and outline nothing."""
        self._watch(None)
        self._outline.hide()
        self._outline.deleteLater()
        self.hide()
        self.deleteLater()

    def place(self) -> None:
        """Stand beside the target, where there is room, else over its end."""
        if self._target is None:
            return
        around = QRect(self._target.mapTo(self._window, QPoint(0, 0)), self._target.size())
        self._outline.setGeometry(around)
        self._outline.show()
        self._outline.raise_()
        self.resize(WIDTH_PX, self._layout.heightForWidth(WIDTH_PX))
        self.move(place_beside(around, self.size(), self._window.size()))
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        moves = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.LayoutRequest)
        if event.type() in moves and self.isVisible():
            self.place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_focused()
        else:
            super().keyPressEvent(event)

    def _watch(self, target: QWidget | None) -> None:
        if self._target is not None:
            self._target.removeEventFilter(self)
            self._target.destroyed.disconnect(self.end_wanted)
        self._target = target
        if target is not None:
            target.installEventFilter(self)
            target.destroyed.connect(self.end_wanted)

    def _lay_out(self) -> None:
        self.count.setProperty("role", "faint")
        self.title.setProperty("role", "card-title")
        self.next.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.end)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 12, 14, 12)
        self._layout.setSpacing(8)
        for part in (self.count, self.title, self.text):
            self._layout.addWidget(part)
        self._layout.addLayout(buttons)

    @Slot()
    def _press_focused(self) -> None:
        for button in (self.next, self.back, self.end):
            if button.hasFocus():
                button.click()
                return


class _Outline(QWidget):
    """A line around the part that is spoken of; mouse and keys pass."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(said("Outline of what the tour describes"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(themes().current["accent"], LINE_PX))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


def place_beside(around: QRect, size: QSize, room: QSize) -> QPoint:
    """Where a card of this size stands: left of, right of, below or above a part of a room, wholly
    inside the room; where none fits, over the lower end of the part."""
    width, height = size.width(), size.height()
    top = max(0, min(around.top() + GAP_PX, room.height() - height - GAP_PX))
    left = max(0, min(around.left() + GAP_PX, room.width() - width - GAP_PX))
    places = (
        QPoint(around.left() - width - GAP_PX, top),
        QPoint(around.right() + GAP_PX, top),
        QPoint(left, around.bottom() + GAP_PX),
        QPoint(left, around.top() - height - GAP_PX),
    )
    whole = QRect(QPoint(0, 0), room)
    fits = [it for it in places if whole.contains(QRect(it, size))]
    over = QPoint(
        max(0, min(around.right() - width - GAP_PX, room.width() - width)),
        max(0, min(around.bottom() - height - GAP_PX, room.height() - height)),
    )
    return fits[0] if fits else over
