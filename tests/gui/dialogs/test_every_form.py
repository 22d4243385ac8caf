"""Every command of every bundled model has a form, and nothing is edited in a table."""

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.commands_view import CommandsView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.processes_view import ProcessesView
from gui.widgets.form.parts import ValuePart
from gui.widgets.form.schema_form import SchemaForm
from replay.commands.command_form import help_of, schema_of
from replay.states.model_set import bundled_models
from replay.typed_model import Command
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office

COMMANDS = [command for model in bundled_models().models for command in model.commands]
DEEPEST = 3  # of a tree, looked at


@pytest.mark.parametrize("command", COMMANDS, ids=lambda it: it.__name__)
def test_every_command_has_a_form_with_a_label_and_an_editor_for_each_field(
    qtbot: QtBot, command: type[Command]
) -> None:
    form = SchemaForm("Form")
    qtbot.addWidget(form)
    schema = schema_of(command)

    form.show_schema(schema)

    parts = dict(form.parts())
    assert help_of(command)
    assert {path[0] for path in parts} == set(schema["properties"])
    for path, part in parts.items():
        is_element = isinstance(path[-1], int)  # of a list that has a label
        assert part.spec.label or is_element, f"{command.__name__} {path}"
        if isinstance(part, ValuePart):
            assert part.editor.isEnabled()
    form.value()
    form.problems()


def test_no_table_of_the_window_can_be_edited(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    """A change is a command: there is no grid to type into."""
    session, workspace = show_store(qtbot, window, office.path)
    for kind in (CommandsView, ProcessesView, PanesView):
        workspace.show_panel(kind)
    for tabs in (
        workspace.of(CommandsView).tabs,
        workspace.of(ProcessesView).tabs,
        workspace.of(PanesView).tabs,
        workspace.of(InspectorView).tabs,
    ):
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
    wait(qtbot, lambda: bool(session.issued.rows) and bool(session.processes.instances))

    tables = [it for it in window.findChildren(QAbstractItemView) if not _is_of_a_choice(it)]

    assert len(tables) > 10
    for table in tables:
        editable = _editable(table, QModelIndex(), depth=0)
        assert not editable, f"{table.accessibleName()} can be edited at {editable}"


def _is_of_a_choice(view: QAbstractItemView) -> bool:
    """The list that drops down from a combo box."""
    parent = view.parent()
    while parent is not None:
        if isinstance(parent, QComboBox):
            return True
        parent = parent.parent()
    return False


def _editable(table: QAbstractItemView, parent: QModelIndex, *, depth: int) -> list[str]:
    model, found = table.model(), []
    if model is None or table.editTriggers() == QAbstractItemView.EditTrigger.NoEditTriggers:
        return []
    for row in range(min(model.rowCount(parent), 20)):
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
        for column in range(columns):
            index = model.index(row, column, parent)
            if model.flags(index) & Qt.ItemFlag.ItemIsEditable:
                found.append(f"{row}, {column}")
            if depth < DEEPEST:
                found += _editable(table, index, depth=depth + 1)
    return found
