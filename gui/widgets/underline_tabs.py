"""Tabs that are underlined by the accent, and know their pages by id."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from gui.widgets.tips import tip_text

PADDINGS: Final = {"": 12, "tight": 8, "tighter": 5, "tightest": 3}  # as the style has them


class UnderlineTabs(QTabWidget):
    """`tab_chosen(id)` whenever another page comes to the front. Every tab is in sight: where there
    is little room they stand closer together, and where that is not enough their words are cut,
    and tell all of them on hover."""

    tab_chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._ids: list[str] = []
        self.setAccessibleName(name)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabBar().setAccessibleName(name)
        self.tabBar().setExpanding(False)
        self.tabBar().setDrawBase(False)
        self.currentChanged.connect(self._tell)

    def add(self, tab_id: str, title: str, page: QWidget) -> None:
        """Put a page behind the others; the first one is shown."""
        self._ids.append(tab_id)
        if not page.accessibleName():
            page.setAccessibleName(title)
        self.addTab(page, title)
        self._fit()

    def set_title(self, tab_id: str, title: str) -> None:
        """Rename a tab, for example to add a count."""
        self.setTabText(self._ids.index(tab_id), title)
        self._fit()

    def choose(self, tab_id: str) -> None:
        """Bring a page to the front; an unknown id (of an older layout) changes nothing."""
        if tab_id in self._ids:
            self.setCurrentIndex(self._ids.index(tab_id))

    def has(self, tab_id: str) -> bool:
        """Whether there is a page with this id."""
        return tab_id in self._ids

    def chosen(self) -> str:
        """The id of the page in front; "" while there are none."""
        at = self.currentIndex()
        return self._ids[at] if 0 <= at < len(self._ids) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """As much room around the words as there is."""
        bar = self.tabBar()
        words = [bar.fontMetrics().horizontalAdvance(self.tabText(at)) for at in range(bar.count())]
        fitting = (
            name
            for name, padding in PADDINGS.items()
            if sum(words) + len(words) * 2 * padding <= self.width()
        )
        found = next(fitting, "tightest")
        room = self.width() - len(words) * 2 * PADDINGS[found]
        for at in range(bar.count()):
            self.setTabToolTip(at, tip_text(self.tabText(at)) if sum(words) > room else "")
        if bar.property("room") != found:
            bar.setProperty("room", found)
            QCoreApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))  # laid out anew

    @Slot(int)
    def _tell(self, at: int) -> None:
        if 0 <= at < len(self._ids):
            self.tab_chosen.emit(self._ids[at])
