"""A form built from a JSON schema: labels, units, help, choices, and errors beside the fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.form.parts import ListPart, Part, ValuePart, part_of
from gui.widgets.form.schema import NOTHING, Path, Schemas
from gui.widgets.words import Words


class SchemaForm(QScrollArea):
    """`edited()` when a person changes a field, `submitted()` on Ctrl+Enter,
    `choices_wanted(kind)` for each kind of choices that comes from the data."""

    edited = Signal()
    submitted = Signal()
    choices_wanted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fields: list[Part] = []
        self._whole = Words("error")
        self._choices: dict[str, tuple[Sequence[str], str]] = {}
        self._asked: set[str] = set()
        self.show_schema({})

    def show_schema(
        self, schema: Mapping[str, Any], *, value: Mapping[str, Any] | None = None
    ) -> None:
        """Show the fields of an object, filled with a value where there is one."""
        schemas, page = Schemas(schema), QWidget()
        page.setProperty("role", "panel")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self._whole = Words("error")
        self._fields = [part_of(spec, schemas) for spec in schemas.fields()]
        for field in self._fields:
            rows.addWidget(field)
            field.edited.connect(self._tell_edited)
            if value is not None and field.spec.name in value:
                field.set_value(value[field.spec.name])
        rows.addWidget(self._whole)  # below the fields, which stay where they are
        rows.addStretch(1)
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()
        self.setWidget(page)
        self._asked.clear()
        self._want_choices()

    def value(self) -> dict[str, Any]:
        """What was given, by field name; empty optional fields are left out."""
        found = {it.spec.name: it.value() for it in self._fields}
        return {name: value for name, value in found.items() if value is not NOTHING}

    def problems(self) -> list[tuple[Path, str]]:
        """What cannot even be read, such as letters in a number; it is shown beside the fields."""
        found = [(path, part.problem()) for path, part in self.parts()]
        wrong = [(path, text) for path, text in found if text]
        if wrong:
            self.show_errors(wrong, focus=True)
        return wrong

    def show_errors(self, errors: Sequence[tuple[Path, str]], *, focus: bool = False) -> None:
        """Show each message beside the field that its path leads to, else below the fields."""
        parts = dict(self.parts())
        for part in parts.values():
            part.show_error("")
        told: dict[Path, list[str]] = {}
        for path, text in errors:
            told.setdefault(_nearest(tuple(path), parts), []).append(text)
        self._whole.say("; ".join(told.pop((), [])))
        for path, texts in told.items():
            parts[path].show_error("; ".join(texts))
        first = next((path for path in parts if path in told), None)
        if focus and first is None and self._whole.text():
            self.ensureWidgetVisible(self._whole)
        if focus and first is not None:
            parts[first].focus()
            self.ensureWidgetVisible(parts[first])

    def message(self) -> str:
        """What is told below the fields, of the form as a whole."""
        return self._whole.text()

    def set_choices(self, kind: str, choices: Sequence[str], note: str = "") -> None:
        """Offer these in every field that takes this kind; `note` says what is not among them."""
        self._choices[kind] = (choices, note)
        for _, part in self.parts():
            if isinstance(part, ValuePart):
                part.set_choices(kind, choices, note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def parts(self) -> list[tuple[Path, Part]]:
        """Every field that is shown, those of lists too, by path."""
        return [
            ((field.spec.name, *path), part)
            for field in self._fields
            for path, part in field.parts()
        ]

    def _want_choices(self) -> None:
        for _, part in self.parts():
            kind = part.spec.choices_kind
            if kind in self._choices and isinstance(part, ValuePart):
                part.set_choices(kind, *self._choices[kind])
            if kind and kind not in self._asked:
                self._asked.add(kind)
                self.choices_wanted.emit(kind)

    @Slot(QObject)
    def _tell_edited(self, part: QObject) -> None:
        self._whole.say("")
        if isinstance(part, ListPart):
            part.show_error("")
            self._want_choices()
        self.edited.emit()


def _nearest(path: Path, parts: Mapping[Path, Part]) -> Path:
    """The part that is shown and closest around a path; () for the whole form."""
    while path and path not in parts:
        path = path[:-1]
    return path
