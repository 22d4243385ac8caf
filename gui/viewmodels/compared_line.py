"""The line that A is of, where states at A are set against states at the cursor."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.other_lines import OtherLinesViewModel, line_words
from gui.words import said
from gui.work.reads import Reads
from store.errors import StoreError
from store.place import BRANCH_NAME, MAIN


class OnlyInView(StoreError):
    """A state that nobody can be asked for."""

    hint = said("Bring that line into view to see its state.")

    def __init__(self) -> None:
        super().__init__(said("states of your own models are computed for the line in view only"))


class ComparedLineViewModel(QObject):
    """`name` is empty while A is of the line in view. `changed()` when it or the lines are others.
    GUI thread."""

    changed = Signal()

    def __init__(self, lines: OtherLinesViewModel) -> None:
        super().__init__()
        self.name = ""
        self._lines = lines
        lines.changed.connect(self.changed)

    @property
    def path(self) -> Path | None:
        """Where the line is; None of the one in view."""
        return self._lines.path_of(self.name)

    @property
    def words(self) -> str:
        """What it is called beside another; empty of the one in view."""
        return "" if self.path is None else line_words(self.name)

    @property
    def is_branch(self) -> bool:
        """Whether A is of a branch."""
        return self._lines.is_branch(self.name)

    def offered(self) -> list[tuple[str, str]]:
        """Ids, and words for a person: the line in view first, then every line."""
        names = dict.fromkeys([*self._lines.names(), *filter(None, [self.name])])
        if not names:
            return []
        here = said("in view: {line}", line=line_words(self._lines.here))
        return [("", here), *((it, line_words(it)) for it in names)]

    def choose(self, name: str) -> None:
        """Take A from that line from now on."""
        if name != self.name:
            self.name = name
            self.changed.emit()

    def restore(self, kept: object) -> None:
        """What was kept of it; where that is no name of a line it stays."""
        if isinstance(kept, str) and (kept in ("", MAIN) or BRANCH_NAME.fullmatch(kept)):
            self.choose(kept)


@contextmanager
def read_of_line(
    reads: Reads, line: Path | None, stream: str, *marks: int | None
) -> Iterator[tuple[Reads, list[int | None]]]:
    """What reads a line, and where the marks of the line in view are there. Raises OnlyInView, and
    what opening a log raises."""
    if line is None:
        yield reads, list(marks)
        return
    if stream and reads.states.is_elsewhere(stream):
        raise OnlyInView
    from store.branches.carried import carried  # most logs have no branches

    with reads.line(line) as there:
        yield there, [it and carried(it, reads.log, there.log) for it in marks]
