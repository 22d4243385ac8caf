"""A form whose fields depend on what is chosen first; each field offers what it could say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gui.widgets.dropdown import Dropdown
from gui.widgets.suggest_box import SuggestBox


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One line, and what is said of it where one points at it."""

    id: str
    title: str
    tip: str = ""


class KindForm(QWidget):
    """`edited()` when a person has changed something: `kind()` and `texts()` say what."""

    edited = Signal()

    def __init__(
        self,
        name: str,
        kinds: Mapping[str, str],
        shown: Mapping[str, Sequence[str]],
        fields: Sequence[FormField],
    ) -> None:
        """`kinds`: id → title; `shown`: of each kind the ids of its fields."""
        super().__init__()
        self.setAccessibleName(name)
        self._shown = shown
        self.choice = Dropdown()
        self.choice.setAccessibleName(name)
        for kind, title in kinds.items():
            self.choice.addItem(title, kind)
        self.boxes = {it.id: SuggestBox(it.title) for it in fields}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addRow(_label(name, self.choice), self.choice)
        for it in fields:
            box = self.boxes[it.id]
            box.setToolTip(it.tip)
            box.line.setToolTip(it.tip)
            self._rows.addRow(_label(it.title, box), box)
            box.edited.connect(self.edited)
        self.choice.activated.connect(self._change_kind)

    def kind(self) -> str:
        """What is chosen."""
        return str(self.choice.currentData())

    def texts(self) -> dict[str, str]:
        """What the fields say, those that are hidden too."""
        return {name: box.currentText() for name, box in self.boxes.items()}

    def show_kind(
        self, kind: str, texts: Mapping[str, str], offers: Mapping[str, Sequence[str]]
    ) -> None:
        """Show what is set, and what each field offers."""
        self.choice.setCurrentIndex(self.choice.findData(kind))
        for name, box in self.boxes.items():
            box.show_text(texts.get(name, ""), offers.get(name, ()))
        self._show_rows()

    @Slot()
    def _change_kind(self) -> None:
        self._show_rows()
        self.edited.emit()

    def _show_rows(self) -> None:
        for name, box in self.boxes.items():
            self._rows.setRowVisible(box, name in self._shown[self.kind()])


def _label(title: str, box: QWidget) -> QLabel:
    label = QLabel(title)
    label.setProperty("role", "dim")
    label.setBuddy(box)
    return label
