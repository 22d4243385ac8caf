"""The head of one pane: three choices, a line for an exact one, and what came of them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.branch_tint import TINT_PX, paint_tint
from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.words import said

OTHER: Final = "other"  # no address of a server


class PaneHead(QWidget):
    """`chosen(name, moment)` when a person chooses, `typed(text)` when they have written an exact
    moment. `moments` are ids and words; that with the id `exact` has the line. `source_chosen(id)`
    where the rows are to come from, `source_wanted()` when another one is to be named."""

    chosen = Signal(str, str)
    typed = Signal(str)
    source_chosen = Signal(str)
    source_wanted = Signal()

    def __init__(self, name: str, moments: Sequence[tuple[str, str]], *, exact: str) -> None:
        super().__init__()
        self.source, self.view, self.moment = Dropdown(), Dropdown(), Dropdown()
        self.exact = QLineEdit()
        self.message = ElidedLabel(role="faint")
        self._exact, self.branch = exact, ""
        themes().changed.connect(self.update)
        self.source.setAccessibleName(said("Source of the {name} pane", name=name))
        self.view.setAccessibleName(said("View of the {name} pane", name=name))
        self.moment.setAccessibleName(said("Moment of the {name} pane", name=name))
        self.exact.setAccessibleName(said("Exact moment of the {name} pane", name=name))
        for moment, words in moments:
            self.moment.addItem(words, moment)
        self._lay_out()
        self.view.activated.connect(self._choose)
        self.moment.activated.connect(self._choose)
        self.exact.editingFinished.connect(self._type)
        self.source.activated.connect(self._choose_source)
        self.show_sources("", (("", said("here")),))

    def show_sources(self, source: str, sources: Sequence[tuple[str, str]]) -> None:
        """Where the rows come from, among ids and words; the last line names another one. An id is
        told on hover."""
        offered = [*sources, (OTHER, said("Query store…"))]
        if [self.source.itemData(it) for it in range(self.source.count())] != [
            it for it, _ in offered
        ]:
            self.source.clear()
            for at, (it, words) in enumerate(offered):
                self.source.addItem(words, it)
                tip = it if "://" in it else ""
                self.source.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
        self._source = source
        self.source.setCurrentIndex(self.source.findData(source))
        self.source.setToolTip(source if "://" in source else "")

    def show_branch(self, name: str) -> None:
        """Whether the rows are of a branch, so that nobody takes them for the log's; "" is not."""
        self.branch = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The head of a branch is tinted."""
        super().paintEvent(event)
        if self.branch:
            paint_tint(self)

    def show_choice(self, name: str, names: Sequence[str], moment: str, exact: str) -> None:
        """What is chosen, among the names there are; one that is gone stays until another is
        chosen. A text that is being typed stays too."""
        _offer(self.view, [*names, *([] if name in names else [name])])
        self.view.setCurrentText(name)
        self.moment.setCurrentIndex(self.moment.findData(moment))
        self.exact.setVisible(moment == self._exact)
        if not self.exact.hasFocus() or not self.exact.isModified():
            self.exact.setText(exact)

    def allow(self, moment: str, words: str, *, is_allowed: bool) -> None:
        """Whether a moment may be chosen, and what it is called now."""
        at, items = self.moment.findData(moment), self.moment.model()
        self.moment.setItemText(at, words)
        if isinstance(items, QStandardItemModel):
            items.item(at).setEnabled(is_allowed)

    def _lay_out(self) -> None:
        self.exact.setPlaceholderText(said("position or time"))
        self.exact.setToolTip(
            said("The pane stays at this moment when events arrive or the cursor moves")
        )
        self.exact.hide()
        self.message.setMinimumHeight(self.exact.sizeHint().height())  # heads are of one height
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.view, 3)
        above.addWidget(self.moment, 2)
        below.addWidget(self.source, 3)
        below.addWidget(self.exact, 2)
        below.addWidget(self.message, 3)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, TINT_PX + 1)
        rows.setSpacing(4)
        rows.addLayout(above)
        rows.addLayout(below)

    @Slot()
    def _choose_source(self) -> None:
        chosen = self.source.currentData()
        if chosen == OTHER:
            self.source.setCurrentIndex(self.source.findData(self._source))
            self.source_wanted.emit()
        else:
            self.source_chosen.emit(chosen)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.view.currentText(), self.moment.currentData())

    @Slot()
    def _type(self) -> None:
        if self.exact.isModified():
            self.exact.setModified(False)
            self.typed.emit(self.exact.text())


def _offer(box: Dropdown, names: list[str]) -> None:
    """Have these in the list, without touching what stays: it may be open."""
    for at in reversed(range(box.count())):
        if box.itemText(at) not in names:
            box.removeItem(at)
    for at, name in enumerate(names):
        if box.findText(name) < 0:
            box.insertItem(at, name)
