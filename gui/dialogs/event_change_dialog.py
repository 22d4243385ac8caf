"""Change an event type: why, how, tried on what is stored, and the code for the model's file."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import themes
from gui.viewmodels.event_change import (
    EventChangeViewModel,
    WrongField,
    as_value,
    tried_texts,
    wrong_with,
)
from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.suggest_box import SuggestBox
from gui.widgets.words import Words
from gui.words import said
from gui.work.reports import EventTried
from gui.work.wishes import FieldEdit, NewShape, Retirement

EDITS: Final = 4
KINDS: Final = (
    ("", "–"),
    ("add", said("add")),
    ("rename", said("rename")),
    ("drop", said("drop")),
)
TITLES: Final = (
    said("position"),
    said("stored fields that change"),
    said("read as"),
    said("does not fit"),
)
REASONS: Final = {  # what each way does, when it is the right one, and an example
    "retired": (
        said(
            "Stored events stay but have no effect when read. Use this when nothing "
            "needs them: coupons were dropped, and CouponRedeemed with them."
        )
    ),
    "renamed": (
        said(
            "Stored events are read under the new name. Use this when the meaning is "
            "the same: OrderPaymentConfirmed becomes OrderConfirmed. Fields can change "
            "too."
        )
    ),
    "fields": (
        said(
            "Stored events are read with fields added, renamed or dropped. Use this "
            "when the meaning is the same but the shape differs: rename accessCode to "
            "code, add currency with EUR."
        )
    ),
}
STORED: Final = said("1 if the type was never changed. Each change of the type raises it by one.")
PRINTED: Final = said(
    "Code to paste into the model's file. This dialog does not change the file or the store."
)
NOT_TRIED: Final = said(
    "Fill in the left side and test it. The table then shows how each stored "
    "event would be read, with errors first."
)
ABOUT: Final = said(
    "Recorded events stay unchanged, byte for byte. Test the change on stored "
    "events, then copy the printed code into the model's file. Finally choose "
    "File ▸ Reload the model."
)


class EventChangeDialog(KeyedDialog):
    """Writes nothing. `tried` is waited for in tests: the words of the last trial."""

    def __init__(
        self,
        work: EventChangeViewModel,
        types: Sequence[str],
        *,
        total: int,
        chosen: str,
        parent: QWidget | None = None,
    ) -> None:
        """`types` are offered, of `total` that there are; any other can be typed."""
        super().__init__(parent)
        self.setWindowTitle(said("Change an event type"))
        self.setAccessibleName(said("Change an event type"))
        self.resize(1120, 680)
        self._work = work
        self.type = SuggestBox(said("Event type"))
        self.type.show_text(chosen or next(iter(types), ""), types)
        self.offered = Words("faint", _offered(len(types), total))
        self.version = QSpinBox()
        self.retired = QRadioButton(said("It is no longer relevant"))
        self.fields = QRadioButton(said("Its fields have changed"))
        self.renamed = QRadioButton(said("It has a new name"))
        self.why = QLineEdit()
        self.becomes = QLineEdit()
        self.edits = [(Dropdown(), QLineEdit(), QLineEdit()) for _ in range(EDITS)]
        self.errors = {name: ElidedLabel(role="error") for name in REASONS}
        self.try_ = QPushButton(said("Test on stored events"))
        self.tried = Words("dim", NOT_TRIED)
        self.rows = TextGrid(
            said("Stored events and how they would be read"),
            empty=said(
                "Stored events are listed here, with how they would be read. Test the change first."
            ),
        )
        self.code = QPlainTextEdit()
        self.code.setPlaceholderText(said("The code for the model's file appears here."))
        self.copy = QPushButton(said("Copy the code"))
        self._lay_out()
        self._connect()
        self._allow()

    def change(self) -> Retirement | NewShape:
        """What is set."""
        if self.retired.isChecked():
            return Retirement(why=self.why.text().strip())
        edits = [
            FieldEdit(
                kind=kind.currentData(),
                field=field.text().strip(),
                value=as_value(kind.currentData(), value.text().strip()),
            )
            for kind, field, value in self.edits
        ]
        return NewShape(
            edits=tuple(it for it in edits if it.kind),
            becomes=self.becomes.text().strip() if self.renamed.isChecked() else None,
        )

    def _lay_out(self) -> None:
        self.version.setRange(1, 1_000)
        self.version.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.fields.setChecked(True)
        reasons = QButtonGroup(self)
        form = QFormLayout()
        form.addRow(said("Event type"), self.type)
        form.addRow("", self.offered)
        form.addRow(said("Stored as version"), self.version)
        self.version.setToolTip(STORED)
        for name, reason, title, editor, hint in (
            ("retired", self.retired, said("Why"), self.why, said("coupons were dropped in 2026")),
            ("renamed", self.renamed, said("New name"), self.becomes, "OrderConfirmed"),
            ("fields", self.fields, "", None, ""),
        ):
            reasons.addButton(reason)
            form.addRow(self._headed(reason, self.errors[name]))
            form.addRow(Words("faint", REASONS[name]))
            reason.setAccessibleDescription(REASONS[name])
            if editor is not None:
                editor.setPlaceholderText(hint)
                editor.setAccessibleName(title)
                form.addRow(title, editor)
        self.version.setAccessibleName(said("Stored as version"))
        for number, edit in enumerate(self.edits, 1):
            form.addRow(said("Field {number}", number=number), self._edit_line(number, *edit))
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addLayout(form)
        left.addStretch(1)
        left.addWidget(self.try_)
        right.addWidget(self.tried)
        right.addWidget(self.rows, 1)
        right.addWidget(Words("faint", PRINTED))
        right.addWidget(self.code, 1)
        right.addWidget(self.copy)
        both.setSpacing(16)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        whole = QVBoxLayout(self)
        whole.addWidget(Words("dim", ABOUT))
        whole.addLayout(both, 1)
        self._dress()

    def _headed(self, reason: QRadioButton, error: ElidedLabel) -> QHBoxLayout:
        """A way, and beside it the room for what is wrong with its fields."""
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(reason)
        head.addWidget(error, 1)
        error.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return head

    def _edit_line(
        self, number: int, kind: Dropdown, field: QLineEdit, value: QLineEdit
    ) -> QHBoxLayout:
        for key, words in KINDS:
            kind.addItem(words, key)
        kind.setAccessibleName(said("Change of field {number}", number=number))
        field.setAccessibleName(said("Name of field {number}", number=number))
        value.setAccessibleName(said("Value or new name of field {number}", number=number))
        field.setPlaceholderText(said("field"))
        value.setPlaceholderText(said("value, or new name"))
        line = QHBoxLayout()
        for widget, share in ((kind, 2), (field, 3), (value, 3)):
            widget.setMinimumWidth(40 * share)
            line.addWidget(widget, share)
        return line

    def _dress(self) -> None:
        self.try_.setProperty("primary", True)
        self.code.setReadOnly(True)
        self.code.setAccessibleName(said("Code for the model's file"))
        self.code.setFont(themes().current.mono_font())
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy.setEnabled(False)
        for button in (self.try_, self.copy):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        for reason in (self.retired, self.fields, self.renamed):
            reason.toggled.connect(self._allow)
        for kind, _, _ in self.edits:
            kind.currentIndexChanged.connect(self._allow)
        for line in (
            self.type.line,
            self.why,
            self.becomes,
            *(it for _, *rest in self.edits for it in rest),
        ):
            line.textEdited.connect(self._forget_errors)
        self.try_.clicked.connect(self._try)
        self._work.changed.connect(self._show)
        self.copy.clicked.connect(self._copy)

    @Slot()
    def _allow(self) -> None:
        """Only what belongs to the chosen reason can be filled in."""
        self.why.setEnabled(self.retired.isChecked())
        self.becomes.setEnabled(self.renamed.isChecked())
        for kind, field, value in self.edits:
            what = "" if self.retired.isChecked() else kind.currentData()
            kind.setEnabled(not self.retired.isChecked())
            field.setEnabled(bool(what))
            value.setEnabled(what in ("add", "rename"))

        self._forget_errors()

    @Slot()
    def _forget_errors(self) -> None:
        for label in self.errors.values():
            label.set_text("")

    @Slot()
    def _try(self) -> None:
        """What cannot be tried is said beside what is to be filled in."""
        self._forget_errors()
        type_, change = self.type.currentText().strip(), self.change()
        if not type_:
            self.tried.say(said("Enter the event type."), role="error")
            self.type.setFocus()
            return
        wrong = wrong_with(type_, change)
        if wrong is None:
            self._work.try_(type_, self.version.value(), change)
            return
        self.errors[wrong.way].set_text(wrong.text)
        self._field_of(wrong).setFocus()

    def _field_of(self, wrong: WrongField) -> QWidget:
        if wrong.way == "fields":
            kind, field, value = self.edits[wrong.edit]
            return {"kind": kind, "field": field, "value": value}[wrong.part]
        return self.why if wrong.way == "retired" else self.becomes

    @Slot()
    def _show(self) -> None:
        """What came of the last trial; while one runs, what was there stays."""
        work = self._work
        self.try_.setEnabled(not work.is_running)
        if work.is_running:
            return
        self.tried.say(work.said.text, role=work.said.role)
        if work.code:
            self.rows.say_when_empty(said("No stored event has this type and version."))
        self.rows.show_rows(TITLES, [_row(it) for it in work.tried])
        self.code.setPlainText(work.code)
        self.copy.setEnabled(bool(work.code))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.tried.say(
            said("Copied. Paste it into the model's file, then choose File ▸ Reload the model."),
            role="ok",
        )


def _offered(count: int, total: int) -> str:
    if count >= total:
        return ""
    return said(
        "The {count:,} most frequent of {total:,} types are offered. You can type any other.",
        count=count,
        total=total,
    )


def _row(it: EventTried) -> TextRow:
    return TextRow(texts=tried_texts(it), is_warning=bool(it.problem))
