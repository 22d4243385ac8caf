"""Panes side by side: which view and moment each shows, how they differ, where they part."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.reads import Reads
from gui.selection import Selection
from gui.tasks import Tasks
from replay.first_divergence import first_divergence
from replay.pane_compare import Counts, Pane
from replay.pane_groups import Group, Grouped, group
from replay.view_query import ViewPage
from replay.view_status import list_views
from store.errors import StoreError

Which: TypeAlias = Literal["left", "right", "third", "fourth"]
Moment: TypeAlias = Literal["cursor", "anchor", "now"]

ALL: Final[tuple[Which, ...]] = ("left", "right", "third", "fourth")
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
        self.sides: dict[Which, Side] = {
            "left": Side(view="streams", moment="anchor"),
            "right": Side(view="streams"),
        }
        self.only_differences = True
        self.found: Grouped | None = None
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

    def add_side(self) -> None:
        """One more pane at the right, of the same view now; up to four."""
        which = next((it for it in ALL if it not in self.sides), None)
        if which is not None:
            last = list(self.sides.values())[-1]
            self.sides[which] = Side(view=last.view, moment="now")
            self.listed.emit()
            self.refresh()

    def remove_side(self) -> None:
        """Take the last pane away; two stay."""
        if len(self.sides) > 2:
            self.sides.popitem()
            self.listed.emit()
            self.refresh()

    def set_side(self, which: Which, side: Side) -> None:
        """Show another view, or another moment."""
        self.sides[which] = side
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
                _compare, panes=[self._pane(it) for it in self.sides.values()],
                only_differences=self.only_differences,
            )  # fmt: skip
            self._tasks.latest("panes", work, done=self._show, failed=self._tell)

    def find_parting(self) -> None:
        """Look for the first event after which the two views differ."""
        self.parting, self.parted_at = "Looking through both histories…", None
        self.parted.emit()
        work = partial(_part, left=self.sides["left"].view, right=self.sides["right"].view)
        self._tasks.latest("parting", work, done=self._show_parting, failed=self._tell)

    def go_to_parting(self) -> None:
        """Put the cursor on the event they part at."""
        if self.parted_at is not None:
            self._selection.seek(self.parted_at)

    def pane(self, which: Which) -> PaneRows:
        """What one side shows."""
        at = ALL.index(which)
        if self.found is None or at >= len(self.found.pages):
            return PaneRows(titles=(), rows=())
        page = self.found.pages[at]
        return PaneRows(
            titles=tuple(it.name for it in page.columns),
            rows=tuple((_texts(page, it, at), not it.is_equal) for it in self.found.groups),
        )

    def position_of(self, row: int) -> int:
        """Of the event that wrote a row last, on any side."""
        rows = self.found.groups[row].rows if self.found else ()
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

    def _show(self, found: Grouped) -> None:
        self.found = found
        told = [_told(it) for it in found.counts]
        several = [f"{ALL[n]}: {it}" for n, it in enumerate(told, 1)]
        self.words = told[0] if len(told) == 1 else " ‖ ".join(several)
        if any(it.differing for it in found.counts):
            self.words += " · ◂ this row differs, ≠ this cell"
        older = {it.view: it.older.words(it.head) for it in found.pages if it.older}
        self.words += "".join(f" · {view}: {words}" for view, words in older.items())
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


def _compare(reads: Reads, *, panes: Sequence[Pane], only_differences: bool) -> Grouped:
    return group(reads.views(), reads.log, panes, only_differences=only_differences, limit=SHOWN)


def _told(counts: Counts) -> str:
    return (
        f"{counts.equal:,} equal · {counts.changed:,} changed · "
        f"{counts.removed:,} only left · {counts.added:,} only right"
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


def _texts(page: ViewPage, found: Group, at: int) -> tuple[str, ...]:
    """Of the first pane, what differs from any other one is marked; of the others, from it."""
    row = found.rows[at]
    if row is None:
        return ("no row", *("" for _ in page.columns[1:]))
    cells = {name for it in found.cells for name in it} if at == 0 else found.cells[at]
    return tuple(
        (CHANGED if column.name in cells else "") + _text(value)
        for column, value in zip(page.columns, row.values, strict=True)
    )


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
