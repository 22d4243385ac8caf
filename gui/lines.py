"""The line in view: a window shows the log, or a branch of it in the log's place, and goes from one
to the other without losing what a person looks at."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from gui.endings import Endings
from gui.session import Session
from gui.settings import Settings
from gui.words import said
from gui.work.reads import Reads
from gui.workspace import Workspace
from store.opening import open_reader
from store.place import Place

MARKS = ("position", "anchor", "known")  # what of a kept place is a position


class Window(Protocol):
    """What this asks of the window."""

    session: Session | None
    workspace: Workspace | None
    settings: Settings
    endings: Endings

    def open_store(self, path: Path) -> None: ...

    def show_error(self, error: Exception) -> None: ...


class Lines(QObject):
    """One for a window. `changed()` when another line is in view, or other things are known of it
    or of the others; `arrived(session)` when another line was opened. GUI thread."""

    changed = Signal()
    arrived = Signal(object)

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._arrival: tuple[Place, dict[str, Any]] | None = None  # of the line that is opened
        self._then: Callable[[], object] = _nothing

    @property
    def place(self) -> Place | None:
        """Of the line in view; None when no store is open."""
        return None if self._window.session is None else self._window.session.place

    @property
    def branch(self) -> str:
        """The name of the branch in view; empty of the log, and when no store is open."""
        return "" if self.place is None else self.place.branch_name

    @property
    def log_name(self) -> str:
        """What a person calls the open log; empty when no store is open."""
        session = self._window.session
        if session is None:
            return ""
        return session.place.log.name if self.branch else session.path.name

    @property
    def title(self) -> str:
        """Of the window."""
        if not self.branch:
            return said("{name} – Foldline", name=self.log_name)
        return said("Branch {branch} of {name} – Foldline", branch=self.branch, name=self.log_name)

    @Slot(object)
    def show(self, path: Path, *, then: Callable[[], object] | None = None) -> None:
        """Bring a line of the open store into view: the cursor stays where it means the same.
        `then` is done once it is in view."""
        session, workspace, place = self._window.session, self._window.workspace, Place(path)
        if session is None or workspace is None or session.place == place:
            return
        kept = workspace.place_now()
        work = partial(_carried, target=place, marks=[kept.get(it) for it in MARKS])
        session.tasks.latest(
            "other line",
            work,
            done=partial(self._open, place, kept, then or _nothing),
            failed=self._window.show_error,
        )

    @Slot()
    def back_to_main(self) -> None:
        """Bring the log itself into view."""
        if self.place is not None:
            self.show(self.place.log)

    def arrive(self, workspace: Workspace) -> None:
        """A store was opened: as a line of the one before, with what a person looked at there;
        else as it was left."""
        session, arrival, self._arrival = workspace.session, self._arrival, None
        if arrival is not None and arrival[0] == session.place:
            workspace.restore(arrival[1])
        else:
            workspace.restore()
        workspace.line_wanted.connect(self.show)
        session.line.changed.connect(self.changed)
        session.branches.changed.connect(self.changed)
        self.changed.emit()
        self.arrived.emit(session)
        then, self._then = self._then, _nothing
        if arrival is not None and arrival[0] == session.place:
            self._window.endings.afterwards(then)  # when nobody here has the line that was left

    def _open(
        self,
        place: Place,
        kept: dict[str, Any],
        then: Callable[[], object],
        marks: Sequence[int | None],
    ) -> None:
        self._then = then
        bookmarks = self._window.settings.place(place.path).get("bookmarks")
        own = {"bookmarks": bookmarks, **dict(zip(MARKS, marks, strict=True))}
        self._arrival = (place, kept | own)
        self._window.open_store(place.named)


def _nothing() -> None:
    """What follows when nothing does."""


def _carried(reads: Reads, *, target: Place, marks: Sequence[int | None]) -> list[int | None]:
    """Where the same events are in the other line."""
    from store.branches.carried import carried  # most logs have no branches

    with closing(open_reader(target.path)) as line:
        return [it if not it else carried(it, reads.log, line) for it in marks]
