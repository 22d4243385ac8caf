"""A button as a card: what it opens, in a title, a few words and a small picture."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.small_timeline import SmallTimeline
from gui.words import said

LEAST_PX: Final = 200


class PictureCard(QPushButton):
    """A button: `wanted(key)`. With `can_be_forgotten` its menu takes it off the list:
    `forget_wanted(key)`; with `can_be_renewed` it makes another copy: `fresh_wanted(key)`."""

    wanted = Signal(str)
    forget_wanted = Signal(str)
    fresh_wanted = Signal(str)

    def __init__(
        self,
        key: str,
        *,
        title: str,
        about: str,
        opens: str,
        can_be_forgotten: bool = False,
        can_be_renewed: bool = False,
    ) -> None:
        """`opens`: what a click does, for who hears it."""
        super().__init__()
        self.key = key
        self._can_be_forgotten, self._can_be_renewed = can_be_forgotten, can_be_renewed
        self._inner = QVBoxLayout(self)
        self.setProperty("role", "card")
        self.setAccessibleName(opens)
        self.setAccessibleDescription(about)
        as_high = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        as_high.setHeightForWidth(True)  # as its words need
        self.setSizePolicy(as_high)
        self.title, self.about = ElidedLabel(title, role="card-title"), QLabel(about)
        self.picture = SmallTimeline()
        self.when, self.told = ElidedLabel(role="faint"), ElidedLabel(role="faint")
        self._lay_out()
        self.clicked.connect(self._want)

    def show_facts(self, when: str, facts: str, bars: Sequence[Sequence[int]]) -> None:
        """Fill in what is known by now; `bars[bucket][series]` are counts."""
        self.when.set_text(when)
        self.told.set_text(facts)
        self.picture.show_bars(bars)
        self.setAccessibleDescription(f"{self.about.text()} {when} {facts}".strip())

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_PX, self._inner.minimumSize().height())

    def heightForWidth(self, width: int) -> int:
        return self._inner.heightForWidth(width)

    def menu_(self) -> LetteredMenu:
        """What can be done with it."""
        menu = LetteredMenu(parent=self)
        menu.addAction(said("Open"), self._want)
        if self._can_be_forgotten:
            menu.addAction(said("Remove from this list"), self._forget)
        if self._can_be_renewed:
            menu.addAction(said("Open a fresh copy"), self._renew)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.mapToGlobal(QPoint(12, 12)) if by_key else event.globalPos()
        menu = self.menu_()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _lay_out(self) -> None:
        self.about.setProperty("role", "dim")
        self.about.setWordWrap(True)
        self.about.setVisible(bool(self.about.text()))
        inner = self._inner
        inner.setContentsMargins(12, 10, 12, 10)
        inner.addWidget(self.title)
        inner.addWidget(self.about)
        inner.addStretch(1)
        inner.addWidget(self.picture)
        inner.addWidget(self.when)
        inner.addWidget(self.told)
        for label in (self.title, self.about, self.when, self.told):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @Slot()
    def _want(self) -> None:
        self.wanted.emit(self.key)

    @Slot()
    def _renew(self) -> None:
        self.fresh_wanted.emit(self.key)

    @Slot()
    def _forget(self) -> None:
        self.forget_wanted.emit(self.key)
