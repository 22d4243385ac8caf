"""Rows of a kind, a field and a value, which are added and taken away."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.noted_fields import NoteTone, show_note
from gui.widgets.form.offered_box import OfferedBox
from gui.words import said

SHARES: Final = (0, 4, 3, 3)  # of kind, field, value and note


class RowForm(NamedTuple):
    """A kind of row."""

    kind: str
    title: str  # for people
    words: tuple[str, str]  # what the field and the value stand for
    values: tuple[str, ...]  # that can be chosen; none: any text


class TypedRow(NamedTuple):
    """What a row says."""

    kind: str
    what: str
    to: str


class _Row:
    """The controls of one row."""

    def __init__(self, forms: Sequence[RowForm], number: int) -> None:
        self._forms = {it.kind: it for it in forms}
        self.kind = Dropdown()
        self.kind.setAccessibleName(said("Rule {number}", number=number))
        for it in forms:
            self.kind.addItem(it.title, it.kind)
        self.what = OfferedBox(said("Rule {number}: field", number=number))
        self.to = OfferedBox(said("Rule {number}: value", number=number))
        self.note = ElidedLabel(role="dim")
        self.remove = QPushButton(said("Remove"))
        self.remove.setAccessibleName(said("Remove rule {number}", number=number))
        self.remove.setAutoDefault(False)
        self.fit({})

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        return (self.kind, self.what, self.to, self.note, self.remove)

    def said(self) -> TypedRow:
        return TypedRow(str(self.kind.currentData()), self.what.text(), self.to.text())

    def fit(self, offers: Mapping[str, Sequence[str]]) -> None:
        """Offer what the kind of row takes."""
        form = self._forms[str(self.kind.currentData())]
        for box, words in ((self.what, form.words[0]), (self.to, form.words[1])):
            line = box.lineEdit()
            assert line is not None
            line.setPlaceholderText(words)
        self.what.offer(offers.get(form.kind, ()))
        self.to.offer(form.values)
        if form.values and self.to.text() not in form.values:
            self.to.set_text(form.values[0])

    def fill(self, row: TypedRow) -> None:
        self.kind.setCurrentIndex(self.kind.findData(row.kind))
        self.what.set_text(row.what)
        self.to.set_text(row.to)


class RuleRows(QWidget):
    """`edited()` with every change by a person's hand."""

    edited = Signal()

    def __init__(self, name: str, forms: Sequence[RowForm]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._forms = forms
        self._offers: Mapping[str, Sequence[str]] = {}
        self._rows: list[_Row] = []
        self.add_button = QPushButton(said("Add a rule"))
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add_empty)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        for column, share in enumerate(SHARES):
            self._grid.setColumnStretch(column, share)
        cells = QHBoxLayout()
        cells.addWidget(self.add_button)
        cells.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 6, 8, 6)
        rows.addLayout(self._grid)
        rows.addLayout(cells)
        rows.addStretch(1)

    def rows(self) -> list[TypedRow]:
        """What the rows say, in order; empty ones too."""
        return [it.said() for it in self._rows]

    def row(self, at: int) -> tuple[Dropdown, OfferedBox, OfferedBox, QPushButton]:
        """The controls of a row: kind, field, value, and what takes it away."""
        it = self._rows[at]
        return it.kind, it.what, it.to, it.remove

    def note(self, at: int) -> str:
        """What stands behind a row."""
        return self._rows[at].note.full_text()

    def set_rows(self, rows: Sequence[TypedRow]) -> None:
        """These, and no others."""
        while self._rows:
            self._take_away(self._rows[-1])
        for it in rows:
            self._add(it)

    def offer(self, offers: Mapping[str, Sequence[str]]) -> None:
        """What the fields of each kind of row can be filled from."""
        self._offers = offers
        for it in self._rows:
            it.fit(offers)

    def show_notes(self, notes: Mapping[int, tuple[NoteTone, str]]) -> None:
        """What is to be said behind some rows."""
        for at, it in enumerate(self._rows):
            show_note(it.note, *notes.get(at, ("dim", "")))

    def _add(self, row: TypedRow | None = None) -> None:
        it = _Row(self._forms, len(self._rows) + 1)
        if row is not None:
            it.fill(row)
        it.fit(self._offers)
        self._rows.append(it)
        at = self._grid.rowCount()
        for column, widget in enumerate(it.widgets):
            self._grid.addWidget(widget, at, column)
        it.kind.activated.connect(self._fit)
        for box in (it.what, it.to):
            box.edited.connect(self.edited)
        it.remove.clicked.connect(self._remove)

    def _take_away(self, row: _Row) -> None:
        self._rows.remove(row)
        for widget in row.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    @Slot()
    def _add_empty(self) -> None:
        self._add()
        self._rows[-1].kind.setFocus()
        self.edited.emit()

    @Slot()
    def _fit(self) -> None:
        for it in self._rows:
            it.fit(self._offers)
        self.edited.emit()

    @Slot()
    def _remove(self) -> None:
        sender = self.sender()
        row = next((it for it in self._rows if it.remove is sender), None)
        if row is not None:
            self.add_button.setFocus()
            self._take_away(row)
            self.edited.emit()
