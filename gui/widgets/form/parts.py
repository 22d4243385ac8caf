"""Rows, groups and lists of a form: what stands around the editors."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.editors import Editor, LineEditor, editor_of, with_unit
from gui.widgets.form.schema import NOTHING, FieldSpec, Path, Schemas
from gui.widgets.words import Words
from gui.words import said


class Part(QWidget):
    """One field with its label, help and error. `edited(part)` when a person changes it."""

    edited = Signal(QObject)

    def __init__(self, spec: FieldSpec, *, has_label: bool = True) -> None:
        super().__init__()
        self.spec = spec
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self.label = QLabel(f"{spec.label} *" if spec.is_required else spec.label)
        self.label.setProperty("role", "dim")
        self.error = ElidedLabel(role="error")
        self._rows.addLayout(self._head())
        self.label.setVisible(has_label)  # in its place: alone it would open a window

    def value(self) -> Any:
        """What was given; NOTHING when nothing was."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Fill it."""
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[Path, "Part"]]:
        """Itself and what is inside, with the paths from here."""
        yield (), self

    def problem(self) -> str:
        """What is wrong with what was typed."""
        return ""

    def _head(self) -> QHBoxLayout:
        """The label, and beside it the room for an error: one takes nothing from the fields."""
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.label)
        head.addWidget(self.error, 1)
        self.error.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return head

    def show_error(self, text: str) -> None:
        """Say beside it what is wrong; empty takes it back."""
        self.error.set_text(text)

    def focus(self) -> None:
        """Put the cursor into it."""
        self.setFocus()

    def _finish(self) -> None:
        self._rows.addWidget(Words("faint", self.spec.help))


class ValuePart(Part):
    """A field with one value."""

    def __init__(self, spec: FieldSpec, *, has_label: bool = True) -> None:
        super().__init__(spec, has_label=has_label)
        self.editor: Editor = editor_of(spec)
        unit = QLabel(spec.unit) if spec.unit else None
        if unit is not None:
            unit.setProperty("role", "dim")
        self.label.setBuddy(self.editor)
        self._rows.addWidget(with_unit(self.editor, unit))
        self.note = Words("faint")
        self._rows.addWidget(self.note)
        self.editor.edited.connect(self._tell)
        self._finish()

    def value(self) -> Any:
        return self.editor.value()

    def set_value(self, value: Any) -> None:
        self.editor.set_value(value)

    def problem(self) -> str:
        return self.editor.problem()

    def show_error(self, text: str) -> None:
        super().show_error(text)
        self.editor.show_problem(bool(text))
        self.editor.setAccessibleDescription(text or self.spec.help)

    def focus(self) -> None:
        self.editor.setFocus()

    def set_choices(self, kind: str, choices: Sequence[str], note: str = "") -> None:
        """Offer these where the field takes this kind; `note` stands below it."""
        if kind == self.spec.choices_kind and isinstance(self.editor, LineEditor):
            self.editor.set_choices(choices)
            self.note.say(note)

    @Slot()
    def _tell(self) -> None:
        self.show_error(self.problem())
        self.edited.emit(self)


class GroupPart(Part):
    """The fields of an object."""

    def __init__(self, spec: FieldSpec, schemas: Schemas, *, has_label: bool = True) -> None:
        super().__init__(spec, has_label=has_label)
        self._fields = [part_of(it, schemas) for it in schemas.fields(spec.schema)]
        for field in self._fields:
            field.edited.connect(self.edited)
            self._rows.addWidget(field)
        self._finish()

    def value(self) -> Any:
        found = {it.spec.name: it.value() for it in self._fields}
        given = {name: value for name, value in found.items() if value is not NOTHING}
        return given if given or self.spec.is_required else NOTHING

    def set_value(self, value: Any) -> None:
        for field in self._fields:
            if isinstance(value, Mapping) and field.spec.name in value:
                field.set_value(value[field.spec.name])

    def parts(self) -> Iterator[tuple[Path, Part]]:
        yield (), self
        for field in self._fields:
            for path, part in field.parts():
                yield (field.spec.name, *path), part

    def focus(self) -> None:
        if self._fields:
            self._fields[0].focus()


class ListPart(Part):
    """Elements that can be added and removed."""

    changed = Signal()

    def __init__(self, spec: FieldSpec, schemas: Schemas, *, has_label: bool = True) -> None:
        super().__init__(spec, has_label=has_label)
        self._schemas = schemas
        self._elements: list[tuple[QFrame, Part]] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(6)
        self._rows.addLayout(self._box)
        self.add = QPushButton(said("Add to {label}", label=spec.label.lower()))
        self.add.setAccessibleName(said("Add to {label}", label=spec.label))
        self.add.clicked.connect(self._add_one)
        self._rows.addWidget(self.add)
        self._finish()
        for _ in range(int(spec.schema.get("minItems", 0))):
            self._append()

    def value(self) -> Any:
        found = [part.value() for _, part in self._elements]
        given = [it for it in found if it is not NOTHING]
        return given if given or self.spec.is_required else NOTHING

    def set_value(self, value: Any) -> None:
        while self._elements:
            self._drop(self._elements[-1][0])
        for it in value if isinstance(value, list) else ():
            self._append().set_value(it)

    def parts(self) -> Iterator[tuple[Path, Part]]:
        yield (), self
        for at, (_, element) in enumerate(self._elements):
            for path, part in element.parts():
                yield (at, *path), part

    def focus(self) -> None:
        self.add.setFocus()

    @Slot()
    def _add_one(self) -> None:
        self._append().focus()
        self.changed.emit()
        self.edited.emit(self)

    def _append(self) -> Part:
        part = part_of(self._schemas.items(self.spec), self._schemas, has_label=False)
        part.edited.connect(self.edited)
        frame = QFrame()
        cells = QHBoxLayout(frame)
        cells.setContentsMargins(8, 0, 0, 0)
        cells.addWidget(part, 1)
        remove = QPushButton(said("Remove"))
        remove.setAccessibleName(said("Remove from {label}", label=self.spec.label))
        remove.clicked.connect(self._remove_one)
        cells.addWidget(remove)
        self._elements.append((frame, part))
        self._box.addWidget(frame)
        return part

    @Slot()
    def _remove_one(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton) and isinstance(frame := button.parent(), QFrame):
            self._drop(frame)
            self.edited.emit(self)

    def _drop(self, frame: QFrame) -> None:
        self._elements = [it for it in self._elements if it[0] is not frame]
        self._box.removeWidget(frame)
        frame.hide()
        frame.deleteLater()


def part_of(spec: FieldSpec, schemas: Schemas, *, has_label: bool = True) -> Part:
    """The part for a field."""
    if spec.kind == "object":
        return GroupPart(spec, schemas, has_label=has_label)
    if spec.kind == "list":
        return ListPart(spec, schemas, has_label=has_label)
    return ValuePart(spec, has_label=has_label)
