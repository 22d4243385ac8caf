"""Which events are listed: the parts of the filter a person has set."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.filter_text import wrong_place
from store.filter.parse import parse
from store.filter.tree import ANYTHING
from store.filter.typed import typed
from store.filter.write import claim_text, every_text, quoted
from store.query import EventQuery


class FilterViewModel(QObject):
    """Types, one stream, a text and a filter text; all that are set must hold.

    `changed()` when any part may be another one, `where_changed(text)` when the filter text is.
    """

    changed = Signal()
    where_changed = Signal(str)

    def __init__(self, events: EventListViewModel) -> None:
        super().__init__()
        self.types: tuple[str, ...] = ()
        self.stream = ""
        self.text = ""
        self.where = ""
        self._events = events

    @property
    def typed(self) -> str:
        """Words and filter text as one types them into a box: as words where they are nothing else,
        in quotes where they would be taken for a filter."""
        if not self.text or self.where:
            words = claim_text((ANYTHING,), "contains", self.text) if self.text else ""
            return every_text(self.where, words)
        return quoted(self.text) if typed(self.text).is_filter else self.text

    @property
    def whole_where(self) -> str:
        """Filter text and words as one filter, for a command line."""
        words = claim_text((ANYTHING,), "contains", self.text) if self.text else ""
        return every_text(self.where, words)

    @property
    def is_set(self) -> bool:
        """Whether any part leaves events out."""
        return bool(self.types or self.stream or self.text or self.where)

    def set_types(self, types: tuple[str, ...]) -> None:
        """Only events of these types; none means all."""
        self._set(types=types)

    def set_stream(self, stream: str) -> None:
        """Only events of, or linked into, this stream; empty means all."""
        self._set(stream=stream)

    def set_text(self, text: str) -> None:
        """Only events that hold this text; empty means all."""
        self._set(text=text)

    def set_where(self, where: str) -> None:
        """Only events that meet this filter text; empty means all. Raises WrongFilter."""
        parse(where)
        self._set(where=where.strip())

    @Slot(str)
    def set_typed(self, text: str) -> None:
        """What a person typed, a filter or words, in place of both; what cannot be read is left
        alone."""
        found = typed(text)
        if not found.problem:
            self._set(where=text.strip() if found.tree else "", text=found.words)

    def add(self, where: str) -> None:
        """Only those of the listed events that meet this filter too."""
        self._set(where=every_text(self.whole_where, where), text="")

    @Slot()
    def clear(self) -> None:
        """List everything."""
        self._set(types=(), stream="", text="", where="")

    def restore(self, parts: dict[str, object]) -> None:
        """Set the parts that `as_dict` gave; what does not fit is left out."""
        types, stream, text = parts.get("types"), parts.get("stream"), parts.get("text")
        where = parts.get("where")
        self._set(
            types=tuple(str(it) for it in types) if isinstance(types, list) else (),
            stream=stream if isinstance(stream, str) else "",
            text=text if isinstance(text, str) else "",
            where=where if isinstance(where, str) and wrong_place(where) is None else "",
        )

    def as_dict(self) -> dict[str, object]:
        """The parts as JSON values, to be kept."""
        return {
            "types": list(self.types),
            "stream": self.stream,
            "text": self.text,
            "where": self.where,
        }

    def _set(
        self,
        *,
        types: tuple[str, ...] | None = None,
        stream: str | None = None,
        text: str | None = None,
        where: str | None = None,
    ) -> None:
        self.types = self.types if types is None else types
        self.stream = self.stream if stream is None else stream
        self.text = self.text if text is None else text
        before, self.where = self.where, self.where if where is None else where
        streams = (self.stream,) if self.stream else ()
        tree = parse(self.where)
        self._events.set_query(
            EventQuery(streams=streams, types=self.types, text=self.text, where=tree)
        )
        self.changed.emit()
        if self.where != before:
            self.where_changed.emit(self.where)
