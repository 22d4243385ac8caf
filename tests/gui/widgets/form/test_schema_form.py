"""A form built from a schema: every kind of field, exact values, lists, and errors in place."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.widgets.form.editors import ChoiceEditor, LineEditor
from gui.widgets.form.parts import ListPart, ValuePart
from gui.widgets.form.schema_form import SchemaForm

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "lines"],
    "properties": {
        "name": {"type": "string", "title": "Name", "description": "as on the passport"},
        "amount": {"type": "number", "format": "decimal", "title": "Amount", "x-unit": "€"},
        "count": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
        "isUrgent": {"type": "boolean", "title": "Urgent"},
        "kind": {"enum": ["gold", "silver"], "default": "silver", "title": "Kind"},
        "account": {"type": "string", "title": "Account", "x-choices": "account"},
        "lines": {
            "type": "array",
            "title": "Lines",
            "minItems": 1,
            "items": {"$ref": "#/$defs/Line"},
        },
        "address": {"$ref": "#/$defs/Address"},
    },
    "$defs": {
        "Line": {
            "type": "object",
            "required": ["seat", "quantity"],
            "properties": {
                "seat": {"type": "string", "title": "Seat"},
                "quantity": {"type": "integer", "title": "Quantity"},
            },
        },
        "Address": {
            "type": "object",
            "title": "Address",
            "properties": {"city": {"type": "string", "title": "City"}},
        },
    },
}


@pytest.fixture
def form(qtbot: QtBot) -> SchemaForm:
    form = SchemaForm("Form")
    qtbot.addWidget(form)
    form.resize(300, 700)
    form.show_schema(SCHEMA)
    form.show()
    qtbot.waitExposed(form)
    return form


def line(form: SchemaForm, *path: str | int) -> QLineEdit:
    found = dict(form.parts())[path]
    assert isinstance(found, ValuePart)
    assert isinstance(found.editor, QLineEdit)
    return found.editor


def type_into(qtbot: QtBot, form: SchemaForm, text: str, *path: str | int) -> None:
    editor = line(form, *path)
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)


def test_only_what_was_given_is_given(qtbot: QtBot, form: SchemaForm) -> None:
    type_into(qtbot, form, "Ada", "name")

    assert form.value() == {"name": "Ada", "isUrgent": False, "kind": "silver", "lines": [{}]}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("amount", "25000.00", Decimal("25000.00")),
        ("amount", "1e400", Decimal("1e400")),
        ("count", "123456789012345678901234567890", 123456789012345678901234567890),
        ("account", "None", "None"),
    ],
)
def test_values_are_exactly_what_was_typed(
    qtbot: QtBot, form: SchemaForm, field: str, text: str, value: Any
) -> None:
    type_into(qtbot, form, text, field)

    assert form.value()[field] == value
    assert str(form.value()[field]) == str(value)
    assert form.problems() == []


@pytest.mark.parametrize(
    ("field", "text"), [("amount", "much"), ("amount", "NaN"), ("count", "1.5")]
)
def test_what_is_no_number_is_told_beside_the_field(
    qtbot: QtBot, form: SchemaForm, field: str, text: str
) -> None:
    type_into(qtbot, form, text, field)

    assert [path for path, _ in form.problems()] == [(field,)]
    assert field not in form.value()
    assert dict(form.parts())[(field,)].error.isVisible()


def test_list_elements_are_added_and_removed(qtbot: QtBot, form: SchemaForm) -> None:
    lines = dict(form.parts())[("lines",)]
    assert isinstance(lines, ListPart)

    qtbot.mouseClick(lines.add, Qt.MouseButton.LeftButton)
    type_into(qtbot, form, "general", "lines", 0, "seat")
    type_into(qtbot, form, "2", "lines", 0, "quantity")
    type_into(qtbot, form, "party", "lines", 1, "seat")
    assert form.value()["lines"] == [{"seat": "general", "quantity": 2}, {"seat": "party"}]

    remove = lines.findChildren(QPushButton, options=Qt.FindChildOption.FindChildrenRecursively)
    first = next(it for it in remove if it.text() == "Remove")
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert form.value()["lines"] == [{"seat": "party"}]


def test_errors_stand_beside_their_fields_and_go_with_an_edit(
    qtbot: QtBot, form: SchemaForm
) -> None:
    form.show_errors(
        [
            (("lines", 0, "seat"), "no such seat"),
            (("amount",), "too much"),
            ((), "all wrong"),
            (("lines", 0, "seat", "deeper"), "odd"),
        ],
        focus=True,
    )
    parts = dict(form.parts())

    assert parts[("lines", 0, "seat")].error.full_text() == "no such seat; odd"
    assert parts[("amount",)].error.full_text() == "too much"
    assert form.message() == "all wrong"
    assert line(form, "amount").accessibleDescription() == "too much"
    assert line(form, "amount").hasFocus()
    type_into(qtbot, form, "1", "amount")
    assert parts[("amount",)].error.full_text() == ""
    assert parts[("lines", 0, "seat")].error.full_text() != ""


def test_choices_are_asked_for_once_and_complete_what_is_typed(qtbot: QtBot) -> None:
    form = SchemaForm("Form")
    qtbot.addWidget(form)
    asked: list[str] = []
    form.choices_wanted.connect(asked.append)

    form.show_schema(SCHEMA)
    form.set_choices("account", ["1000", "2000"])

    editor = line(form, "account")
    assert asked == ["account"]
    assert isinstance(editor, LineEditor)
    editor.completer().setCompletionPrefix("20")
    assert editor.completer().currentCompletion() == "2000"


def test_choices_that_are_not_all_there_are_say_so_below_the_field(qtbot: QtBot) -> None:
    form = SchemaForm("Form")
    qtbot.addWidget(form)
    form.set_choices("account", ["1000"], "The first 1 of 2 are offered. You can type any other.")

    form.show_schema(SCHEMA)

    (part,) = [it for path, it in form.parts() if path == ("account",)]
    assert isinstance(part, ValuePart)
    assert part.note.text() == "The first 1 of 2 are offered. You can type any other."
    form.set_choices("account", ["1000", "2000"])
    assert part.note.text() == ""


def test_control_enter_submits(qtbot: QtBot, form: SchemaForm) -> None:
    with qtbot.waitSignal(form.submitted):
        qtbot.keyClick(line(form, "name"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_value_fills_every_kind_of_field(form: SchemaForm) -> None:
    value = {
        "name": "Ada",
        "amount": Decimal("1.50"),
        "isUrgent": True,
        "kind": "gold",
        "account": "1",
        "lines": [{"seat": "a", "quantity": 1}, {"seat": "b", "quantity": 2}],
        "address": {"city": "Oslo"},
    }

    form.show_schema(SCHEMA, value=value)

    assert form.value() == value


def test_every_field_has_a_name_for_who_cannot_see_it(form: SchemaForm) -> None:
    for path, part in form.parts():
        if isinstance(part, ValuePart):
            assert part.editor.accessibleName(), path
            if not isinstance(part.editor, ChoiceEditor):
                assert part.label.buddy() is part.editor


def test_an_error_takes_no_room_from_the_fields(qtbot: QtBot) -> None:
    form = SchemaForm("Form")
    qtbot.addWidget(form)
    form.show_schema(
        {"properties": {name: {"type": "string", "title": name} for name in ("a", "b", "c")}}
    )
    form.resize(320, 400)
    form.show()
    qtbot.waitExposed(form)
    parts = dict(form.parts())
    before = [(it.y(), it.height()) for it in parts.values()]

    form.show_errors(
        [
            (("a",), "this is much too long to stand beside the label of one narrow field"),
            ((), "odd"),
        ]
    )

    assert [(it.y(), it.height()) for it in parts.values()] == before
    assert parts[("a",)].error.toolTip() == parts[("a",)].error.full_text()
    assert form.message() == "odd"
