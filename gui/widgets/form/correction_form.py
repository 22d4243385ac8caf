"""What is wrong about an event: one of three kinds, and what goes with it."""

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import themes
from gui.widgets.words import Words
from gui.words import said

Kind: TypeAlias = Literal["late", "rejected", "wrong"]
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "late": (
        said("It came too &late"),
        said("It belongs before an event that was recorded earlier."),
    ),
    "rejected": (said("It should &not be"), said("It was recorded by mistake.")),
    "wrong": (said("It was &wrong"), said("It should have said something else.")),
}


class CorrectionForm(QWidget):
    """`edited()` when a person changes anything. The fields that a kind does not need are off."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[Kind, QRadioButton] = {}
        self.before = QLineEdit()
        self.place = Words("faint")
        self.data = QPlainTextEdit()
        self.reason, self.actor = QLineEdit(), QLineEdit()
        self._lay_out()
        self._dress()

    def kind(self) -> Kind:
        """Which one is chosen."""
        return next(kind for kind, it in self.kinds.items() if it.isChecked())

    def fill(self, kind: Kind, *, data: str, actor: str) -> None:
        """What it begins with; a person has edited nothing."""
        self.blockSignals(True)
        self.kinds[kind].setChecked(True)
        self.data.setPlainText(data)
        self.actor.setText(actor)
        self.blockSignals(False)
        self._allow()

    def suggest_place(self, position: int | None) -> None:
        """Where a late event belongs by when it occurred, if that is known."""
        self.before.setPlaceholderText("" if position is None else f"{position:,}")
        fits = position is not None and not self.before.text().strip()
        told = said("By when it occurred, it belongs before the event at this position.")
        self.place.say(told if fits else "")

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        below = {"late": self._place_row(), "wrong": self.data}
        for kind, (title, why) in KINDS.items():
            radio = self.kinds[kind] = QRadioButton(title)
            radio.setAccessibleDescription(why)
            rows.addWidget(radio)
            rows.addWidget(Words("faint", why))
            if kind in below:
                rows.addWidget(below[kind], 1 if kind == "wrong" else 0)
        self.kinds["wrong"].setChecked(True)
        form = QFormLayout()
        form.addRow(said("&Reason"), self.reason)
        form.addRow(said("Corrected b&y"), self.actor)
        rows.addLayout(form)
        for radio in self.kinds.values():
            radio.toggled.connect(self._allow)
            radio.clicked.connect(self.edited)
        self.data.textChanged.connect(self.edited)
        for line in (self.before, self.reason, self.actor):
            line.textEdited.connect(self.edited)

    def _place_row(self) -> QWidget:
        box = QWidget()
        form = QFormLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(said("Belongs &before the event at"), self.before)
        form.addRow(self.place)
        return box

    def _dress(self) -> None:
        self.before.setAccessibleName(said("Position that it belongs before"))
        self.data.setAccessibleName(said("What the event should have said, as JSON"))
        self.data.setTabChangesFocus(True)
        self.data.setFont(themes().current.mono_font())
        self.data.setMinimumHeight(96)
        self.reason.setAccessibleName(said("Reason"))
        self.reason.setPlaceholderText(said("why it is corrected"))
        self.actor.setAccessibleName(said("Corrected by"))

    @Slot()
    def _allow(self) -> None:
        kind = self.kind() if any(it.isChecked() for it in self.kinds.values()) else "wrong"
        self.before.setEnabled(kind == "late")
        self.data.setEnabled(kind == "wrong")
        if kind != "late":
            self.place.say("")
