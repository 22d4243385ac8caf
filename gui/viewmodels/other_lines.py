"""The lines of the open log that something in view can be set against, by name."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.branches import MAIN as MAIN_WORDS
from gui.viewmodels.branches import BranchesViewModel
from gui.words import said
from gui.work.line_views import LineViews
from store.place import MAIN, Place


class OtherLinesViewModel(QObject):
    """An empty name is the line in view, whichever that is. `changed()` when there are others,
    `advanced()` when views of one in sight got on. GUI thread."""

    changed = Signal()
    advanced = Signal()

    def __init__(self, place: Place, branches: BranchesViewModel) -> None:
        super().__init__()
        self._place, self._branches = place, branches
        self._views = LineViews()
        self._views.advanced.connect(self.advanced)
        branches.changed.connect(self.changed)

    @property
    def here(self) -> str:
        """The name of the line in view."""
        return self._place.branch_name or MAIN

    @property
    def are_there(self) -> bool:
        """Whether there is another line than that in view."""
        return bool(self._place.branch_name or self._branches.rows)

    def names(self) -> tuple[str, ...]:
        """Of all lines, main first; that in view is among them."""
        return (MAIN, *(it.name for it in self._branches.rows)) if self.are_there else ()

    def path_of(self, name: str) -> Path | None:
        """Where a line is, whether there is one of that name or not; None of that in view."""
        if not name or name == self.here:
            return None
        return self._place.log if name == MAIN else Place(self._place.log).branch(name)

    def is_branch(self, name: str) -> bool:
        """Whether what a name means is not the log itself."""
        return (name or self.here) != MAIN

    def watch(self, names: Iterable[str]) -> None:
        """Bring the views of these up with them while they are in sight; of no others."""
        paths = (self.path_of(it) for it in names)
        self._views.watch(it for it in paths if it is not None and it.exists())

    def leave(self, name: str, then: Callable[[], object]) -> None:
        """Do something with a branch once nobody here has it open."""
        path = self.path_of(name)
        if path is None:
            then()
        else:
            self._views.leave(path, then)

    def close(self) -> None:
        """Keep no views any more."""
        self._views.close()

    def wait(self) -> None:
        """Until nobody here keeps views; on any thread, once it is closed."""
        self._views.wait()


def line_words(name: str) -> str:
    """What a line is called where it stands beside others."""
    return MAIN_WORDS if name == MAIN else said("branch {name}", name=name)
