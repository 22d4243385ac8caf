"""Panes side by side: which view and moment each shows, how they differ, and from where on."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.divergence import PartingViewModel
from gui.viewmodels.other_lines import OtherLinesViewModel
from gui.viewmodels.pane_answers import ChosenRow, PaneAnswers
from gui.viewmodels.pane_side import ALL, PaneRows, Side, Which, kept_sides, sides_of
from gui.viewmodels.pane_sources import PaneSources
from gui.viewmodels.pane_texts import compared_words, pane_rows, remarks, things_of
from gui.viewmodels.pane_work import (
    NamedPane,
    ShownPanes,
    compare_panes,
    position_at,
    views_here,
)
from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.viewmodels.things import Thing
from gui.window_words import error_words
from gui.words import said
from gui.work.tasks import Tasks
from gui.work.there import There
from replay.questions.pane_compare import Pane
from replay.questions.pane_groups import Grouped
from replay.views.sink import KeyValues
from store.errors import StoreError

if TYPE_CHECKING:
    from gui.viewmodels.naming_store import NamingStoreViewModel

WAIT_MS: Final = 200  # after the cursor has moved
NO_ANCHOR: Final = said("A is not set. Choose Time ▸ Set A here, or another moment.")


class PanesViewModel(QObject):
    """`listed()` when views, sides or the second cursor differ, `compared()`, `row_found(row)`
    when the row that was asked for is shown, `failed(error)`."""

    listed = Signal()
    compared = Signal()
    row_found = Signal(int)
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        stores: QueryStoresViewModel,
        there: There,
        lines: OtherLinesViewModel,
    ) -> None:
        super().__init__()
        self.stores, self.lines = stores, lines
        self.sources = PaneSources(stores, lines)
        self.views: tuple[str, ...] = ()
        self.sides: dict[Which, Side] = {
            "left": Side(view="streams", moment="now"),
            "right": Side(view="streams"),
        }
        self.only_differences = True
        self.shown = ShownPanes(found=None, names=())
        self.words = ""
        self.is_warning = False  # whether the words tell what is in the way
        self.parting = PartingViewModel(tasks, selection, there.tasks)
        self.answers = PaneAnswers(tasks, selection, there.tasks)
        self.history, self.cell = self.answers.history, self.answers.cell
        self._tasks, self._there = tasks, there.tasks
        self._selection = selection
        self._is_wanted = False
        self._is_old = False  # views here have got on since the panes were compared
        self._seen: dict[str, tuple[str, dict[str, int]]] = {}  # of query stores: when compared
        self._wanted: tuple[str, int, KeyValues] | None = None  # view, position, row
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self.refresh)
        for moved in (selection.as_of_changed, selection.anchor_changed):
            moved.connect(self._moved)
        selection.head_changed.connect(self._grow)
        selection.anchor_changed.connect(self.listed)
        for part in (self.parting, self.answers):
            part.failed.connect(self.failed)
        stores.listed.connect(self.listed)
        stores.seen.connect(self._see)
        lines.changed.connect(self._learn_lines)
        lines.advanced.connect(self.advance)

    @property
    def found(self) -> Grouped | None:
        """The panes that could be read, side by side."""
        return self.shown.found

    @property
    def has_anchor(self) -> bool:
        """Whether there is an A to show a view at."""
        return self._selection.anchor is not None

    def want(self, is_wanted: bool) -> None:
        """Whether the panes are in sight; hidden ones ask for nothing."""
        self._is_wanted = is_wanted
        self._watch()
        if is_wanted:
            self.stores.load()
            self.list_views()
            self.refresh()

    @Slot()
    def list_views(self) -> None:
        """Ask which views there are; what is chosen stays chosen."""
        self._tasks.latest("views", views_here, done=self._learn, failed=self.failed.emit)

    def add_side(self) -> None:
        """One more pane at the right, of the same view now; up to four."""
        which = next((it for it in ALL if it not in self.sides), None)
        if which is not None:
            last = list(self.sides.values())[-1]
            side = replace(last, moment="now", at=None)
            self._set_sides({**self.sides, which: side})

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

    def set_source(self, which: Which, source: str) -> None:
        """Show the same view of the line in view, of another line, or from a query store."""
        if which in self.sides:
            side = self.sources.chosen(self.sides[which], source)
            self._set_sides({**self.sides, which: side})

    def kept(self) -> list[dict[str, Any]]:
        """What each pane is set to, as JSON values."""
        return kept_sides(self.sides, self.lines.here)

    def restore(self, kept: Any) -> None:
        """Set the panes to what was kept; where that is nothing they stay."""
        if sides := sides_of(kept):
            self._set_sides(sides)

    def views_of(self, source: str) -> tuple[str, ...]:
        """The names of the views that can be chosen there."""
        return tuple(self.stores.sight(source).rows) if source else self.views

    def naming(self, which: Which) -> "NamingStoreViewModel":
        """For a dialog that asks for a query store; its rows are shown in the pane then."""
        from gui.viewmodels.naming_store import NamingStoreViewModel  # loaded as it is wanted

        naming = NamingStoreViewModel(self.stores, self._there)
        naming.named.connect(partial(self.set_source, which))
        naming.failed_oddly.connect(self.failed)
        return naming

    def pin(self, which: Which, text: str) -> None:
        """Show a pane at a position or time as a person writes it, and leave it there."""
        line = self.lines.path_of(self.sides[which].line) if which in self.sides else None
        work = partial(position_at, text=text, line=line)
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
    def advance(self) -> None:
        """Views here have got on. What a query store has is read again with the next look at it."""
        self._is_old = True
        if not any(self._sources()):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Compare again."""
        if not self._is_wanted:
            return
        self._is_old = False
        panes = self._panes()
        if panes is None:
            for it in (self._tasks, self._there):
                it.cancel("panes")
            self._refuse_all(NO_ANCHOR)
            return
        asked = [it for it in panes if not self._trouble_of(it.source)]
        work = partial(compare_panes, panes=asked, only_differences=self.only_differences)
        tasks, others = self._tasks, self._there
        if any(it.source for it in asked):
            tasks, others = others, tasks
        others.cancel("panes")
        tasks.latest("panes", work, done=self._show, failed=self._tell)

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
        source = self.sides[which].source if which in self.sides else ""
        trouble = self._trouble_of(source) or self.shown.troubles.get(which, "")
        at, rows = self._place(which), self.stores.sight(source).rows if source else {}
        return pane_rows(self.found, at, trouble=trouble, held=rows if source else None)

    def cell_things(self, which: Which, row: int, column: int) -> list[Thing]:
        """Of a view that only a query store has, or of another line, there is nothing to ask."""
        it = self._at(which, row)
        if it is None or it.page.view not in self.views or it.line is not None:
            return []
        return things_of(it.page, it.group, it.at, column)

    def choose_row(self, which: Which, row: int) -> None:
        """Ask for the events that made a row."""
        self.answers.ask_row(self._at(which, row))

    def choose_cell(self, which: Which, row: int, column: int) -> None:
        """Ask why a cell of this pane is what it is."""
        self.answers.ask_cell(self._at(which, row), column)

    def go_to_row(self, which: Which, row: int) -> None:
        """Put the cursor on the event that wrote, or took away, a row of this pane last."""
        self.answers.ask_row(self._at(which, row), goes_there=True)

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()
        self.stores.close()

    def _place(self, which: Which) -> int | None:
        """Which of the panes that could be read it is; None when it could not."""
        names = self.shown.names if self.found is not None else ()
        return names.index(which) if which in names else None

    def _at(self, which: Which, row: int) -> ChosenRow | None:
        """A row of a pane; None where there is none."""
        at = self._place(which)
        if at is None or self.found is None or not 0 <= row < len(self.found.groups):
            return None
        return ChosenRow(
            page=self.found.pages[at],
            group=self.found.groups[row],
            at=at,
            source=self.sides[which].source,
            line=self._line(which),
        )

    def _trouble_of(self, source: str) -> str:
        """Why a query store cannot be asked now; empty for what is here."""
        return self.stores.sight(source).words if source else ""

    def _line(self, which: Which) -> Path | None:
        """Where the line of a pane is, if it is another than that in view."""
        return self.lines.path_of(self.sides[which].line) if which in self.sides else None

    @Slot()
    def _learn_lines(self) -> None:
        self._watch()
        self.listed.emit()

    def _watch(self) -> None:
        self.stores.watch(self._sources() if self._is_wanted else ())
        self.lines.watch([it.line for it in self.sides.values()] if self._is_wanted else ())

    def _sources(self) -> Iterator[str]:
        return (it.source for it in self.sides.values() if it.source)

    @Slot(str)
    def _see(self, source: str) -> None:
        """A query store was looked at: it has come further, or is away, or is back."""
        if source not in self._sources():
            return
        sight = self.stores.sight(source)
        now = (sight.words, {it.stored.id: it.stored.position for it in sight.rows.values()})
        is_new, self._seen[source] = now != self._seen.get(source), now
        self.listed.emit()
        if is_new or self._is_old or self.shown.troubles:
            self.refresh()
        else:
            self.compared.emit()  # it is older than it was

    def _set_sides(self, sides: dict[Which, Side]) -> None:
        self.sides = sides
        self._watch()
        self.parting.forget()
        self.cell.forget()
        self.listed.emit()
        self.refresh()

    def _panes(self) -> list[NamedPane] | None:
        """What each side shows; None while one is to be at an A that there is not."""
        if not self.has_anchor and any(it.moment == "anchor" for it in self.sides.values()):
            return None
        return [self._named(which, it) for which, it in self.sides.items()]

    def _named(self, which: Which, side: Side) -> NamedPane:
        return NamedPane(
            name=which,
            pane=self._pane(side),
            source=side.source,
            line=self.lines.path_of(side.line),
            of=side.line,
            is_carried=side.moment in ("cursor", "anchor"),
        )

    def _pane(self, side: Side) -> Pane:
        at = side.position(cursor=self._selection.as_of, anchor=self._selection.anchor)
        return Pane(view=side.view, at=at)

    def _position(self, which: Which) -> int:
        """Where a pane is now."""
        if (shown := self.pane(which).as_of) is not None and self.sides[which].line:
            return shown
        at = self._pane(self.sides[which]).at
        return self._selection.head if at is None else at

    @Slot()
    def _moved(self) -> None:
        if self._is_wanted:
            self._soon.start()

    @Slot()
    def _grow(self) -> None:
        self._is_old = True
        if not any(self._sources()):
            self._moved()

    def _learn(self, names: tuple[str, ...]) -> None:
        if names != self.views:
            self.views = names
            self.listed.emit()

    def _pin(self, which: Which, position: int) -> None:
        if which in self.sides:
            self.set_side(which, replace(self.sides[which], moment="exact", at=position))

    def _show(self, shown: ShownPanes) -> None:
        self.shown, self.is_warning, self.words = shown, False, ""
        if (found := shown.found) is not None:
            self.words = compared_words(found, shown.names, is_whole=len(self.sides) == 2)
            self.words += remarks(found, only_differences=self.only_differences)
        self.compared.emit()
        if found is not None:
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
        self.shown = ShownPanes(found=None, names=())
        self.words, self.is_warning = words, True
        self.compared.emit()
