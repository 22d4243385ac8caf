"""Tabs that are underlined by the accent, and know their pages by id."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QWidget


class UnderlineTabs(QTabWidget):
    """`tab_chosen(id)` whenever another page comes to the front."""

    tab_chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._ids: list[str] = []
        self.setAccessibleName(name)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
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

    def set_title(self, tab_id: str, title: str) -> None:
        """Rename a tab, for example to add a count."""
        self.setTabText(self._ids.index(tab_id), title)

    def choose(self, tab_id: str) -> None:
        """Bring a page to the front; an unknown id (of an older layout) changes nothing."""
        if tab_id in self._ids:
            self.setCurrentIndex(self._ids.index(tab_id))

    def chosen(self) -> str:
        """The id of the page in front; "" while there are none."""
        at = self.currentIndex()
        return self._ids[at] if 0 <= at < len(self._ids) else ""

    @Slot(int)
    def _tell(self, at: int) -> None:
        if 0 <= at < len(self._ids):
            self.tab_chosen.emit(self._ids[at])
