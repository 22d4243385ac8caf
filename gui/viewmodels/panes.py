"""Panes side by side: which view and moment each shows, how they differ, and from where on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.cell_answer import CellAnswerViewModel
from gui.viewmodels.divergence import CHANGED, NamedPane, PartingViewModel, value_text
from gui.viewmodels.row_history import RowHistoryViewModel
from gui.viewmodels.things import CellThing, Thing, ViewThing
from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.pane_compare import Counts, Pane
from replay.questions.pane_groups import Group, Grouped, group
from replay.questions.view_query import ViewPage
from replay.questions.view_status import list_views
from replay.states.moment import parse_moment_text, position_of
from replay.views.sink import KeyValues
from store.errors import StoreError

Which: TypeAlias = Literal["left", "right", "third", "fourth"]
Moment: TypeAlias = Literal["cursor", "anchor", "now", "exact"]

ALL: Final[tuple[Which, ...]] = ("left", "right", "third", "fourth")
WAIT_MS: Final = 200  # after the cursor has moved
SHOWN: Final = 1_000
NO_ANCHOR: Final = said("A is not set. Choose Time ▸ Set A here, or another moment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one pane is set to."""

    view: str
    moment: Moment = "cursor"
    at: int | None = None  # the position where an exact moment is, and stays


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneRows:
    """One pane ready to be shown: a row for each pair, empty where it has none."""

    titles: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], bool], ...]  # texts, and whether the row differs
    as_of: int | None  # the position that they show


