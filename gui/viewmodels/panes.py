"""Two panes side by side: which view and moment each shows, how they differ, where they part."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.reads import Reads
from gui.selection import Selection
from gui.tasks import Tasks
from replay.first_divergence import first_divergence
from replay.pane_compare import Compared, Pair, Pane, compare
from replay.view_query import ViewPage, ViewRow, list_views
from store.errors import StoreError

Moment: TypeAlias = Literal["cursor", "anchor", "now"]

WAIT_MS: Final = 200  # after the cursor has moved
SHOWN: Final = 1_000
CHANGED: Final = "≠ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one pane is set to."""

    view: str
    moment: Moment = "cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneRows:
    """One pane ready to be shown: a row for each pair, empty where it has none."""

    titles: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], bool], ...]  # texts, and whether the row differs


class PanesViewModel(QObject):
    """`listed()` when the views are known, `compared()`, `parted()`, `failed(error)`."""

    listed = Signal()
    compared = Signal()
    parted = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.views: tuple[str, ...] = ()
        self.left = Side(view="streams", moment="anchor")
        self.right = Side(view="streams")
        self.only_differences = True
        self.found: Compared | None = None
        self.words = ""
        self.parting = ""  # in words; empty while nobody has asked
        self.parted_at: int | None = None
        self._tasks = tasks
        self._selection = selection
        self._is_wanted = False
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.refresh)
        for moved in (selection.as_of_changed, selection.anchor_changed, selection.head_changed):
            moved.connect(self._moved)

    def want(self, is_wanted: bool) -> None:
        """Whether the panes are in sight; hidden ones ask for nothing."""
        self._is_wanted = is_wanted
        if is_wanted:
            if not self.views:
                self.list_views()
            self.refresh()

    def list_views(self) -> None:
        """Ask which views there are."""
        self._tasks.latest("views", _views, done=self._learn, failed=self.failed.emit)

    def set_side(self, which: Literal["left", "right"], side: Side) -> None:
        """Show another view, or another moment."""
        setattr(self, which, side)
        self.parting, self.parted_at = "", None
        self.parted.emit()
        self.refresh()

    def show_only_differences(self, is_on: bool) -> None:
        """Leave out the rows that are the same on both sides."""
        self.only_differences = is_on
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Compare again."""
        if self._is_wanted:
            work = partial(
                _compare, left=self._pane(self.left), right=self._pane(self.right),
                only_differences=self.only_differences,
            )  # fmt: skip
            self._tasks.latest("panes", work, done=self._show, failed=self._tell)

    def find_parting(self) -> None:
        """Look for the first event after which the two views differ."""
        self.parting, self.parted_at = "Looking through both histories…", None
        self.parted.emit()
        work = partial(_part, left=self.left.view, right=self.right.view)
        self._tasks.latest("parting", work, done=self._show_parting, failed=self._tell)

    def go_to_parting(self) -> None:
        """Put the cursor on the event they part at."""
        if self.parted_at is not None:
            self._selection.seek(self.parted_at)

    def pane(self, which: Literal["left", "right"]) -> PaneRows:
        """What one side shows."""
        if self.found is None:
            return PaneRows(titles=(), rows=())
        page = self.found.left if which == "left" else self.found.right
        return PaneRows(
            titles=tuple(it.name for it in page.columns),
            rows=tuple(
                (_texts(page, it, it.left if which == "left" else it.right), not it.is_equal)
                for it in self.found.pairs
            ),
        )

    def position_of(self, row: int) -> int:
        """Of the event that wrote a row last, on either side."""
        pair = self.found.pairs[row] if self.found else None
        rows = (pair.left, pair.right) if pair else ()
        return max((it.position for it in rows if it is not None), default=0)

    def go_to_row(self, row: int) -> None:
        """Put the cursor on the event that wrote a row last."""
        if position := self.position_of(row):
            self._selection.seek(position)

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()

    def _pane(self, side: Side) -> Pane:
        selection = self._selection
        at = {"cursor": selection.as_of, "anchor": selection.anchor, "now": None}[side.moment]
        return Pane(view=side.view, at=at)

    @Slot()
    def _moved(self) -> None:
        if self._is_wanted:
            self._soon.start()

    def _learn(self, names: tuple[str, ...]) -> None:
        self.views = names
        self.listed.emit()

    def _show(self, found: Compared) -> None:
        counts = found.counts
        self.found = found
        self.words = (
            f"{counts.equal:,} equal · {counts.changed:,} changed · "
            f"{counts.removed:,} only left · {counts.added:,} only right"
        )
        if counts.differing:
            self.words += " · ◂ this row differs, ≠ this cell"
        if found.is_cut:
            self.words += f" · the first {SHOWN:,} are shown"
        self.compared.emit()

    def _show_parting(self, found: tuple[int | None, str]) -> None:
        self.parted_at, self.parting = found
        self.parted.emit()

    def _tell(self, error: Exception) -> None:
        """What cannot be compared is told here, not in a banner."""
        if isinstance(error, StoreError):
            self.found, self.words = None, f"{error}. {error.hint}"
            self.parting = ""
            self.compared.emit()
            self.parted.emit()
        else:
            self.failed.emit(error)


def _views(reads: Reads) -> tuple[str, ...]:
    return tuple(it.name for it in list_views(reads.views(), reads.log) if it.columns)


def _compare(reads: Reads, *, left: Pane, right: Pane, only_differences: bool) -> Compared:
    return compare(
        reads.views(), reads.log, left, right, only_differences=only_differences, limit=SHOWN
    )


def _part(reads: Reads, *, left: str, right: str) -> tuple[int | None, str]:
    views = reads.views()
    found = None if views is None else first_divergence(views, reads.log, left, right)
    if found is None:
        return None, "They never part: the same after every event."
    event = reads.log.event(found.position)
    what = f"{event.type} in {event.stream}" if event else ""
    key = ", ".join(map(str, found.key))
    return found.position, f"They part at {found.position:,}, {what}, in the row {key}."


def _texts(page: ViewPage, pair: Pair, row: ViewRow | None) -> tuple[str, ...]:
    if row is None:
        return ("no row", *("" for _ in page.columns[1:]))
    return tuple(
        (CHANGED if column.name in pair.cells else "") + _text(value)
        for column, value in zip(page.columns, row.values, strict=True)
    )


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
