"""Streams and event types at the left: choose a stream's state, list only some types."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.panel import Panel
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.navigator import NavigatorViewModel
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.search_field import SearchField
from gui.widgets.section import Section


class NavigatorView(QFrame):
    """A click on a stream shows its state, a double click lists only its events; chosen
    types are the ones listed."""

    def __init__(
        self,
        navigator: NavigatorViewModel,
        filter_: FilterViewModel,
        inspector: InspectorViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName("Navigator")
        self.setProperty("role", "panel")
        self._navigator = navigator
        self._filter = filter_
        self._inspector = inspector
        self.search = SearchField("Filter streams", "filter streams")
        self.streams = CountedList("Streams", is_mono=True)
        self.types = CountedList("Event types", is_multi=True)
        self._streams_section = Section("Streams")
        self._types_section = Section("Event types", self.types)
        self._lay_out()
        self._connect()
        self._show_streams()
        self._show_types()

    def _lay_out(self) -> None:
        streams = QFrame()
        inner = QVBoxLayout(streams)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addLayout(_indented(self.search))
        inner.addWidget(self.streams, 1)
        self._streams_section.set_content(streams)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 8)
        rows.setSpacing(10)
        rows.addWidget(self._streams_section, 3)
        rows.addWidget(self._types_section, 2)

    def _connect(self) -> None:
        self._navigator.streams_changed.connect(self._show_streams)
        self._navigator.types_changed.connect(self._show_types)
        self._filter.changed.connect(self._show_chosen_types)
        self._inspector.inspected.connect(self._show_chosen_stream)
        self.search.searched.connect(self._navigator.search_streams)
        self.streams.keys_chosen.connect(self._choose_stream)
        self.streams.key_activated.connect(self._list_stream)
        self.types.keys_chosen.connect(self._filter.set_types)

    @Slot()
    def _show_streams(self) -> None:
        found, words = self._navigator.streams, self._navigator.stream_words
        self.streams.set_items(
            [CountedItem(it.name, words[it.name], f"{it.count:,}") for it in found.streams]
        )
        self._streams_section.set_count(self._navigator.streams_count)
        self._show_chosen_stream()

    @Slot()
    def _show_types(self) -> None:
        numbers, words = self._navigator.type_numbers, self._navigator.type_words
        types = sorted(self._navigator.types, key=lambda it: -it.count)
        self.types.set_items(
            [
                CountedItem(it.name, words[it.name], f"{it.count:,}", numbers[it.name])
                for it in types
            ]
        )
        self._types_section.set_count(f"{len(types):,}" if types else "")
        self._show_chosen_types()

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
    def _choose_stream(self, keys: tuple[str, ...]) -> None:
        if keys:
            self._inspector.choose_stream(keys[0])

    @Slot(str)
    def _list_stream(self, key: str) -> None:
        self._filter.set_stream("" if self._filter.stream == key else key)


def _indented(widget: QWidget) -> QHBoxLayout:
    """With the margin that lists and trees bring themselves."""
    cells = QHBoxLayout()
    cells.setContentsMargins(12, 0, 12, 0)
    cells.addWidget(widget)
    return cells


PANEL: Final = Panel(
    id="navigator",
    title="Navigator",
    area="left",
    order=1,
    make=lambda it: NavigatorView(it.navigator, it.filter, it.inspector),
    size_px=216,
)
