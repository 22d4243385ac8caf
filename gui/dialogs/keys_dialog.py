"""Every key by area, as the table of actions has them; those of actions can be others."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.actions import MENUS, ActionSpec
from gui.fixed_keys import FIXED_KEYS
from gui.key_bindings import KeyBindings
from gui.key_texts import key_text, refusal
from gui.widgets.empty_words import EmptyWords
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.search_field import SearchField
from gui.widgets.words import Words
from gui.words import said

ID: Final = Qt.ItemDataRole.UserRole  # of an action; rows of fixed keys have none
HINT: Final = said("Choose an action, then press its new key in the field.")
FIXED: Final = said("This key is built into a part of the window and cannot be changed.")


class KeysDialog(KeyedDialog):
    """What is changed counts at once, everywhere. A key that something else has is told before it
    is taken."""

    def __init__(
        self, specs: Iterable[ActionSpec], bindings: KeyBindings, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._specs = {it.id: it for it in specs}
        self._bindings = bindings
        self._rows: dict[str, QTreeWidgetItem] = {}
        self.setWindowTitle(said("Keys"))
        self.setAccessibleName(said("Keys"))
        self.search = SearchField(
            said("Find an action or a key"), said("find an action or a key"), pause_ms=0
        )
        self.tree = QTreeWidget()
        self.pressed = QKeySequenceEdit()
        self.set, self.add = QPushButton(said("&Set")), QPushButton(said("&Add"))
        self.clear = QPushButton(said("&No key"))
        self.reset, self.reset_all = QPushButton(said("&Reset")), QPushButton(said("Reset a&ll"))
        self.message = Words("dim")
        self.resize(620, 680)
        self._lay_out()
        self._fill()
        self._connect()
        self._show_choice()
        self.search.setFocus()

    def row(self, action_id: str) -> QTreeWidgetItem:
        """The line of an action."""
        return self._rows[action_id]

    @property
    def chosen(self) -> str:
        """The id of the action whose line is chosen; empty: none, or keys that stay."""
        item = self.tree.currentItem()
        return str(item.data(0, ID) or "") if item is not None else ""

    def _lay_out(self) -> None:
        self.tree.setAccessibleName(said("Actions and their keys"))
        self._none_found = EmptyWords(self.tree, is_empty=self._is_all_hidden)
        self.tree.setHeaderLabels(["does", "keys"])
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.pressed.setAccessibleName(said("New key"))
        self.pressed.setMaximumSequenceLength(1)
        for line in self.pressed.findChildren(QLineEdit):
            line.setAccessibleName(said("New key"))
            line.setPlaceholderText(said("press the new key"))
        cells = QHBoxLayout()
        label = QLabel(said("New &key"))
        label.setBuddy(self.pressed)
        for widget in (label, self.pressed, self.set, self.add, self.clear, self.reset):
            cells.addWidget(widget)
        cells.addWidget(self.reset_all)
        for button in (self.set, self.add, self.clear, self.reset, self.reset_all):
            button.setAutoDefault(False)  # Enter belongs to the list and the field
        rows = QVBoxLayout(self)
        rows.addWidget(self.search)
        rows.addWidget(self.tree, 1)
        rows.addWidget(self.message)
        rows.addLayout(cells)

    def _fill(self) -> None:
        areas: dict[str, QTreeWidgetItem] = {}
        for spec in self._specs.values():
            item = QTreeWidgetItem(_area(areas, self.tree, MENUS[spec.menu]), _cells(spec))
            item.setData(0, ID, spec.id)
            self._rows[spec.id] = item
        for fixed in FIXED_KEYS:
            QTreeWidgetItem(_area(areas, self.tree, fixed.area), [fixed.does, fixed.keys])
        self.tree.expandAll()
        self._show_keys()

    def _connect(self) -> None:
        self._bindings.changed.connect(self._show_keys)
        self._bindings.changed.connect(self._show_choice)
        self.search.searched.connect(self._filter)
        self.search.left.connect(self.reject)
        self.tree.currentItemChanged.connect(self._begin_choice)
        self.tree.itemActivated.connect(self._want_key)
        self.pressed.keySequenceChanged.connect(self._show_choice)
        self.set.clicked.connect(self._set)
        self.add.clicked.connect(self._add)
        self.clear.clicked.connect(self._clear)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._bindings.reset_all)

    @Slot()
    def _show_keys(self) -> None:
        for id_, item in self._rows.items():
            item.setText(1, "   ".join(map(key_text, self._bindings.keys(id_))))
            font = item.font(1)
            font.setBold(self._bindings.is_changed(id_))
            item.setFont(1, font)
        self.reset_all.setEnabled(any(map(self._bindings.is_changed, self._rows)))

    def _is_all_hidden(self) -> bool:
        areas = map(self.tree.topLevelItem, range(self.tree.topLevelItemCount()))
        return all(it is None or it.isHidden() for it in areas)

    @Slot(str)
    def _filter(self, text: str) -> None:
        """Lines that hold the text; the first one is chosen, so that Enter in the list goes on."""
        sought, first = text.casefold(), None
        for at in range(self.tree.topLevelItemCount()):
            area = self.tree.topLevelItem(at)
            rows = range(area.childCount()) if area is not None else ()
            items = [it for row in rows if area is not None and (it := area.child(row)) is not None]
            for item in items:
                is_found = sought in f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(not is_found)
                first = first or (item if is_found else None)
            if area is not None:
                area.setHidden(all(it.isHidden() for it in items))
        self._none_found.say(said("Nothing contains “{text}”.", text=text))
        if first is not None and text:
            self.tree.setCurrentItem(first)

    @Slot()
    def _begin_choice(self) -> None:
        self.pressed.clear()
        self._show_choice()

    @Slot()
    def _want_key(self) -> None:
        if self.chosen:
            self.pressed.setFocus()

    @Slot()
    def _show_choice(self) -> None:
        """What can be done with the chosen line and the key that was pressed, and what that does
        to others."""
        id_, key = self.chosen, self._key()
        wrong = refusal(key) if key else ""
        can = bool(id_ and key and not wrong)
        holder = self._bindings.holder(key, but=id_) if can else None
        for button in (self.set, self.add):
            button.setEnabled(can)
        self.set.setText(said("Re&assign") if holder else said("&Set"))
        self.pressed.setEnabled(bool(id_))
        self.clear.setEnabled(bool(id_ and self._bindings.keys(id_)))
        self.reset.setEnabled(bool(id_ and self._bindings.is_changed(id_)))
        if wrong:
            self.message.say(
                said(
                    "{key} cannot be assigned to an action: {wrong}.",
                    key=key_text(key),
                    wrong=wrong,
                ),
                role="error",
            )
        elif holder is not None:
            name = holder.text.rstrip("…")
            told = said(
                "{key} is assigned to “{name}”, which loses it if you reassign it.",
                key=key_text(key),
                name=name,
            )
            self.message.say(told, role="warn")
        else:
            self.message.say(self._hint(id_), role="dim")

    def _hint(self, id_: str) -> str:
        if id_:
            return self._told_of_reset(id_) or HINT
        return FIXED if self.tree.currentItem() is not None else HINT

    def _told_of_reset(self, id_: str) -> str:
        """Whom a reset would take keys from."""
        lost = [
            said("{key} from “{text}”", key=key_text(key), text=holder.text.rstrip("…"))
            for key in self._specs[id_].keys
            if (holder := self._bindings.holder(key, but=id_)) is not None
        ]
        return said("Reset also removes {lost}.", lost=", ".join(lost)) if lost else ""

    def _key(self) -> str:
        return self.pressed.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    @Slot()
    def _set(self) -> None:
        self._bind((self._key(),))

    @Slot()
    def _add(self) -> None:
        self._bind((*self._bindings.keys(self.chosen), self._key()))

    @Slot()
    def _clear(self) -> None:
        self._bind(())

    def _bind(self, keys: tuple[str, ...]) -> None:
        self._bindings.bind(self.chosen, tuple(dict.fromkeys(keys)))
        self.pressed.clear()
        self.tree.setFocus()

    @Slot()
    def _reset(self) -> None:
        self._bindings.reset(self.chosen)
        self.tree.setFocus()


def _cells(spec: ActionSpec) -> list[str]:
    """What it does; its keys are shown later."""
    return [spec.text.rstrip("…"), ""]


def _area(areas: dict[str, QTreeWidgetItem], tree: QTreeWidget, name: str) -> QTreeWidgetItem:
    """The heading of an area, made when it is first named."""
    if name not in areas:
        item = areas[name] = QTreeWidgetItem(tree, [name])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFirstColumnSpanned(True)
    return areas[name]
