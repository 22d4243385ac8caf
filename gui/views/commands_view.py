"""Commands: choose one, fill its form, see what it would do, issue it, and read what came of it."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.panel import Panel
from gui.selection import Selection
from gui.session import Session
from gui.viewmodels.command_results import Result
from gui.viewmodels.commands import CommandsViewModel, FieldErrors
from gui.widgets.checks_button import ChecksButton
from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form.schema_form import SchemaForm
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.underline_tabs import UnderlineTabs
from gui.widgets.words import Words
from gui.widgets.wrapping_row import WrappingRow
from gui.words import said

TONES: Final = {
    "done": "ok",
    "refused": "error",
    "failed": "warn",
    "conflict": "warn",
    "broken": "error",
    "final": "warn",
}
IN_BETWEEN: Final = said("recorded in between")
NO_RESULT: Final = said(
    "Preview shows the events and the resulting state without writing "
    "anything. Issue records the events."
)
NO_ANSWER: Final = said("The result of the command is shown here.")
NO_VALUE: Final = said("There are no events to show.")
TEST_FILE: Final = "test_decisions.py"
PYTHON_FILES: Final = said("Python files (*.py)")
EVERY_MODEL: Final = said(
    "No model describes the selected stream, so the commands of every model are listed."
)
NO_COMMANDS: Final = said(
    "None of the models here has commands. Choose File ▸ Open a model of your own."
)


IN_BRANCH: Final = said(
    "Commands are issued into the branch {name}. Nothing is sent to the outside, and the log is "
    "not changed."
)


class CommandsView(QFrame):
    """Asks for nothing while it is hidden. `sighted(bool)`
    when it comes into sight or leaves it."""

    sighted = Signal(bool)

    def __init__(self, commands: CommandsViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Commands"))
        self.setProperty("role", "panel")
        self._commands = commands
        self._selection = selection
        self.tabs = UnderlineTabs(said("Commands tabs"))
        self.actor = QLineEdit()
        self.actor.setAccessibleName(said("Acting as"))
        self.roles = ChecksButton(said("Roles"), nothing=said("no role"))
        self.choice = Dropdown()
        self.choice.setAccessibleName(said("Command"))
        self.about = Words("dim")
        self.elsewhere = Words("dim")
        self.in_branch = Words("dim")
        self.stream = ElidedLabel(role="faint")
        self.form = SchemaForm(said("Command form"))
        self.why_not = Words("warn")
        self.preview = QPushButton(said("Preview"))
        self.issue = QPushButton(said("Issue"))
        self.issue.setProperty("primary", True)
        self.save = QPushButton(said("Save as test"))
        self.run_cases = QPushButton(said("Run tests"))
        self.export = QPushButton(said("Export tests…"))
        self.export.setToolTip(said("Write the saved tests as a pytest file"))
        self.given = Words("faint")
        self.title = Words()
        self.text = Words("dim")
        self.reflection = Words("faint")
        self.value = JsonTree(
            said("Result of the command"),
            empty=NO_ANSWER,
        )
        self.again = QPushButton(said("Re-decide"))
        self.go = QPushButton(said("Go to its event"))
        self.undo = QPushButton(said("Undo this…"))
        self.undo.setToolTip(said("Prepare the command that undoes what was recorded"))
        self._lay_out()
        self._connect()
        self._show_result()
        self._show_allowed()
        self._show_given()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._commands.want(True)
        self.sighted.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._commands.want(False)
        self.sighted.emit(False)

    def begin(self) -> None:
        """Ready to be typed into."""
        self.tabs.choose("issue")
        self.choice.setFocus()

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._form_side())
        split.addWidget(self._result_side())
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        self.tabs.add("issue", said("Issue"), split)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)

    def _form_side(self) -> QWidget:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        rows.addWidget(self.in_branch)
        rows.addLayout(self._acting_row())
        rows.addWidget(self.choice)
        rows.addWidget(self.about)
        rows.addWidget(self.elsewhere)
        rows.addWidget(self.stream)
        rows.addWidget(self.form, 1)
        rows.addWidget(self.why_not)
        rows.addWidget(self.given)
        rows.addLayout(WrappingRow(self.save, self.run_cases, self.export))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.preview)
        buttons.addWidget(self.issue)
        rows.addLayout(buttons)
        return side

    def _acting_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel(said("Acting as"))
        label.setProperty("role", "dim")
        row.addWidget(label)
        row.addWidget(self.actor, 1)
        row.addWidget(self.roles)
        return row

    def _result_side(self) -> QWidget:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(12, 8, 0, 8)
        rows.setSpacing(6)
        rows.addWidget(self.title)
        rows.addWidget(self.text)
        rows.addWidget(self.reflection)
        rows.addWidget(self.value, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.go)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        rows.addLayout(buttons)
        return side

    def _connect(self) -> None:
        commands = self._commands
        commands.offered.connect(self._show_offers)
        commands.chosen.connect(self._show_form)
        commands.resulted.connect(self._show_result)
        commands.resulted.connect(self._show_reflection)
        commands.reflected.connect(self._show_reflection)
        commands.invalid.connect(self._show_errors)
        commands.choices_arrived.connect(self.form.set_choices)
        commands.allowed_changed.connect(self._show_allowed)
        commands.acting.learned.connect(self._show_acting)
        commands.acting.changed.connect(self._show_acting)
        self.actor.editingFinished.connect(self._act)
        self.roles.ticked.connect(self._take_role)
        self.choice.activated.connect(self._choose)
        self.form.edited.connect(self._fill)
        self.form.choices_wanted.connect(commands.ask_choices)
        self.form.submitted.connect(self._preview)
        self.preview.clicked.connect(self._preview)
        self.issue.clicked.connect(self._issue)
        self.again.clicked.connect(commands.redecide)
        self.save.clicked.connect(self._save)
        self.run_cases.clicked.connect(commands.cases.run)
        commands.cases.given_changed.connect(self._show_given)
        self.export.clicked.connect(self._export)
        self.go.clicked.connect(self._go)
        self.undo.clicked.connect(self._undo)
        commands.undoing.connect(self._show_issuing)

    @Slot()
    def _show_offers(self) -> None:
        names = [it.name for it in self._commands.offers]
        if names != [self.choice.itemText(at) for at in range(self.choice.count())]:
            self.choice.clear()
            self.choice.addItems(names)
        self._show_chosen()
        self._show_about()

    @Slot()
    def _show_form(self) -> None:
        offer = self._commands.offer
        self._show_chosen()
        self._show_about()
        self.elsewhere.say(offer.elsewhere if offer else "")
        self.form.show_schema(offer.schema if offer else {}, value=self._commands.form.prefill)

    def _show_about(self) -> None:
        offer, commands = self._commands.offer, self._commands
        of_all = EVERY_MODEL if commands.stream and not commands.model_title else ""
        told = of_all, offer.help if offer else NO_COMMANDS
        self.about.say(" ".join(filter(None, told)))

    def _show_chosen(self) -> None:
        offer = self._commands.offer
        self.choice.setCurrentIndex(self.choice.findText(offer.name) if offer else -1)

    @Slot()
    def _show_allowed(self) -> None:
        reason = self._commands.why_not
        self.stream.set_text(self._commands.about)
        self.issue.setEnabled(not reason)
        self.issue.setToolTip(reason)
        self.preview.setEnabled(self._commands.offer is not None)
        self.save.setEnabled(self._commands.offer is not None)
        is_told = self._commands.offer is not None and not self._commands.is_busy
        self.why_not.say(reason if is_told else "")

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show_acting()

    @Slot()
    def _show_acting(self) -> None:
        acting = self._commands.acting
        self.actor.setPlaceholderText(acting.login)
        self.actor.setText(acting.actor)
        self.roles.show_texts(acting.known, acting.roles)

    @Slot()
    def _act(self) -> None:
        self._commands.acting.act_as(self.actor.text().strip())

    @Slot(str, bool)
    def _take_role(self, role: str, is_on: bool) -> None:
        self._commands.acting.take(role, is_on=is_on)

    @Slot()
    def _show_reflection(self) -> None:
        self.reflection.say(self._commands.reflection)

    @Slot()
    def _show_result(self) -> None:
        result = self._commands.result
        tone = TONES.get(result.kind, "") if result else ""
        self.title.say(result.title if result else "", role=tone)
        self.text.say(result.text if result else NO_RESULT)
        self.again.setVisible(result is not None and result.kind == "conflict")
        positions = result.positions if result else ()
        self.go.setVisible(bool(positions))
        self.go.setText(
            said("Go to its event") if len(positions) < 2 else said("Go to its last event")
        )
        self.undo.setVisible(result is not None and result.kind == "done" and bool(positions))
        if result is not None and result.kind == "undo" and self.isVisible():
            (self.issue if self.issue.isEnabled() else self.preview).setFocus()
        self.value.empty_words.say(NO_VALUE if result else NO_ANSWER)
        if result is None or result.value is None:
            self.value.clear()
        else:
            self._show_value(result)
        self.setAccessibleDescription(f"{result.title} {result.text}" if result else "")

    def _show_value(self, result: Result) -> None:
        marks = {path: Mark(kind="changed") for path in result.marks}
        self.value.forget_place()
        self.value.show_value(
            result.value,
            title=IN_BETWEEN if result.kind == "conflict" else result.kind,
            marks=marks,
        )

    @Slot(object)
    def _show_errors(self, errors: FieldErrors) -> None:
        self.form.show_errors(errors, focus=True)

    @Slot(int)
    def _choose(self, at: int) -> None:
        self._commands.choose(self.choice.itemText(at))

    @Slot()
    def _fill(self) -> None:
        self._commands.fill(self.form.value())

    @Slot()
    def _preview(self) -> None:
        if not self.form.problems():
            self._commands.preview(self.form.value())

    @Slot()
    def _issue(self) -> None:
        if not self.form.problems():
            self._commands.issue(self.form.value())

    @Slot()
    def _save(self) -> None:
        if not self.form.problems():
            self._commands.save_case(self.form.value())

    @Slot()
    def _show_given(self) -> None:
        self.given.say(self._commands.cases.given)
        self.save.setToolTip(
            said("{given} When this command is issued, then…", given=self._commands.cases.given)
        )

    @Slot()
    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, said("Export tests"), TEST_FILE, PYTHON_FILES)
        if path:
            self._commands.cases.export(path)

    @Slot()
    def _show_issuing(self) -> None:
        self.tabs.choose("issue")

    @Slot()
    def _undo(self) -> None:
        if (result := self._commands.result) is not None:
            self._commands.undo(*result.positions)

    @Slot()
    def _go(self) -> None:
        result = self._commands.result
        if result is not None and result.position is not None:
            if self._selection.stream:
                self._selection.choose_stream(result.stream)
            self._selection.seek(result.position)


def _made(session: Session) -> CommandsView:
    """The list of issued commands is a page within, and has its count in its title."""
    view = CommandsView(session.commands, session.selection)
    view.sighted.connect(session.issued.want)
    if session.line.is_branch:
        view.in_branch.say(IN_BRANCH.format(name=session.line.name))
    return view


PANEL: Final = Panel(
    id="commands",
    title=said("Commands"),
    area="tab",
    order=4,
    make=_made,
    begin=CommandsView.begin,
)
