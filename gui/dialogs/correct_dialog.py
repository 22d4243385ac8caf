"""Correct an event of the past: what is wrong about it, and the three realities side by side."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.correcting import CorrectingViewModel
from gui.viewmodels.correction_work import Reality, Wanted
from gui.viewmodels.state_marks import ChangeMark
from gui.widgets.boxes import column_of
from gui.widgets.dropdown import Dropdown
from gui.widgets.form.correction_form import CorrectionForm
from gui.widgets.form.deliberate_dialog import DeliberateDialog
from gui.widgets.tree.json_nodes import Mark
from gui.widgets.tree.json_pieces import indented
from gui.widgets.tree.side_trees import SideTrees, TreeSide
from gui.widgets.words import Words
from gui.words import said

ABOUT: Final = said(
    "Recorded events stay byte for byte the same. New events bring the state to what it should be. "
    "Later events and sent messages do not change."
)
NAMES: Final = (said("In the log"), said("As it should be"), said("After the correction"))
EMPTY: Final = said("The states are compared here.")
ACCEPT: Final = said("&Append it anyway. These fields stay different.")


class CorrectDialog(DeliberateDialog):
    """Stays open beside the window. What is set is previewed at once; nothing is written before
    *Append the correction*."""

    def __init__(self, work: CorrectingViewModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = said("Correct the event at {position:,}", position=work.position)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(1120, 640)
        self._work = work
        work.setParent(self)
        self.about, self.corrected = Words("dim", ABOUT), Words("warn")
        self.form = CorrectionForm()
        self.streams = Dropdown()
        self.realities = SideTrees(NAMES, empty=EMPTY)
        self.appends = Words("dim")
        self.meaning, self.left = Words("warn"), Words("warn")
        self.accept_left = QCheckBox(ACCEPT)
        self.notice, self.message = Words("warn"), Words("dim")
        self.append = QPushButton(said("Append the &correction"))
        self.go = QPushButton(said("&Go to it"))
        self.close_button = QPushButton(said("Close"))
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self.append.setProperty("primary", True)
        self.streams.setAccessibleName(said("Stream"))
        self.streams.setSizePolicy(
            self.streams.sizePolicy().Policy.Expanding, self.streams.sizePolicy().verticalPolicy()
        )
        right = column_of(
            (self.streams, 0),
            (self.realities, 1),
            (self.appends, 0),
            (self.meaning, 0),
            (self.left, 0),
            (self.accept_left, 0),
        )
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        for at, (part, share) in enumerate(((column_of((self.form, 1)), 2), (right, 5))):
            both.addWidget(part)
            both.setStretchFactor(at, share)
        both.setSizes([320, 780])
        rows = QVBoxLayout(self)
        for words in (self.about, self.corrected):
            rows.addWidget(words)
        rows.addWidget(both, 1)
        rows.addWidget(self.notice)
        rows.addWidget(self.message)
        rows.addLayout(self._foot())
        self.deliberate()

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.append, self.go, self.close_button):
            foot.addWidget(button)
        return foot

    def _connect(self) -> None:
        work = self._work
        work.opened.connect(self._fill)
        work.changed.connect(self._show)
        self.form.edited.connect(self._want)
        self.streams.currentIndexChanged.connect(self._show_reality)
        self.accept_left.toggled.connect(work.accept_left)
        self.append.clicked.connect(work.commit)
        self.go.clicked.connect(work.go_to_goal)
        self.close_button.clicked.connect(self.close)
        self.finished.connect(work.cancel)

    @Slot()
    def _fill(self) -> None:
        """The event was read."""
        opened, wanted = self._work.found, self._work.wanted
        if opened is None:
            return
        text = indented(wanted.text)
        self.form.fill(wanted.kind, data=text, actor=wanted.actor)
        self.setWindowTitle(
            said(
                "Correct {type} at {position:,}",
                type=opened.event.type,
                position=opened.event.position,
            )
        )
        self.corrected.say(opened.corrected)
        first = {"late": self.form.before, "wrong": self.form.data}.get(wanted.kind)
        self.form.setEnabled(True)  # what is off takes no keyboard
        (first or self.form.kinds[wanted.kind]).setFocus()
        self._want()

    @Slot()
    def _want(self) -> None:
        form = self.form
        self._work.want(
            Wanted(
                kind=form.kind(),
                before=form.before.text(),
                text=form.data.toPlainText(),
                reason=form.reason.text().strip(),
                actor=form.actor.text().strip(),
            )
        )

    @Slot()
    def _show(self) -> None:
        work = self._work
        self.form.setEnabled(work.found is not None and not work.is_done)
        told = work.told
        if work.wanted.kind == "late":
            self.form.suggest_place(told.before if told is not None else None)
        self._show_streams()
        self.meaning.say(told.meaning if told is not None else "")
        self.left.say(work.left_words)
        self.accept_left.setVisible(bool(work.left) and not work.is_done)
        self.accept_left.setChecked(work.accepts_left)
        self.notice.say(work.notice)
        self.message.say(work.said.text, role=work.said.role)
        self.append.setEnabled(work.can_commit)
        self.go.setEnabled(bool(work.goal))

    def _show_streams(self) -> None:
        realities, at = self._work.realities, max(self.streams.currentIndex(), 0)
        self.streams.blockSignals(True)
        self.streams.clear()
        for it in realities:
            self.streams.addItem(it.title, it.stream)
        self.streams.setCurrentIndex(min(at, len(realities) - 1))
        self.streams.setEnabled(len(realities) > 1)
        self.streams.blockSignals(False)
        self._show_reality()

    @Slot()
    def _show_reality(self) -> None:
        at, realities = self.streams.currentIndex(), self._work.realities
        if not 0 <= at < len(realities):
            self.realities.clear()
            self.appends.say("")
            return
        it = realities[at]
        self.realities.show_sides(it.stream, _sides(it))
        self.appends.say(said("Appends: {events}", events="\n".join(it.appends)))


def _sides(it: Reality) -> tuple[TreeSide, ...]:
    differs = {mark.path: said("differs") for mark in it.should_be_marks if mark.kind != "added"}
    stays = dict.fromkeys(it.left, said("stays different"))
    return (
        TreeSide(value=it.now, notes=differs),
        TreeSide(value=it.should_be, marks=_marks(it.should_be_marks)),
        TreeSide(value=it.after, marks=_marks(it.after_marks), notes=stays),
    )


def _marks(marks: tuple[ChangeMark, ...]) -> dict[tuple[str | int, ...], Mark]:
    return {it.path: Mark(it.kind, it.before) for it in marks}
