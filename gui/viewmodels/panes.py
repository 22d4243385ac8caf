"""Panes side by side: which view and moment each shows, how they differ, and from where on."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.cell_answer import CellAnswerViewModel
from gui.viewmodels.divergence import PartingViewModel
from gui.viewmodels.pane_side import ALL, PaneRows, Side, Which
from gui.viewmodels.pane_texts import (
    age_text,
    compared_words,
    pane_texts,
    remarks,
    short_address,
    things_of,
)
from gui.viewmodels.pane_work import (
    NamedPane,
    ShownPanes,
    compare_panes,
    position_at,
    views_here,
)
from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.viewmodels.row_history import RowHistoryViewModel
from gui.viewmodels.things import Thing
from gui.window_words import error_words
from gui.words import said
from gui.work.tasks import Tasks
from gui.work.there import There
from replay.questions.pane_compare import Pane
from replay.questions.pane_groups import Group, Grouped
from replay.questions.view_query import ViewPage
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
    ) -> None:
        super().__init__()
        self.stores = stores
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
        self.history = RowHistoryViewModel(tasks, selection, there.tasks)
        self.cell = CellAnswerViewModel(tasks, selection, there.tasks)
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
        for part in (self.parting, self.history, self.cell):
            part.failed.connect(self.failed)
        stores.listed.connect(self.listed)
        stores.seen.connect(self._see)

    @property
    def found(self) -> Grouped | None:
        """The panes that could be read, side by side."""
        return self.shown.found

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
            side = Side(view=last.view, moment="now", source=last.source)
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
        """Show the same view from here, or from a query store."""
        if which in self.sides:
            self._set_sides({**self.sides, which: replace(self.sides[which], source=source)})

    def views_of(self, source: str) -> tuple[str, ...]:
        """The names of the views that can be chosen there."""
        return tuple(self.stores.sight(source).rows) if source else self.views

    def sources_for(self, which: Which) -> list[tuple[str, str]]:
        """Where the rows of a pane may come from: ids, and words for a person."""
        kept = dict.fromkeys([*self.stores.kept, *filter(None, [self.sides[which].source])])
        return [("", said("here")), *((it, short_address(it)) for it in kept)]

    def naming(self, which: Which) -> "NamingStoreViewModel":
        """For a dialog that asks for a query store; its rows are shown in the pane then."""
        from gui.viewmodels.naming_store import NamingStoreViewModel  # loaded as it is wanted

        naming = NamingStoreViewModel(self.stores, self._there)
        naming.named.connect(partial(self.set_source, which))
        naming.failed_oddly.connect(self.failed)
        return naming

    def pin(self, which: Which, text: str) -> None:
        """Show a pane at a position or time as a person writes it, and leave it there."""
        work = partial(position_at, text=text)
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
        at = self._place(which)
        if self.found is None or at is None or trouble:
            return PaneRows(titles=(), rows=(), as_of=None, trouble=trouble)
        page = self.found.pages[at]
        return PaneRows(
            titles=tuple(it.name for it in page.columns),
            rows=tuple((pane_texts(page, it, at), not it.is_equal) for it in self.found.groups),
            as_of=page.as_of,
            age=age_text(self.stores.sight(source).rows.get(page.view), page) if source else "",
        )

    def cell_things(self, which: Which, row: int, column: int) -> list[Thing]:
        """What a cell of a pane is; its row where there is no current cell. Of a view that only a
        query store has there is nothing to ask here."""
        if (it := self._at(which, row)) is None or it[0].view not in self.views:
            return []
        return things_of(*it, column)

    def choose_row(self, which: Which, row: int) -> None:
        """Ask for the events that made a row of this pane."""
        self._ask_history(which, row, goes_there=False)

    def choose_cell(self, which: Which, row: int, column: int) -> None:
        """Ask why a cell of this pane is what it is."""
        if (it := self._at(which, row)) is None:
            return
        page, found, _ = it
        if 0 <= column < len(page.columns):
            name, source = page.columns[column].name, self.sides[which].source
            self.cell.ask(page.view, found.key, name, at=page.as_of, source=source)

    def go_to_row(self, which: Which, row: int) -> None:
        """Put the cursor on the event that wrote, or took away, a row of this pane last."""
        self._ask_history(which, row, goes_there=True)

    def close(self) -> None:
        """Ask nothing more."""
        self._soon.stop()
        self.stores.close()

    def _ask_history(self, which: Which, row: int, *, goes_there: bool) -> None:
        if (it := self._at(which, row)) is not None:
            view, key, until = it[0].view, it[1].key, it[0].as_of
            source = self.sides[which].source
            self.history.ask(view, key, until=until, goes_there=goes_there, source=source)

    def _place(self, which: Which) -> int | None:
        """Which of the panes that could be read it is; None when it could not."""
        names = self.shown.names if self.found is not None else ()
        return names.index(which) if which in names else None

    def _at(self, which: Which, row: int) -> tuple[ViewPage, Group, int] | None:
        """The page and the row of a pane, and its place; None where there is none."""
        at = self._place(which)
        if at is None or self.found is None or not 0 <= row < len(self.found.groups):
            return None
        return self.found.pages[at], self.found.groups[row], at

    def _trouble_of(self, source: str) -> str:
        """Why a query store cannot be asked now; empty for what is here."""
        return self.stores.sight(source).words if source else ""

    def _watch(self) -> None:
        self.stores.watch(self._sources() if self._is_wanted else ())

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
        return [
            NamedPane(name=which, pane=self._pane(it), source=it.source)
            for which, it in self.sides.items()
        ]

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