class PanesViewModel(QObject):
    """`listed()` when views, sides or the second cursor differ, `compared()`, `row_found(row)`
    when the row that was asked for is shown, `failed(error)`."""

    listed = Signal()
    compared = Signal()
    row_found = Signal(int)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.views: tuple[str, ...] = ()
        self.sides: dict[Which, Side] = {
            "left": Side(view="streams", moment="now"),
            "right": Side(view="streams"),
        }
        self.only_differences = True
        self.found: Grouped | None = None
        self.words = ""
        self.is_warning = False  # whether the words tell what is in the way
        self.parting = PartingViewModel(tasks, selection)
        self.history = RowHistoryViewModel(tasks, selection)
        self.cell = CellAnswerViewModel(tasks, selection)
        self._tasks = tasks
        self._selection = selection
        self._is_wanted = False
        self._wanted: tuple[str, int, KeyValues] | None = None  # view, position, row
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.refresh)
        for moved in (selection.as_of_changed, selection.anchor_changed, selection.head_changed):
            moved.connect(self._moved)
        selection.anchor_changed.connect(self.listed)
        for part in (self.parting, self.history, self.cell):
            part.failed.connect(self.failed)

    @property
    def has_anchor(self) -> bool:
        """Whether there is an A to show a view at."""
        return self._selection.anchor is not None

    @property
    def parted_at(self) -> int | None:
        """The first event after which a pane differs from the first one, when it was looked for."""
        return self.parting.position

    def want(self, is_wanted: bool) -> None:
        """Whether the panes are in sight; hidden ones ask for nothing."""
        self._is_wanted = is_wanted
        if is_wanted:
            self.list_views()
            self.refresh()

    @Slot()
    def list_views(self) -> None:
        """Ask which views there are; what is chosen stays chosen."""
        self._tasks.latest("views", _views, done=self._learn, failed=self.failed.emit)

    def add_side(self) -> None:
        """One more pane at the right, of the same view now; up to four."""
        which = next((it for it in ALL if it not in self.sides), None)
        if which is not None:
            last = list(self.sides.values())[-1]
            self._set_sides({**self.sides, which: Side(view=last.view, moment="now")})

    def remove_side(self) -> None:
        """Take the last pane away; two stay."""
        if len(self.sides) > 2:
            self._set_sides(dict(list(self.sides.items())[:-1]))

    def set_side(self, which: Which, side: Side) -> None:
        """Show another view, or another moment; an exact one without a position is where the pane
        is now."""
        if side.moment == "exact" and side.at is None:
            side = replace(side, at=self._position(which))
        self._set_sides({**self.sides, which: side})

    def pin(self, which: Which, text: str) -> None:
        """Show a pane at a position or time as a person writes it, and leave it there."""
        work = partial(_resolve, text=text)
        done = partial(self._pin, which)
        self._tasks.latest(f"pin {which}", work, done=done, failed=self._refuse)

    def show_change(self, view: str, key: KeyValues, position: int) -> None:
        """One row before and after an event: the view at both positions, and the row's history."""
        self.only_differences = True
        self._wanted = (view, position, key)
        before, after = (Side(view=view, moment="exact", at=at) for at in (position - 1, position))
        self._set_sides({"left": before, "right": after})
        self.history.ask(view, key, until=position)

    def show_only_differences(self, is_on: bool) -> None:
        """Leave out the rows that are the same on both sides."""
        self.only_differences = is_on
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Compare again."""
        if not self._is_wanted:
            return
        panes = self._panes()
        if panes is None:
            self._tasks.cancel("panes")
            self._refuse_all(NO_ANCHOR)
            return
        work = partial(
            _compare, panes=[it.pane for it in panes], only_differences=self.only_differences
        )
        self._tasks.latest("panes", work, done=self._show, failed=self._tell)

    @Slot()
    def find_parting(self) -> None:
        """Look for the first event after which a pane differs from the first one."""
        if (panes := self._panes()) is not None:
            self.parting.ask(panes)

    @Slot()
    def go_to_parting(self) -> None:
        """Put the cursor on the event at which they first differ."""
        self.parting.go_there()

    def pane(self, which: Which) -> PaneRows:
        """What one side shows."""
        at = ALL.index(which)
        if self.found is None or at >= len(self.found.pages):
            return PaneRows(titles=(), rows=(), as_of=None)
        page = self.found.pages[at]
        return PaneRows(
            titles=tuple(it.name for it in page.columns),
            rows=tuple((_texts(page, it, at), not it.is_equal) for it in self.found.groups),
            as_of=page.as_of,
        )

    def cell_things(self, which: Which, row: int, column: int) -> list[Thing]:
        """What a cell of a pane is; its row where there is no current cell."""
        at = ALL.index(which)
        if self.found is None or at >= len(self.found.pages) or row >= len(self.found.groups):
            return []
        page, found = self.found.pages[at], self.found.groups[row]
        texts = _texts(page, found, at)
        is_cell = 0 <= column < len(page.columns)
        return [
            CellThing(
                view=page.view,
                key=found.key,
                column=page.columns[column].name if is_cell else "",
                text=texts[column if is_cell else 0].removeprefix(CHANGED),
                row="\t".join(it.removeprefix(CHANGED) for it in texts),
                at=page.as_of,
            ),
            ViewThing(name=page.view, at=page.as_of),
        ]

    def choose_row(self, which: Which, row: int) -> None:
        """Ask for the events that made a row of this pane."""
        self._ask_history(which, row, goes_there=False)

    def choose_cell(self, which: Which, row: int, column: int) -> None:
        """Ask why a cell of this pane is what it is."""
        at = ALL.index(which)
        if self.found is None or at >= len(self.found.pages) or row >= len(self.found.groups):
            return
        page, key = self.found.pages[at], self.found.groups[row].key
        if 0 <= column < len(page.columns):
            self.cell.ask(page.view, key, page.columns[column].name, at=page.as_of)

    def go_to_row(self, which: Which, row: int) -> None:
        """Put the cursor on the event that wrote, or took away, a row of this pane last."""
        self._ask_history(which, row, goes_there=True)

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()

    def _ask_history(self, which: Which, row: int, *, goes_there: bool) -> None:
        at = ALL.index(which)
        if self.found is None or at >= len(self.found.pages) or row >= len(self.found.groups):
            return
        page, key = self.found.pages[at], self.found.groups[row].key
        self.history.ask(page.view, key, until=page.as_of, goes_there=goes_there)

    def _set_sides(self, sides: dict[Which, Side]) -> None:
        self.sides = sides
        self.parting.forget()
        self.cell.forget()
        self.listed.emit()
        self.refresh()

    def _panes(self) -> list[NamedPane] | None:
        """What each side shows; None while one is to be at an A that there is not."""
        if not self.has_anchor and any(it.moment == "anchor" for it in self.sides.values()):
            return None
        return [NamedPane(name=which, pane=self._pane(it)) for which, it in self.sides.items()]

    def _pane(self, side: Side) -> Pane:
        selection = self._selection
        at = {
            "cursor": selection.as_of,
            "anchor": selection.anchor,
            "now": None,
            "exact": side.at,
        }[side.moment]
        return Pane(view=side.view, at=at)

    def _position(self, which: Which) -> int:
        """Where a pane is now."""
        side = self.sides[which]
        at = self._pane(side).at if side.moment != "anchor" or self.has_anchor else None
        return self._selection.head if at is None else at

    @Slot()
    def _moved(self) -> None:
        if self._is_wanted:
            self._soon.start()

    def _learn(self, names: tuple[str, ...]) -> None:
        if names != self.views:
            self.views = names
            self.listed.emit()

    def _pin(self, which: Which, position: int) -> None:
        if which in self.sides:
            self.set_side(which, replace(self.sides[which], moment="exact", at=position))

    def _show(self, found: Grouped) -> None:
        self.found, self.is_warning = found, False
        told = [_told(it) for it in found.counts]
        several = [f"{ALL[n]}: {it}" for n, it in enumerate(told, 1)]
        self.words = told[0] if len(told) == 1 else " ‖ ".join(several)
        if any(it.differing for it in found.counts):
            self.words += said(" · ◂ this row differs, ≠ this cell")
        elif self.only_differences and any(it.equal for it in found.counts):
            self.words += said(" · nothing differs: clear “Only differences” to see every row")
        outdated = {it.view: it.outdated.words(it.head) for it in found.pages if it.outdated}
        self.words += "".join(f" · {view}: {words}" for view, words in outdated.items())
        if found.is_cut:
            self.words += said(" · the first {shown:,} are shown", shown=SHOWN)
        self.compared.emit()
        self._find_wanted(found)

    def _find_wanted(self, found: Grouped) -> None:
        last = found.pages[-1]
        if self._wanted is None or (last.view, last.as_of) != self._wanted[:2]:
            return  # an answer to an older question
        key, self._wanted = self._wanted[2], None
        for row, it in enumerate(found.groups):
            if it.key == key:
                self.row_found.emit(row)

    def _tell(self, error: Exception) -> None:
        """What cannot be compared is told here, not in a banner."""
        if isinstance(error, StoreError):
            self._refuse_all(error_words(error))
        else:
            self.failed.emit(error)

    def _refuse(self, error: Exception) -> None:
        """A moment that there is not: the panes stay as they are."""
        if isinstance(error, StoreError):
            self.words, self.is_warning = error_words(error), True
            self.compared.emit()
        else:
            self.failed.emit(error)

    def _refuse_all(self, words: str) -> None:
        self.found, self.words, self.is_warning = None, words, True
        self.compared.emit()


def _views(reads: Reads) -> tuple[str, ...]:
    return tuple(it.name for it in list_views(reads.views(), reads.log) if it.columns)


def _resolve(reads: Reads, *, text: str) -> int:
    return position_of(reads.log, parse_moment_text(text.strip().removeprefix("@")))


def _compare(reads: Reads, *, panes: Sequence[Pane], only_differences: bool) -> Grouped:
    return group(reads.views(), reads.log, panes, only_differences=only_differences, limit=SHOWN)


def _told(counts: Counts) -> str:
    return said(
        "{equal:,} equal · {changed:,} changed · {removed:,} only left · {added:,} only right",
        equal=counts.equal,
        changed=counts.changed,
        removed=counts.removed,
        added=counts.added,
    )


def _texts(page: ViewPage, found: Group, at: int) -> tuple[str, ...]:
    """Of the first pane, what differs from any other one is marked; of the others, from it."""
    row = found.rows[at]
    if row is None:
        return (said("no row"), *("" for _ in page.columns[1:]))
    cells = {name for it in found.cells for name in it} if at == 0 else found.cells[at]
    return tuple(
        (CHANGED if column.name in cells else "") + value_text(value)
        for column, value in zip(page.columns, row.values, strict=True)
    )
