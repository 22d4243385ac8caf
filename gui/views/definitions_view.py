"""Definitions: every change of what people decided about the log, compared and put back."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.panel import Panel
from gui.viewmodels.definition_changes import ChangeRow, DifferenceRow, kind_words
from gui.viewmodels.definitions import DefinitionsViewModel
from gui.widgets.disabling import disable
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (
    said("change"),
    said("at"),
    said("kind"),
    said("how"),
    said("by"),
    said("definitions"),
    said("reason"),
)
SIDES: Final = (("before", said("the state before it")), ("now", said("the state now")))
EVERY: Final = said("All kinds")
ALL: Final = said("All of its kind")


class DefinitionsView(QWidget):
    """Asks for nothing while it is hidden. Changes are listed newest first."""

    def __init__(self, definitions: DefinitionsViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Definitions"))
        self._definitions = definitions
        self.words, self.warning, self.message = Words("dim"), Words("warn"), Words()
        self.compared = Words("dim")
        self.kind, self.against, self.only = QComboBox(), QComboBox(), QComboBox()
        self.list = TextGrid(
            said("Changes of definitions"),
            empty=said(
                "Changes of views, rules, bookmarks and other definitions are listed here, "
                "with who made them, when and why."
            ),
        )
        self.tree = JsonTree(
            said("Definitions after the change"),
            empty=said("No definition of this kind existed after the selected change."),
        )
        self.differences = TextGrid(
            said("Differences"), empty=said("The two states compared here are the same.")
        )
        self.why = QLineEdit()
        self.restore = QPushButton(said("Restore"))
        self.restore_before = QPushButton(said("Restore the state before"))
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._definitions.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._definitions.want(False)

    def begin(self) -> None:
        """The keyboard goes to the list of changes."""
        self.list.grid.setFocus()

    def _lay_out(self) -> None:
        self.kind.setAccessibleName(said("Kind of the listed changes"))
        self.against.setAccessibleName(said("Compare with"))
        self.only.setAccessibleName(said("What to restore"))
        self.why.setAccessibleName(said("Reason for restoring"))
        self.why.setPlaceholderText(said("reason for restoring"))
        self.restore.setToolTip(said("Use the definitions after the selected change again"))
        self.restore_before.setToolTip(said("Use the definitions before the selected change again"))
        for box in (self.kind, self.against, self.only):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.only.setMaximumWidth(260)
        top, middle, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.kind)
        middle.addWidget(self.compared, 1)
        label = QLabel(said("Compare with"))
        label.setBuddy(self.against)
        middle.addWidget(label)
        middle.addWidget(self.against)
        foot.addWidget(self.only)
        foot.addWidget(self.why, 1)
        foot.addWidget(self.restore)
        foot.addWidget(self.restore_before)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tree)
        split.addWidget(self.differences)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        rows.addLayout(top)
        rows.addWidget(self.warning)
        rows.addWidget(self.list, 3)
        rows.addLayout(middle)
        rows.addWidget(split, 4)
        rows.addWidget(self.message)
        rows.addLayout(foot)

    def _connect(self) -> None:
        self._definitions.changed.connect(self._show)
        self.list.row_chosen.connect(self._definitions.choose)
        self.kind.activated.connect(self._choose_kind)
        self.against.activated.connect(self._compare)
        self.restore.clicked.connect(self._restore)
        self.restore_before.clicked.connect(self._restore_before)
        self.why.returnPressed.connect(self._restore)

    @Slot()
    def _show(self) -> None:
        definitions, found = self._definitions, self._definitions.found
        self.words.say(definitions.words)
        self.warning.say(definitions.warning)
        self.compared.say(definitions.compared_words)
        self.message.say(definitions.said.text, role=definitions.said.role)
        self.list.show_rows(TITLES, [_change(it) for it in found.rows])
        _offer(self.kind, [("", EVERY), *((it, kind_words(it)) for it in found.kinds)])
        self._show_chosen()
        buttons = (self.restore, self.restore_before, self.why, self.only)
        if found.shown is None or found.why_not or definitions.is_restoring:
            disable(buttons, keyboard_to=self.list.grid)
        else:
            for it in buttons:
                it.setEnabled(True)
        self.why.setToolTip(found.why_not)

    def _show_chosen(self) -> None:
        found = self._definitions.found
        shown = found.shown
        if shown is None:
            self.tree.clear()
            self.differences.show_rows((), [])
            return
        numbers = [it.number for it in found.rows]
        if shown.number in numbers and self.list.grid.current_row() != numbers.index(shown.number):
            self.list.go_to_row(numbers.index(shown.number))
        if shown.value:
            self.tree.show_value(shown.value, title=shown.kind)
        else:
            self.tree.clear()
        titles = ("", said("definition"), said("field"), *shown.headings)
        self.differences.show_rows(titles, [_difference(it) for it in shown.differences])
        _offer(self.against, [*SIDES, *((str(number), text) for number, text in shown.others)])
        self.against.setCurrentIndex(self.against.findData(str(shown.against)))
        _offer(self.only, [("", ALL), *((it, it) for it in shown.names)])

    @Slot()
    def _choose_kind(self) -> None:
        self._definitions.choose_kind(self.kind.currentData())

    @Slot()
    def _compare(self) -> None:
        against = self.against.currentData()
        self._definitions.compare_with(int(against) if against.isdigit() else against)

    @Slot()
    def _restore(self) -> None:
        name = self.only.currentData() or None
        self._definitions.restore("after", name=name, why=self.why.text())

    @Slot()
    def _restore_before(self) -> None:
        name = self.only.currentData() or None
        self._definitions.restore("before", name=name, why=self.why.text())


def _offer(box: QComboBox, items: list[tuple[str, str]]) -> None:
    """Other choices, with the same one chosen where it is still there."""
    if items == [(box.itemData(at), box.itemText(at)) for at in range(box.count())]:
        return
    chosen = box.currentData()
    box.clear()
    for data, text in items:
        box.addItem(text, data)
    box.setCurrentIndex(max(box.findData(chosen), 0))


def _change(it: ChangeRow) -> TextRow:
    how = said("{how}, in use", how=it.how) if it.is_current else it.how
    return TextRow(texts=(f"{it.number:,}", it.at, it.kind, how, it.by, it.definitions, it.why))


def _difference(it: DifferenceRow) -> TextRow:
    return TextRow(texts=(it.sign, it.name, it.field, it.one, it.other))


PANEL: Final = Panel(
    id="definitions",
    title=said("Definitions"),
    area="tab",
    order=9,
    make=lambda it: DefinitionsView(it.definitions),
    begin=DefinitionsView.begin,
)
