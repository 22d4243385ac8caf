"""The commands that were issued, by whomever, and what happened to the chosen one."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.commands.sent_commands import SentCommand, Story, sent_list, story_of

REFRESH_MS: Final = 150  # many commits in a row are one look
SHOWN: Final = 500
UNDO_TRIED: Final = 20  # events of one command, the last ones


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """One line of the list."""

    id: str
    status: str
    command: str
    stream: str
    at: str
    actor: str
    reason: str
    attempts: int
    position: int | None  # of its last event


class IssuedViewModel(QObject):
    """`changed()` when the list differs, `story_changed()` when what is told of the chosen
    command does, `failed(error)`. A hidden list asks for nothing."""

    changed = Signal()
    story_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.rows: tuple[IssuedRow, ...] = ()
        self.count = 0  # of all commands that were issued, listed or not
        self.story: Story | None = None
        self._tasks = tasks
        self._is_wanted = False
        self._chosen = ""
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)

    def want(self, is_wanted: bool) -> None:
        """Whether the panel is in sight."""
        self._is_wanted = is_wanted
        if is_wanted:
            self.refresh()

    @Slot()
    def refresh_soon(self) -> None:
        """Somebody has written to the log: a command may be queued, settled or retried."""
        if self._is_wanted and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def refresh(self) -> None:
        """Read the list again, and the story of the chosen command."""
        self._tasks.latest("issued", _list, done=self._learn, failed=self.failed.emit)
        if self._chosen:
            self.choose(self._chosen)

    def choose(self, command_id: str) -> None:
        """Tell what happened to a command."""
        self._chosen = command_id
        work = partial(_story, command_id=command_id)
        self._tasks.latest("issued story", work, done=self._tell, failed=self.failed.emit)

    @property
    def undoable(self) -> tuple[int, ...]:
        """The events of the chosen command, the last ones where there are many; empty where it
        recorded none."""
        command = self.story.command if self.story else None
        if command is None or command.first_position is None or command.last_position is None:
            return ()
        first = max(command.first_position, command.last_position - UNDO_TRIED + 1)
        return tuple(range(first, command.last_position + 1))

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()

    def _learn(self, found: tuple[tuple[IssuedRow, ...], int]) -> None:
        if found != (self.rows, self.count):
            self.rows, self.count = found
            self.changed.emit()

    def _tell(self, story: Story | None) -> None:
        if story != self.story:
            self.story = story
            self.story_changed.emit()


def _list(reads: Reads) -> tuple[tuple[IssuedRow, ...], int]:
    beside = reads.log.beside
    rows = tuple(_row(it) for it in sent_list(beside, beside.commands.latest(limit=SHOWN)))
    # Commands are counted only where the list may be a part of them: counting reads them all.
    return rows, sum(beside.commands.counts().values()) if len(rows) == SHOWN else len(rows)


def _story(reads: Reads, *, command_id: str) -> Story | None:
    return story_of(reads.log, command_id)


def _row(it: SentCommand) -> IssuedRow:
    return IssuedRow(
        id=it.id,
        status=it.status,
        command=it.command,
        stream=it.stream,
        at=it.issued_at[:19].replace("T", " "),
        actor=it.actor,
        reason=it.why,
        attempts=it.attempts,
        position=it.last_position,
    )
