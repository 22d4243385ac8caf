"""Issued: every command that was sent, how it stands, and what happened to the chosen one."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.commands import CommandsViewModel
from gui.viewmodels.issued import IssuedRow, IssuedViewModel
from gui.viewmodels.process_facts import Story
from gui.viewmodels.things import ActorThing, EventThing, StreamThing, TextThing, Thing
from gui.widgets.grid.grid_header import GridHeader
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.words import Words
from gui.words import said

ATTEMPTS: Final = "attempts"
SHARES: Final = (5, 3)  # of the room: the list, and what happened to the chosen one
COLUMNS: Final = (
    Column(title=said("status"), width=104, tight=76),
    Column(title=said("issued"), width=172, is_mono=True, tight=90),
    Column(title=said("command"), width=150, tight=72),
    Column(title=said("stream"), width=110, is_mono=True, tight=60),
    Column(title=said("by"), width=90, is_dim=True, tight=44),
    Column(title=said("attempts"), id=ATTEMPTS, width=70, is_right=True, tight=64),
    Column(title=said("reason"), width=160, is_dim=True, is_flexible=True, tight=60),
)
STATUS_COLUMN: Final = 0
NAMED: Final = {3: "stream", 4: "actor"}  # columns whose cells name something
SIGNS: Final = {
    "done": "✓",
    "refused": "✗",
    "failed": "⚠",
    "conflict": "⇄",
    "pending": "…",
    "retried": "↻",
    "expired": "⌛",
    "cancelled": "–",
}
# A rule's no is an answer; everything else in the other colour is trouble that can be mended.
TONES: Final = {
    "refused": "error",
    "failed": "warn",
    "conflict": "warn",
    "retried": "warn",
    "expired": "warn",
}
TITLES: Final = {
    "done": said("Done"),
    "refused": said("Refused by a rule"),
    "failed": said("Failed: it could not be decided"),
    "conflict": said("Conflict: the stream had changed, and the command was not re-decided"),
    "pending": said("Waiting to be decided"),
    "retried": said("Failed, and will be retried"),
    "expired": said("Expired before it was handled"),
    "cancelled": said("Cancelled"),
}
EMPTY: Final = said(
    "No commands have been issued here yet. Each command is listed with its outcome."
)
NOT_CHOSEN: Final = said("Select a command to see what happened to it. Enter goes to its event.")


class IssuedView(QWidget):
    """`counted(title)` names the tab."""

    counted = Signal(str)

    def __init__(
        self, issued: IssuedViewModel, commands: CommandsViewModel, selection: Selection
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Issued commands"))
        self._issued, self._commands, self._selection = issued, commands, selection
        self.grid = GridView(
            said("Issued commands"),
            COLUMNS,
            warning_column=STATUS_COLUMN,
            fits=True,
            empty=said("Issued commands are listed here. The Issue tab has a form for each."),
        )
        self._rows = TextRows([it.title for it in COLUMNS])
        self.grid.setModel(self._rows)
        self._has_attempts = True  # to tell of: then they have a column
        self.title = Words("dim", EMPTY)
        self.text = Words("dim")
        self.value = JsonTree(
            said("What happened to the command"),
            empty=said("What happened to the selected command is shown here."),
        )
        self.undo = QPushButton(said("Undo this…"))
        self.undo.setToolTip(said("Prepare the command that undoes what it recorded"))
        self._lay_out()
        issued.changed.connect(self._show)
        issued.story_changed.connect(self._show_story)
        self.grid.row_chosen.connect(self._choose)
        self.grid.row_activated.connect(self._go)
        self.undo.clicked.connect(self.undo_chosen)
        self._show_story()

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show()

    def spots(self) -> list[Spot]:
        """The commands."""
        return [cells_spot(self.grid, self._things)]

    def _things(self, row: int, column: int) -> list[Thing]:
        """Of the event that a command recorded; of its stream, or of who issued it, where the
        mouse is on that cell, and the stream where nothing was recorded."""
        it = self._issued.rows[row]
        found, named = list[Thing](), NAMED.get(column)
        if named == "actor" and it.actor:
            found.append(ActorThing(name=it.actor))
        elif it.stream and (named == "stream" or it.position is None):
            found.append(StreamThing(name=it.stream))
        if it.position is not None and not found:
            found.append(EventThing(position=it.position))
        return found or [TextThing(text=it.command)]

    def _lay_out(self) -> None:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(12, 8, 0, 8)
        rows.setSpacing(6)
        rows.addWidget(self.title)
        rows.addWidget(self.text)
        rows.addWidget(self.value, 1)
        rows.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(side)
        for at, share in enumerate(SHARES):
            split.setStretchFactor(at, share)
        split.setSizes([it * 100 for it in SHARES])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    @Slot()
    def _show(self) -> None:
        rows = self._issued.rows
        self._give_room_to_attempts(any(_attempts(it) for it in rows))
        if self._rows.show_rows([_row(it) for it in rows]):
            self._keep_chosen()
        every = self._issued.count
        count = (
            said("newest {count:,} of {every:,}", count=len(rows), every=every)
            if len(rows) < every
            else f"{len(rows):,}"
        )
        self.counted.emit(said("Issued ({count})", count=count) if rows else said("Issued"))
        self._show_story()

    def _give_room_to_attempts(self, has_attempts: bool) -> None:
        """Most commands are decided at once: then the room is for the reason."""
        header = self.grid.horizontalHeader()
        if has_attempts != self._has_attempts and isinstance(header, GridHeader):
            self._has_attempts = has_attempts
            header.show_column_of(ATTEMPTS, is_shown=has_attempts)

    def _keep_chosen(self) -> None:
        """The command stays the chosen one when others come in above it."""
        story = self._issued.story
        ids = [it.id for it in self._issued.rows]
        if story is not None and story.command.id in ids:
            self.grid.go_to_row(ids.index(story.command.id))

    @Slot()
    def undo_chosen(self) -> bool:
        """Prepare the command that takes back what the chosen one recorded. Returns whether it
        recorded anything."""
        positions = self._issued.undoable
        if positions:
            self._commands.undo(*positions)
        return bool(positions)

    @Slot()
    def _show_story(self) -> None:
        story = self._issued.story
        self.undo.setEnabled(bool(self._issued.undoable))
        if story is None:
            self.title.say(NOT_CHOSEN if self._issued.rows else EMPTY, role="dim")
            self.text.say("")
            self.value.clear()
            return
        status = story.command.status
        words = f"{SIGNS.get(status, '')} {story.command.command}: {TITLES.get(status, status)}"
        tone = "ok" if status == "done" else TONES.get(status, "")
        self.title.say(words.strip(), role=tone)
        why = story.command.why
        self.text.say(f"{why[:1].upper()}{why[1:]}." if why else "")
        self.value.forget_place()
        self.value.show_value(_told(story), title=story.command.command)
        self.setAccessibleDescription(f"{self.title.text()} {self.text.text()}")

    @Slot(int)
    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._issued.rows):
            self._issued.choose(self._issued.rows[row].id)

    @Slot(int)
    def _go(self, row: int) -> None:
        self._choose(row)
        position = self._issued.rows[row].position
        if position is not None:
            self._selection.seek(position)


def _row(it: IssuedRow) -> TextRow:
    status = f"{SIGNS.get(it.status, '')} {it.status}"
    texts = (status, it.at, it.command, it.stream, it.actor, _attempts(it), it.reason)
    return TextRow(texts=texts, is_warning=it.status in TONES, tone=TONES.get(it.status, "warn"))


def _attempts(it: IssuedRow) -> str:
    return f"{it.attempts:,}" if it.attempts > 1 or it.status == "retried" else ""


def _told(story: Story) -> dict[str, Any]:
    """In the order in which a person asks; what there is nothing to say of is left out."""
    facts = {
        "data": story.command.data,
        "events": story.events,
        "rule": story.command.rule,
        "reason": story.command.reason,
        "stream": story.command.stream,
        "by": story.command.actor,
        "issued": story.command.issued_at,
        "due": story.command.due_at if story.command.due_at > story.command.issued_at else "",
        "decided": story.command.decided_at,
        "version seen": story.command.expected,
        "attempts": story.command.attempts,
        "tried in vain": {
            f"{it.attempt} {it.status}, {it.at}": it.reason for it in story.command.tried
        },
        "id": story.command.id,
    }
    return {key: value for key, value in facts.items() if value not in ("", None, {})}


PANEL: Final = TabPanel(
    id="issued",
    title=said("Issued"),
    parent="commands",
    order=1,
    make=lambda it: IssuedView(it.issued, it.commands, it.selection),
    retitled=lambda it: it.counted,
)
