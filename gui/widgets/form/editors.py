"""The editors of single values: text, numbers, yes or no, and choices."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QCompleter, QHBoxLayout, QLineEdit, QWidget

from gui.widgets.dropdown import Dropdown
from gui.widgets.form.schema import NOTHING, FieldSpec
from gui.words import said

HINTS: Final = {
    "date": "2026-03-14",
    "date-time": "2026-03-14T09:41:09Z",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


class LineEditor(QLineEdit):
    """Text, or a number kept exactly as it was typed. `edited()` when a person changes it."""

    edited = Signal()

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self._kind = spec.kind
        self.setAccessibleName(spec.label)
        self.setPlaceholderText(HINTS.get(spec.format, ""))
        self.textEdited.connect(self.edited)
        self._choices = QStringListModel(self)
        if spec.choices_kind:
            self._offer_choices()
        if spec.default is not NOTHING:
            self.set_value(spec.default)

    def value(self) -> Any:
        """What was typed; NOTHING for an empty field or for what is no number."""
        text = self.text()
        if self._kind == "text":
            return text if text else NOTHING
        try:
            return _number(text.strip(), self._kind) if text.strip() else NOTHING
        except ValueError:
            return NOTHING

    def set_value(self, value: Any) -> None:
        """Fill it."""
        self.setText("" if value is None else str(value))

    def problem(self) -> str:
        """What is wrong with the text itself; empty when it can be read."""
        text = self.text().strip()
        if self._kind == "text" or not text:
            return ""
        try:
            _number(text, self._kind)
        except ValueError as error:
            return str(error)
        return ""

    def set_choices(self, choices: Sequence[str]) -> None:
        """Complete what is typed from these."""
        self._choices.setStringList(list(choices))

    def show_problem(self, is_wrong: bool) -> None:
        """Frame the field as wrong, or not."""
        self.setProperty("problem", is_wrong)
        self.style().unpolish(self)
        self.style().polish(self)

    def _offer_choices(self) -> None:
        completer = QCompleter(self._choices, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._take_choice)
        self.setCompleter(completer)

    @Slot(str)
    def _take_choice(self, _text: str) -> None:
        self.edited.emit()


class BoxEditor(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__("yes")
        self.setAccessibleName(spec.label)
        if spec.default is True:
            self.setChecked(True)
        self.clicked.connect(self.edited)

    def value(self) -> Any:
        """True or False."""
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.setChecked(bool(value))

    def problem(self) -> str:
        """Nothing can be wrong with it."""
        return ""

    def show_problem(self, is_wrong: bool) -> None:
        """A rule may still refuse it; the words beside it say so."""


class ChoiceEditor(Dropdown):
    """One of the values of an enum."""

    edited = Signal()

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self._values = ((NOTHING,) if not spec.is_required else ()) + spec.choices
        self.setAccessibleName(spec.label)
        self.addItems(["" if it is NOTHING else str(it) for it in self._values])
        if spec.default in self._values:
            self.set_value(spec.default)
        self.activated.connect(self._tell)

    def value(self) -> Any:
        """The chosen one; NOTHING where none had to be chosen."""
        at = self.currentIndex()
        return self._values[at] if at >= 0 else NOTHING

    def set_value(self, value: Any) -> None:
        """Choose one."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def problem(self) -> str:
        """Nothing can be wrong with it."""
        return ""

    def show_problem(self, is_wrong: bool) -> None:
        """A rule may still refuse it; the words beside it say so."""

    @Slot(int)
    def _tell(self, _at: int) -> None:
        self.edited.emit()


Editor = LineEditor | BoxEditor | ChoiceEditor


def editor_of(spec: FieldSpec) -> Editor:
    """The editor for a single value."""
    if spec.kind == "boolean":
        return BoxEditor(spec)
    if spec.kind == "choice":
        return ChoiceEditor(spec)
    return LineEditor(spec)


def with_unit(editor: QWidget, unit: QWidget | None) -> QWidget:
    """An editor with its unit at the right."""
    if unit is None:
        return editor
    pair = QWidget()
    cells = QHBoxLayout(pair)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.addWidget(editor, 1)
    cells.addWidget(unit)
    return pair


def _number(text: str, kind: str) -> int | Decimal:
    """A number of any length, exactly. Raises ValueError."""
    if kind == "integer":
        try:
            return int(text)
        except ValueError:
            raise ValueError(said("a whole number is needed here")) from None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(said("a number is needed here, such as 12.50")) from None
    if not number.is_finite():
        raise ValueError(said("a number is needed here, such as 12.50"))
    return number
