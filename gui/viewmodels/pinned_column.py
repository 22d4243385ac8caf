"""A column that shows what a pinned field is after each event of the streams it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gui.selection import Axis
from gui.viewmodels.answer_words import value_words
from gui.viewmodels.event_columns import EventColumn, added_column
from gui.words import said
from gui.work.reads import Reads
from replay.states.diff import Path, path_text
from replay.states.field_history import FieldHistory
from replay.states.state_part import ABSENT
from store.errors import StoreError
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedSource:
    """Of the streams of a category, as their states are on an axis."""

    category: str
    path: Path
    axis: Axis
    known: int | None = None  # on the occurred axis: only what was recorded up to this position

    @property
    def id(self) -> str:
        """`state.order.total`; the same on every axis."""
        return f"state.{self.category}.{path_text(self.path)}"

    def texts(self, reads: Reads, events: Sequence[RecordedEvent]) -> list[str]:
        """The field after each event of such a stream; empty for others, where it has no value,
        and where the state cannot be folded: the State tab says why."""
        mine = [it for it in events if category_of(it.stream) == self.category]
        told = self._by_position(reads, mine) if self.axis != "occurred" else {}
        for it in mine:
            if it.position not in told:
                told[it.position] = self._text(reads, it)
        return [told.get(it.position, "") for it in events]

    def _by_position(self, reads: Reads, events: Sequence[RecordedEvent]) -> dict[int, str]:
        """One history for all rows of a stream, unless another model owned it at its first row."""
        streams: dict[str, list[RecordedEvent]] = {}
        for it in events:
            streams.setdefault(it.stream, []).append(it)
        told = {}
        for rows in streams.values():
            first = self._history(reads, min(rows, key=_position))
            if len(rows) == 1 or first is self._history(reads, max(rows, key=_position)):
                told.update({it.position: _after(first, it.position) for it in rows})
        return told

    def _history(self, reads: Reads, event: RecordedEvent) -> FieldHistory | None:
        try:
            found = reads.states.field(
                reads.log, event.stream, self.path, position=event.position, axis=self.axis
            )
        except StoreError:
            return None
        return found.history

    def _text(self, reads: Reads, event: RecordedEvent) -> str:
        try:
            found = reads.states.field(
                reads.log,
                event.stream,
                self.path,
                position=event.position,
                axis=self.axis,
                known=self.known,
            )
        except StoreError:
            return ""
        return _shown(found.history.first if found.at < 0 else found.history.values[found.at])


def pinned_column(source: PinnedSource) -> EventColumn:
    """The column of a pinned field: `total after`."""
    return added_column(
        source, title=said("{path} after", path=path_text(source.path)), is_number=True
    )


def category_of(stream: str) -> str:
    """What a pin is kept for: streams that are named alike have one model."""
    return stream.partition("-")[0]


def _after(history: FieldHistory | None, position: int) -> str:
    if history is None:
        return ""
    at = history.at(position)
    return _shown(history.first if at < 0 else history.values[at])


def _shown(value: Any) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else value_words(value)


def _position(event: RecordedEvent) -> int:
    return event.position
