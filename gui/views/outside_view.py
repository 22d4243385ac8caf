"""What gateways would have been told, and why they were not; and what outside systems said."""

import json
from typing import Any, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.outside import OutsideViewModel
from gui.viewmodels.process_facts import RecordedAnswer, WouldSend
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import counted, said

HELD: Final = (
    said("event"),
    said("gateway"),
    said("would be sent"),
    said("why it was not sent"),
)
ANSWERS: Final = (
    said("event"),
    said("type"),
    said("gateway"),
    said("request"),
    said("answer"),
)
NONE_HELD: Final = said("No message to a gateway was held back.")
NO_ANSWERS: Final = said(
    "No command in this store asked an external system. Answers are recorded "
    "with the event. A replay reads them instead of asking again."
)


class OutsideView(QWidget):
    """Asks when it is shown; Enter on a row goes to its event."""

    def __init__(self, outside: OutsideViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Gateways"))
        self._outside, self._selection = outside, selection
        self.held_words, self.answers_words = Words("dim"), Words("dim")
        self.held = TextGrid(said("Held messages"), empty=said("Held messages are listed here."))
        self.answers = TextGrid(
            said("Recorded answers"), empty=said("Recorded answers are listed here.")
        )
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(_side(self.held_words, self.held))
        split.addWidget(_side(self.answers_words, self.answers))
        split.setChildrenCollapsible(False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(split)
        outside.changed.connect(self._show)
        selection.head_changed.connect(self._look_again)
        self.held.row_activated.connect(lambda row: self._go(outside.held[row]))
        self.answers.row_activated.connect(lambda row: self._go(outside.answers[row]))
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._outside.refresh()

    @Slot()
    def _look_again(self) -> None:
        if self.isVisible():
            self._outside.refresh()

    @Slot()
    def _show(self) -> None:
        held, answers = self._outside.held, self._outside.answers
        messages = (
            counted("{count:,} message", "{count:,} messages", len(held))
            if self._outside.is_all
            else counted("The first message", "The first {count:,} messages", len(held))
        )
        some = said(
            "{messages} would be sent to gateways. A replay sends nothing.", messages=messages
        )
        self.held_words.say(some if held else NONE_HELD)
        self.held.show_rows(HELD, [_held_row(it) for it in held])
        self.held.setVisible(bool(held))
        every = self._outside.answer_count
        newest = (
            said("The newest {count:,} of {every:,} answers", count=len(answers), every=every)
            if len(answers) < every
            else counted("{count:,} answer", "{count:,} answers", every)
        )
        told = said("{newest}, the newest first. An export includes them.", newest=newest)
        self.answers_words.say(told if answers else NO_ANSWERS)
        self.answers.show_rows(ANSWERS, [_answer_row(it) for it in answers])
        self.answers.setVisible(bool(answers))

    def _go(self, row: WouldSend | RecordedAnswer) -> None:
        self._selection.seek(row.position)


def _side(words: Words, grid: TextGrid) -> QWidget:
    side = QWidget()
    rows = QVBoxLayout(side)
    rows.setContentsMargins(12, 8, 12, 8)
    rows.addWidget(words)
    rows.addWidget(grid, 1)
    rows.addStretch(0)
    return side


def _held_row(it: WouldSend) -> TextRow:
    texts = (f"{it.position:,}", it.gateway, _text(it.payload), it.held)
    return TextRow(texts=texts)


def _answer_row(it: RecordedAnswer) -> TextRow:
    texts = (
        f"{it.position:,}",
        it.type,
        it.gateway,
        _text(it.request),
        _text(it.answer),
    )
    return TextRow(texts=texts)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


PANEL: Final = TabPanel(
    id="outside",
    title=said("Gateways"),
    parent="processes",
    order=4,
    make=lambda it: OutsideView(it.outside, it.selection),
)
