"""What can be done with an event in a branch: dialogs that ask, and edits that are made."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.problems import problem_of
from gui.session import Session
from gui.viewmodels.branch_edits import Change
from gui.viewmodels.branch_making import BranchMakingViewModel
from gui.viewmodels.event_draft import (
    Draft,
    changed_content,
    draft_of,
    new_content,
    new_draft,
)
from gui.widgets.branch_band import name_branch
from gui.words import said
from store.events import RecordedEvent

if TYPE_CHECKING:
    from gui.dialogs.branch_dialog import BranchDialog
    from gui.dialogs.event_text_dialog import EventTextDialog
    from gui.dialogs.move_event_dialog import MoveEventDialog


class Panels(Protocol):
    """What this asks of the workspace."""

    session: Session

    def window(self) -> QWidget: ...

    def want_line(self, path: Path) -> None: ...


class BranchDoors(QObject):
    """Of one workspace. Where the line in view is the log, or an event is one of its from before
    the fork, an edit makes a branch first: a dialog asks for its name. GUI thread."""

    def __init__(self, panels: Panels, parent: QObject) -> None:
        super().__init__(parent)
        self._panels = panels
        self.dialog: BranchDialog | None = None  # that was opened last
        self.text_dialog: EventTextDialog | None = None  # the same
        self._dialog: EventTextDialog | None = None  # that waits for its edit
        panels.session.branch_edits.edited.connect(self._close_waiting)
        panels.session.branch_edits.refused.connect(self._refuse)

    @property
    def session(self) -> Session:
        """The open store."""
        return self._panels.session

    def is_editable(self, position: int) -> bool:
        """Whether the event there can be edited without making a branch first."""
        line = self.session.line
        return line.is_branch and position > line.fork

    def begin_rerun(self) -> "BranchDialog":
        """Ask for a branch in which the commands from A on are decided again; without A all."""
        fork = max((self.session.selection.anchor or 1) - 1, 0)
        what = said("All commands after position {fork:,} are decided again there.", fork=fork)
        return self.begin(fork, what=what, is_rerun=True)

    def begin(
        self, position: int, edit: Change | None = None, what: str = "", *, is_rerun: bool = False
    ) -> "BranchDialog":
        """Ask for a branch that forks from the line in view behind a position; `is_rerun`: all
        commands behind it are decided again."""
        from gui.dialogs.branch_dialog import BranchDialog  # loaded as it is wanted

        session = self.session
        work = BranchMakingViewModel(
            session.tasks,
            session.branches,
            session.place,
            fork=position,
            edit=edit,
            what=what,
            decides_again=session.line.decides_again,
            is_rerun=is_rerun,
        )
        dialog = self.dialog = BranchDialog(work, self._panels.window())
        dialog.finished.connect(self._forget_branch)
        dialog.made.connect(self._panels.want_line)
        dialog.open()
        return dialog

    def _forget_branch(self) -> None:
        self.dialog = None

    def leave_out(self, event: RecordedEvent) -> None:
        """Leave it out."""
        position = event.position
        what = said("Event {position:,} is left out.", position=position)
        self._edit(position, lambda it: it.leave_out(position), what)

    def swap_with_next(self, event: RecordedEvent) -> None:
        """Let it and the one behind it change places."""
        position = event.position
        what = said("Event {position:,} and the next one change places.", position=position)
        self._edit(position, lambda it: it.swap(position, position + 1), what)

    def replace(self, event: RecordedEvent) -> "EventTextDialog":
        """Ask for what it is to say instead."""
        position = event.position
        what = said("Event {position:,} says something else.", position=position)
        title = said("Replace what event {position:,} says", position=position)

        def keep(draft: Draft) -> None:
            content = changed_content(draft, event)
            self._edit(position, lambda it: it.replace(position, content), what)

        return self._ask(title, draft_of(event), keep, is_new=False)

    def insert(self, event: RecordedEvent) -> "EventTextDialog":
        """Ask for a new event before it."""
        position = event.position
        what = said("A new event is put in before event {position:,}.", position=position)
        title = said("Insert an event before {position:,}", position=position)

        def keep(draft: Draft) -> None:
            content = new_content(draft)
            self._edit(position, lambda it: it.insert(position, content), what)

        return self._ask(title, new_draft(event), keep, is_new=True)

    def move(self, event: RecordedEvent) -> "MoveEventDialog":
        """Ask where it belongs; A is suggested, where there is one."""
        from gui.dialogs.move_event_dialog import MoveEventDialog  # loaded as it is wanted

        session, position = self.session, event.position
        first = session.line.fork + 1 if self.is_editable(position) else 1
        anchor = session.selection.anchor
        suggested = anchor if anchor is not None and anchor >= first else max(position - 1, first)
        dialog = MoveEventDialog(
            position,
            first=first,
            head=session.selection.head,
            suggested=suggested,
            parent=self._panels.window(),
        )
        name_branch(dialog, session.line.name)
        dialog.chosen.connect(partial(self._move, position))
        dialog.open()
        return dialog

    def _move(self, position: int, before: int) -> None:
        what = said(
            "Event {position:,} is moved before {before:,}.", position=position, before=before
        )
        first = min(position, before)
        self._edit(first, lambda it: it.move(position, before), what)

    def _edit(self, first: int, change: Change, what: str) -> None:
        """`first`: the first position that is not as it was."""
        if self.is_editable(first):
            self.session.branch_edits.make(change)
        else:
            self._close_waiting()
            self.begin(first - 1, change, what)

    def _ask(
        self, title: str, draft: Draft, keep: Callable[[Draft], None], *, is_new: bool
    ) -> "EventTextDialog":
        from gui.dialogs.event_text_dialog import EventTextDialog  # loaded as it is wanted

        about = said("The log is not changed. The edit is stored in a branch.")
        window = self._panels.window()
        dialog = EventTextDialog(title, about, draft, is_new=is_new, parent=window)
        name_branch(dialog, self.session.line.name)
        self.text_dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.written.connect(partial(self._write, dialog, keep))
        dialog.open()
        return dialog

    def _forget(self) -> None:
        """A dialog was closed, and is deleted with that."""
        self.text_dialog = self._dialog = None

    def _write(
        self, dialog: "EventTextDialog", keep: Callable[[Draft], None], draft: Draft
    ) -> None:
        self._dialog = dialog
        keep(draft)

    def _close_waiting(self) -> None:
        """Its edit was made."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.accept()

    def _refuse(self, error: Exception) -> None:
        """Where it was asked for, else in the window."""
        dialog, self._dialog = self._dialog, None
        if dialog is None:
            self.session.failed.emit(error)
        else:
            problem = problem_of(error)
            dialog.refuse(f"{problem.what}. {problem.hint}".strip())
