"""Fields with a name at the left and a note at the right; a note moves nothing."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.file_row import label_of
from gui.widgets.form.offered_box import OfferedBox
from gui.widgets.tips import set_tip

NoteTone: TypeAlias = Literal["dim", "warn", "error"]
SHARES: Final = (0, 4, 5)  # of name, field and note: how they share what is left
COLUMNS: Final = 2  # of fields, filled from above
GAP_PX: Final = 16  # between them


class NamedField(NamedTuple):
    """One field."""

    name: str  # for whoever asks
    title: str  # for people
    about: str  # shown as its note while there is nothing else to say


class NotedFields(QWidget):
    """`edited()` with every change by a person's hand."""

    edited = Signal()

    def __init__(self, name: str, fields: Sequence[NamedField], placeholder: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._about = {it.name: it.about for it in fields}
        self._boxes: dict[str, OfferedBox] = {}
        self._notes: dict[str, ElidedLabel] = {}
        rows = QGridLayout(self)
        rows.setContentsMargins(8, 6, 8, 6)
        rows.setVerticalSpacing(4)
        width = len(SHARES) + 1
        for column in range(COLUMNS):
            for at, share in enumerate(SHARES):
                rows.setColumnStretch(column * width + at, share)
            if column:
                rows.setColumnMinimumWidth(column * width - 1, GAP_PX)
        height = -(-len(fields) // COLUMNS)
        for number, it in enumerate(fields):
            left, at = number // height * width, number % height
            box = OfferedBox(it.title, placeholder)
            note = ElidedLabel(it.about, role="dim")
            self._boxes[it.name], self._notes[it.name] = box, note
            title: QLabel = label_of(it.title, box)
            rows.addWidget(title, at, left, Qt.AlignmentFlag.AlignRight)
            rows.addWidget(box, at, left + 1)
            rows.addWidget(note, at, left + 2)
            box.edited.connect(self.edited)
        rows.setRowStretch(height, 1)

    def box(self, name: str) -> OfferedBox:
        """The field of a name."""
        return self._boxes[name]

    def note(self, name: str) -> str:
        """What stands beside a field."""
        return self._notes[name].full_text()

    def offer(self, values: Sequence[str]) -> None:
        """What every field can be filled from."""
        for it in self._boxes.values():
            it.offer(values)

    def values(self) -> dict[str, str]:
        """What is in the fields that are not empty."""
        return {name: it.text() for name, it in self._boxes.items() if it.text()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Fill the fields; the others become empty."""
        for name, it in self._boxes.items():
            it.set_text(values.get(name, ""))

    def show_notes(self, notes: Mapping[str, tuple[NoteTone, str]]) -> None:
        """What is to be said beside some fields; the others say what they are for."""
        for name, label in self._notes.items():
            tone, text = notes.get(name, ("dim", self._about[name]))
            show_note(label, tone, text)
            set_tip(self._boxes[name], text)


def show_note(label: ElidedLabel, tone: NoteTone, text: str) -> None:
    """Say something in a tone."""
    if label.property("role") != tone:
        label.setProperty("role", tone)
        label.style().unpolish(label)
        label.style().polish(label)
    label.set_text(text)
