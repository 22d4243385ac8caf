"""What there is to choose from, at the left: streams, event types, actors, conversations."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import Panel
from gui.viewmodels.bookmarks import Bookmark, BookmarksViewModel
from gui.viewmodels.completion import CompletionViewModel, Offers
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.filter_text import FILTER, kind_of_typed, wrong_typed
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.name_filter import actor_filter, conversation_filter
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.navigator_rows import StreamRow
from gui.viewmodels.people import PeopleViewModel
from gui.viewmodels.things import (
    ActorThing,
    BookmarkThing,
    CategoryThing,
    ConversationThing,
    OtherTypesThing,
    StreamThing,
    Thing,
    TypeThing,
)
from gui.viewmodels.told_apart import told_apart
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.offering_field import OfferingField
from gui.widgets.section import Section
from gui.words import said

SORTS: Final = {"name": "name", "events": "events", "newest": "newest"}
NOTHING: Final = (
    said("Streams are listed here. Issue a command or import a file to get the first."),
    said("Types are listed here once there are events."),
    said("Actors are listed here once events name them."),
    said("Events with the same correlation id are listed here as a conversation."),
)
NO_MARKS: Final = said("Bookmarks are listed here.")
COUNTING: Final = said("Events are still being counted.")
CATEGORY: Final = "\0category "  # in front of the keys of rows that are no streams
MORE: Final = "\0more "


class NavigatorView(QFrame):
    """`others_wanted()`: a type that is not listed is to be found.

    A click on a stream shows its state, a double click lists only its events; chosen types are
    the ones listed; Enter or a double click on an actor or a conversation lists its events."""

    others_wanted = Signal()

    def __init__(
        self,
        navigator: NavigatorViewModel,
        people: PeopleViewModel,
        filter_: FilterViewModel,
        *,
        inspector: InspectorViewModel,
        completion: CompletionViewModel,
        bookmarks: BookmarksViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Navigator"))
        self.setProperty("role", "panel")
        self._navigator = navigator
        self._people = people
        self._filter = filter_
        self._inspector = inspector
        self._completion = completion
        self._bookmarks = bookmarks
        self.search = OfferingField(said("Filter streams"), said("filter streams"))
        self.sort = ChoiceButton(said("Sort streams by"), SORTS)
        self.streams = CountedList(said("Streams"), is_mono=True)
        self.types = CountedList(said("Event types"), is_multi=True)
        self.actors = CountedList(said("Actors"))
        self.conversations = CountedList(said("Conversations"))
        self.marks = CountedList(said("Bookmarks and notes"), empty=NO_MARKS)
        self.sections = {
            "streams": Section(said("Streams"), self._streams_part(), folds=True),
            "types": Section(said("Event types"), self.types, folds=True),
            "actors": Section(said("Actors"), self.actors, folds=True),
            "conversations": Section(said("Conversations"), self.conversations, folds=True),
            "bookmarks": Section(said("Bookmarks"), self.marks, folds=True),
        }
        self.sections["conversations"].set_open(False)
        self._lay_out()
        self._connect()
        self._show_streams()
        self._show_types()
        self._show_people()
        self._show_marks()

    def spots(self) -> list[Spot]:
        """The rows of every list."""
        return [
            cells_spot(it, partial(self._things, it))
            for it in (self.streams, self.types, self.actors, self.conversations, self.marks)
        ]

    def _things(self, list_: CountedList, row: int, _column: int) -> list[Thing]:
        key = list_.key_at(row)
        if list_ is self.types and key == MORE:
            return [OtherTypesThing()]
        if not key or key.startswith(MORE):
            return []
        if list_ is self.marks:
            found = self._mark(key)
            return (
                [] if found is None else [BookmarkThing(position=found.position, until=found.until)]
            )
        if key.startswith(CATEGORY):
            return [CategoryThing(name=key.removeprefix(CATEGORY))]
        if list_ is self.conversations:
            return [ConversationThing(id=key)]
        if list_ is self.types:
            return [TypeThing(name=key)]
        return [ActorThing(name=key) if list_ is self.actors else StreamThing(name=key)]

    def as_dict(self) -> dict[str, Any]:
        """How it was left, as JSON values."""
        closed = [name for name, it in self.sections.items() if not it.is_open]
        return {"sort": self._navigator.sort, "closed": closed}

    def restore(self, kept: Any) -> None:
        """Leave it as `as_dict` says; what does not fit changes nothing."""
        if isinstance(kept, dict):
            self._sort(str(kept.get("sort", "name")))
            closed = kept.get("closed")
            if isinstance(closed, list):
                for name, it in self.sections.items():
                    it.set_open(name not in closed)
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._people.want(False)

    def _streams_part(self) -> QWidget:
        part = QFrame()
        inner = QVBoxLayout(part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        cells = QHBoxLayout()
        cells.setContentsMargins(12, 0, 12, 0)
        cells.setSpacing(4)
        cells.addWidget(self.search, 1)
        cells.addWidget(self.sort)
        inner.addLayout(cells)
        inner.addWidget(self.streams, 1)
        return part

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.setSpacing(10)
        shares = {"streams": 3, "types": 3, "actors": 2, "conversations": 2, "bookmarks": 1}
        for name, it in self.sections.items():
            rows.addWidget(it, shares[name])
        rows.addStretch(0)

    def _connect(self) -> None:
        self._navigator.streams_changed.connect(self._show_streams)
        self._navigator.types_changed.connect(self._show_types)
        self._people.changed.connect(self._show_people)
        self._filter.changed.connect(self._show_chosen_types)
        self._inspector.inspected.connect(self._show_chosen_stream)
        self.search.searched.connect(self._search)
        self.search.offers_wanted.connect(self._completion.ask)
        self._completion.offered.connect(self._show_offers)
        self.sort.chosen.connect(self._sort)
        self.streams.keys_chosen.connect(self._choose_stream)
        self.streams.key_activated.connect(self._list_stream)
        self.streams.open_wanted.connect(self._open)
        self.streams.rows_seen.connect(self._want_more)
        self.types.keys_chosen.connect(self._choose_types)
        self.types.key_activated.connect(self._find_type)
        self._bookmarks.changed.connect(self._show_marks)
        self.marks.keys_chosen.connect(self._go_to_marks)
        self.marks.key_activated.connect(self._go_to_mark)
        self.actors.key_activated.connect(self._list_actor)
        self.conversations.key_activated.connect(self._list_conversation)
        for name in ("actors", "conversations"):
            self.sections[name].turned.connect(self._look)

    @Slot(str)
    def _search(self, text: str) -> None:
        """Words are looked for in names; a filter lists the streams of the events that meet it."""
        wrong = wrong_typed(text)
        self.search.set_problem("" if wrong is None else wrong[1])
        self.search.set_hits(FILTER if kind_of_typed(text) == FILTER else "")
        if wrong is None:
            self._navigator.search_streams(text)

    @Slot(object)
    def _show_offers(self, found: Offers) -> None:
        if (self.search.text(), self.search.cursorPosition()) == (found.text, found.cursor):
            self.search.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot()
    def _look(self) -> None:
        is_open = any(self.sections[it].is_open for it in ("actors", "conversations"))
        self._people.want(is_open and self.isVisible())

    @Slot()
    def _show_streams(self) -> None:
        self.streams.set_items([_item(it) for it in self._navigator.rows])
        total = self._navigator.streams.total
        self.sections["streams"].set_count(f"{total:,}" if total else "")
        self._show_chosen_stream()
        self._want_more()

    def _tell_empty(self) -> None:
        """What a list says while it has no rows: a log that is not counted yet has events."""
        lists = (self.streams, self.types, self.actors, self.conversations)
        for list_, words in zip(lists, NOTHING, strict=True):
            list_.say_when_empty(COUNTING if self._navigator.is_counting else words)

    @Slot()
    def _show_types(self) -> None:
        self._tell_empty()
        words = self._navigator.type_words
        types, total = self._navigator.listed_types, self._navigator.types_total
        items = [
            CountedItem(
                key=it.name,
                text=words[it.name],
                count=f"{it.count:,}",
                color_index=self._navigator.color_index(it.name),
            )
            for it in types
        ]
        if total > len(items):
            items.append(CountedItem(key=MORE, text=_more_types(total - len(items))))
        self.types.set_items(items)
        self.sections["types"].set_count(f"{total:,}" if types else "")
        self._show_chosen_types()

    @Slot()
    def _show_people(self) -> None:
        people = self._people
        words = told_apart([it.name for it in people.actors])
        self.actors.set_items(
            [
                CountedItem(key=it.name, text=words[it.name], count=f"{it.count:,}")
                for it in people.actors
            ]
        )
        self.conversations.set_items(
            [
                CountedItem(key=it.id, text=f"{it.begun_by} {it.id}", count=f"{it.count:,}")
                for it in people.conversations
            ]
        )
        self.sections["actors"].set_count(people.actor_words)
        self.sections["conversations"].set_count(people.conversation_words)

    @Slot()
    def _show_marks(self) -> None:
        """Bookmarks by position; without one the section takes no room."""
        found = self._bookmarks.all
        self.marks.set_items(
            [
                CountedItem(
                    key=_mark_key(it),
                    text=f"{it.name} · {it.note}" if it.note else it.name,
                    count=f"{it.position:,}"
                    if it.until is None
                    else f"{it.position:,}–{it.until:,}",
                    icon="bookmark",
                )
                for it in found
            ]
        )
        self.sections["bookmarks"].set_count(f"{len(found):,}" if found else "")
        self.sections["bookmarks"].setVisible(bool(found))

    def _mark(self, key: str) -> Bookmark | None:
        return next((it for it in self._bookmarks.all if _mark_key(it) == key), None)

    @Slot(tuple)
    def _go_to_marks(self, keys: tuple[str, ...]) -> None:
        if keys:
            self._go_to_mark(keys[0])

    @Slot(str)
    def _go_to_mark(self, key: str) -> None:
        if (found := self._mark(key)) is not None:
            self._bookmarks.go_to(found.key)

    @Slot()
    def _show_chosen_stream(self) -> None:
        stream = self._inspector.stream
        if self.streams.chosen() != (stream,):
            self.streams.choose([stream] if stream else [])

    @Slot()
    def _show_chosen_types(self) -> None:
        if self.types.chosen() != self._filter.types:
            self.types.choose(list(self._filter.types))

    @Slot(tuple)
    def _choose_types(self, keys: tuple[str, ...]) -> None:
        if keys != (MORE,):
            self._filter.set_types(tuple(it for it in keys if it != MORE))

    @Slot(str)
    def _find_type(self, key: str) -> None:
        if key == MORE:
            self.others_wanted.emit()

    @Slot(tuple)
    def _choose_stream(self, keys: tuple[str, ...]) -> None:
        if keys and not keys[0].startswith(MORE):
            self._inspector.choose_stream(keys[0])

    @Slot(str)
    def _list_stream(self, key: str) -> None:
        if not key.startswith(MORE):
            self._filter.set_stream("" if self._filter.stream == key else key)

    @Slot(str, bool)
    def _open(self, key: str, is_open: bool) -> None:
        self._navigator.open_category(key.removeprefix(CATEGORY), is_open=is_open)

    @Slot()
    def _want_more(self) -> None:
        """The end of what is listed of a category came into sight."""
        for key in self.streams.keys_in_sight() if self.isVisible() else ():
            if key.startswith(MORE) and key != MORE:
                self._navigator.want_more(key.removeprefix(MORE))

    @Slot(str)
    def _sort(self, sort: str) -> None:
        if sort in SORTS:
            self.sort.set_current(sort)
            self._navigator.sort_by(sort)

    @Slot(str)
    def _list_actor(self, actor: str) -> None:
        self._list_where(actor_filter(actor))

    @Slot(str)
    def _list_conversation(self, id_: str) -> None:
        self._list_where(conversation_filter(id_))

    def _list_where(self, where: str) -> None:
        """The same once more lists everything again."""
        self._filter.set_where("" if self._filter.where == where else where)


def _more_types(count: int) -> str:
    return said("… {count:,} more: press Enter to find one", count=count)


def _mark_key(it: Bookmark) -> str:
    return f"{it.position} {it.until or ''}"


def _item(row: StreamRow) -> CountedItem:
    if row.kind == "category":
        return CountedItem(
            key=f"{CATEGORY}{row.name}", text=row.text, count=f"{row.count:,}", is_open=row.is_open
        )
    if row.kind == "more":
        return CountedItem(
            key=f"{MORE}{row.name}", text=f"… {row.count:,} {row.text}", level=int(row.is_inner)
        )
    return CountedItem(key=row.name, text=row.text, count=f"{row.count:,}", level=int(row.is_inner))


PANEL: Final = Panel(
    id="navigator",
    title=said("Navigator"),
    area="left",
    order=1,
    make=lambda it: NavigatorView(
        it.navigator,
        it.people,
        it.filter,
        inspector=it.inspector,
        completion=it.completion,
        bookmarks=it.bookmarks,
    ),
    size_px=190,
)
