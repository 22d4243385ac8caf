"""Why a value is what it is, in a few lines, with the ways on from there."""

from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout

from gui.look.icons import icon
from gui.look.theme import themes
from gui.widgets.change_label import ChangeLabel
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tips import set_action_tip
from gui.words import said

WAITING: Final = said("searching for the event…")


class Told(Protocol):
    """An answer in words; empty ones are not shown."""

    @property
    def title(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def rules(self) -> str: ...
    @property
    def place(self) -> str: ...


class AnswerBox(QFrame):
    """`go_wanted()` to the event, `history_wanted()`, `pin_wanted()`; `previous_wanted()` and
    `next_wanted()` along the changes."""

    go_wanted = Signal()
    history_wanted = Signal()
    previous_wanted = Signal()
    next_wanted = Signal()
    pin_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.title = ElidedLabel(role="dim")
        self.change = ChangeLabel(said("{name}: value", name=name))
        self.event_words = ElidedLabel()
        self.when = ElidedLabel(role="dim")
        self.who = ElidedLabel(role="dim")
        self.rules = ElidedLabel(role="dim")
        self.place = ElidedLabel(role="faint")
        self._middle = QHBoxLayout()
        self.previous, self.next = QToolButton(), QToolButton()
        self.go = QPushButton(said("Go there"))
        self.history = QPushButton(said("History"))
        self.pin = QPushButton(said("Pin"))
        self._lay_out()
        self._connect()
        self.hide()

    def wait(self, title: str) -> None:
        """An answer is on its way."""
        self._show(title, change=("", ""), lines=(WAITING, "", "", "", ""))
        self.go.setEnabled(False)

    def tell(self, told: Told | None, *, can_go: bool) -> None:
        """Show it in place of what was there, or nothing. Lines without words take no room."""
        if told is None:
            self.hide()
            return
        lines = (told.event, told.when, told.who, told.rules, told.place)
        self._show(told.title, change=(told.before, told.after), lines=lines)
        self.go.setEnabled(can_go)

    def _show(self, title: str, *, change: tuple[str, str], lines: tuple[str, ...]) -> None:
        self.title.set_text(title)
        self.change.show_change(*change)
        labels = (self.event_words, self.when, self.who, self.rules, self.place)
        for label, words in zip(labels, lines, strict=True):
            label.set_text(words)
        for label in labels[1:]:
            label.setVisible(bool(label.full_text()))
        self.setAccessibleDescription(self.text())
        self.show()

    def show_pinned(self, *, is_pinned: bool) -> None:
        """Whether the value is kept in sight."""
        self.pin.setText(said("Unpin") if is_pinned else said("Pin"))

    def hide_ways(self) -> None:
        """Of the ways on only the one to the event is there; it takes no row of its own."""
        self._middle.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        for it in (self.previous, self.next, self.pin, self.history):
            it.hide()

    def text(self) -> str:
        """All that it says, a line each."""
        parts = (self.title, self.event_words, self.when, self.who, self.rules, self.place)
        told = [it.full_text() for it in parts]
        return "\n".join(filter(None, [told[0], self.change.text(), *told[1:]]))

    def _lay_out(self) -> None:
        theme = themes().current
        ways = (
            (self.previous, "chevron-left", "before", said("previous change")),
            (self.next, "chevron-right", "after", said("next change")),
        )
        for button, sign, where, action in ways:
            button.setIcon(icon(sign, theme["text_dim"]))
            button.setAutoRaise(True)
            name = said("The change {where} the cursor", where=where)
            button.setAccessibleName(name)
            set_action_tip(button, name, action)
        self.go.setToolTip(said("Move the cursor to the event (Enter)"))
        set_action_tip(self.history, said("All changes of the field"), "field history")
        head, foot = QHBoxLayout(), QHBoxLayout()
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for line in (self.event_words, self.when, self.who, self.rules):
            lines.addWidget(line)
        head.addWidget(self.title, 2)
        head.addWidget(self.place, 1)
        self._middle.addLayout(lines, 1)
        foot.addStretch(1)
        set_action_tip(self.pin, said("Show it above the state and in the event table"), "pin")
        for it in (self.previous, self.next, self.pin, self.history, self.go):
            foot.addWidget(it)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 12, 6)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self.change)
        rows.addLayout(self._middle)
        rows.addLayout(foot)

    def _connect(self) -> None:
        self.go.clicked.connect(self.go_wanted)
        self.pin.clicked.connect(self.pin_wanted)
        self.history.clicked.connect(self.history_wanted)
        self.previous.clicked.connect(self.previous_wanted)
        self.next.clicked.connect(self.next_wanted)
