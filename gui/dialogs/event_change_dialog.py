"""Change an event type: why, how, tried on what is stored, and the code for the model's file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
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
from gui.widgets.dropdown import Dropdown
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.work.jobs import Job, Jobs, sentences

EDITS: Final = 4
KINDS: Final = (("", "–"), ("add", "add"), ("rename", "rename"), ("drop", "drop"))
TITLES: Final = ("position", "stored fields that change", "read as", "does not fit")
ABOUT: Final = (
    "What is recorded stays as it is, byte for byte. The model's file learns how to read it: try "
    "the change on the stored events, then copy the code into the file and press F5."
)


class EventChangeDialog(QDialog):
    """Writes nothing. `tried` is waited for in tests: the words of the last trial."""

    def __init__(
        self,
        jobs: Jobs,
        store: Path,
        types: Sequence[str],
        *,
        chosen: str,
        model: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change an event type")
        self.setAccessibleName("Change an event type")
        self.resize(1120, 680)
        self._jobs, self._store, self._model = jobs, store, model
        self.type = Dropdown()
        self.type.addItems(list(types))
        self.type.setCurrentIndex(max(self.type.findText(chosen), 0))
        self.version = QSpinBox()
        self.retired = QRadioButton("It is no longer relevant")
        self.fields = QRadioButton("Its fields have changed")
        self.renamed = QRadioButton("It has another name now")
        self.why = QLineEdit()
        self.becomes = QLineEdit()
        self.edits = [(Dropdown(), QLineEdit(), QLineEdit()) for _ in range(EDITS)]
        self.try_ = QPushButton("Try it")
        self.tried = Words("dim")
        self.rows = TextGrid("Stored events, and how they are read then")
        self.code = QPlainTextEdit()
        self.copy = QPushButton("Copy the code")
        self._lay_out()
        self._connect()
        self._allow()

    def arguments(self) -> list[str]:
        """What is set, as the command line has it."""
        found = ["upcast", str(self._store), self.type.currentText()]
        found += ["--from-version", str(self.version.value())]
        if self._model:
            found += ["--model", self._model]
        if self.retired.isChecked():
            return [*found, "--retire", self.why.text().strip()]
        if self.renamed.isChecked():
            found += ["--becomes", self.becomes.text().strip()]
        for kind, field, value in self.edits:
            name, text = field.text().strip(), value.text().strip()
            match kind.currentData():
                case "add" | "rename":
                    found += [f"--{kind.currentData()}", f"{name}={text}"]
                case "drop":
                    found += ["--drop", name]
        return found

    def _lay_out(self) -> None:
        self.version.setRange(1, 1_000)
        self.version.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.fields.setChecked(True)
        reasons = QButtonGroup(self)
        form = QFormLayout()
        form.addRow("Event type", self.type)
        form.addRow("Stored as version", self.version)
        for reason, title, editor, hint in (
            (self.retired, "Why", self.why, "coupons are gone since 2026"),
            (self.renamed, "New name", self.becomes, "OrderConfirmed"),
            (self.fields, "", None, ""),
        ):
            reasons.addButton(reason)
            form.addRow(reason)
            if editor is not None:
                editor.setPlaceholderText(hint)
                editor.setAccessibleName(title)
                form.addRow(title, editor)
        for widget, name in ((self.type, "Event type"), (self.version, "Stored as version")):
            widget.setAccessibleName(name)
        for number, edit in enumerate(self.edits, 1):
            form.addRow(f"Field {number}", self._edit_line(number, *edit))
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addLayout(form)
        left.addStretch(1)
        left.addWidget(self.try_)
        right.addWidget(self.tried)
        right.addWidget(self.rows, 1)
        right.addWidget(self.code, 1)
        right.addWidget(self.copy)
        both.setSpacing(16)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        whole = QVBoxLayout(self)
        whole.addWidget(Words("dim", ABOUT))
        whole.addLayout(both, 1)
        self._dress()

    def _edit_line(
        self, number: int, kind: Dropdown, field: QLineEdit, value: QLineEdit
    ) -> QHBoxLayout:
        for key, words in KINDS:
            kind.addItem(words, key)
        kind.setAccessibleName(f"What is done to field {number}")
        field.setAccessibleName(f"Name of field {number}")
        value.setAccessibleName(f"Value or new name of field {number}")
        field.setPlaceholderText("field")
        value.setPlaceholderText("value, or new name")
        line = QHBoxLayout()
        for widget, share in ((kind, 2), (field, 3), (value, 3)):
            widget.setMinimumWidth(40 * share)
            line.addWidget(widget, share)
        return line

    def _dress(self) -> None:
        self.try_.setProperty("primary", True)
        self.code.setReadOnly(True)
        self.code.setAccessibleName("Code for the model's file")
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
        self.try_.clicked.connect(self._try)
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

    @Slot()
    def _try(self) -> None:
        job = Job("Change an event type", self.arguments(), self)
        job.succeeded.connect(self._show)
        job.objected.connect(self._show)
        job.failed.connect(self._tell)
        job.ended.connect(self._end)
        self.try_.setEnabled(False)
        self._jobs.start(job)

    @Slot(object)
    def _show(self, report: Mapping[str, Any]) -> None:
        first = "" if report["is_all"] else "of the first 1,000 "
        words = f"{report['events']:,} {first}events are stored in this shape"
        if report["unfit"]:
            words += f"; the class as it is today does not take {report['unfit']:,} of them"
        self.tried.say(f"{words}.", role="warn" if report["unfit"] else "ok")
        self.rows.show_rows(TITLES, [_row(it) for it in report["shown"]])
        self.code.setPlainText(report["code"])
        self.copy.setEnabled(True)

    @Slot(str, str)
    def _tell(self, what: str, hint: str) -> None:
        self.tried.say(sentences(what, hint), role="error")
        self.code.clear()
        self.copy.setEnabled(False)

    @Slot()
    def _end(self) -> None:
        self.try_.setEnabled(True)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.tried.say("Copied. Paste it into the model's file and press F5.", role="ok")


def _row(it: Mapping[str, Any]) -> TextRow:
    before, after = it["before"], it["after"]
    if after is None:
        told = _text(before), "no effect"
    else:
        told = _text(_beside(before, after)), _text(_beside(after, before))
    texts = (f"{it['position']:,}", *told, it["problem"])
    return TextRow(texts=texts, is_warning=bool(it["problem"]))


def _beside(data: Any, other: Any) -> Mapping[str, Any]:
    """The fields that the other does not have, or has otherwise: what a change is about."""
    fields = data.items() if isinstance(data, Mapping) else ()
    return {name: it for name, it in fields if name not in other or other[name] != it}


def _text(value: Any) -> str:
    fields = value.items() if isinstance(value, Mapping) else ()
    return ", ".join(f"{name}: {it}" for name, it in fields) or ("–" if value == {} else str(value))
